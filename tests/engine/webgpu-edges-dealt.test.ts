// Awkward sizes: k in groups and slices.
import { beforeAll } from 'vitest';
import { fullGpu, type Gpu } from './webgpu-device.ts';
import { proveEdges } from './webgpu-edges.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await fullGpu();
});

proveEdges(() => gpu, [{ variant: 'tile32', slices: 3 }, { variant: 'kgroup' }]);
