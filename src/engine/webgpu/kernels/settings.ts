// The uniform that carries `settingNames`: two vectors, [rate, keep, size, root] and [row, rows].
import { type Binding, binding } from '../kernel.ts';

export const settingsBinding: Binding = binding('settings', 'uniform', 8, 'vec4f');
