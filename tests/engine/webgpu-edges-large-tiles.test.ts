// Awkward sizes: 64 and 128 wide tiles.
import { beforeAll } from 'vitest';
import { fullGpu, type Gpu } from './webgpu-device.ts';
import { proveEdges } from './webgpu-edges.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await fullGpu();
});

proveEdges(() => gpu, [{ variant: 'tile64' }, { variant: 'tile128' }], 1);
