// Awkward sizes: 32 wide tiles.
import { beforeAll } from 'vitest';
import { fullGpu, type Gpu } from './webgpu-device.ts';
import { proveEdges } from './webgpu-edges.ts';

let gpu: Gpu;
beforeAll(async () => {
  gpu = await fullGpu();
});

proveEdges(() => gpu, [{ variant: 'tile32' }, { variant: 'tile32deep' }, { variant: 'tile32wide' }]);
