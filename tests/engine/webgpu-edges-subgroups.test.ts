// Awkward sizes: variants that spread over subgroups.
import { beforeAll } from 'vitest';
import { fullGpu, type Gpu } from './webgpu-device.ts';
import { proveEdges } from './webgpu-edges.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await fullGpu();
});

proveEdges(() => gpu, [{ variant: 'software' }, { variant: 'intel' }]);
