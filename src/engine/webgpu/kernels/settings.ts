// The uniforms that carry what the host tells a step: [row, rows, old, new], and [rate, keep, size, root] of an update group.
import { type Binding, binding } from '../kernel.ts';

export const settingsBinding: Binding = binding('settings', 'uniform', 4, 'vec4f');
