import { expect, test } from 'vitest';
import { buildProgram } from '../../src/engine/program/build-program.ts';
import { createExecutor } from '../../src/engine/webgpu/step.ts';
import { defaultChoice } from '../../src/engine/webgpu/variants.ts';
import { net, specOf } from '../engine-pure/networks.ts';
import { fullGpu } from './webgpu-device.ts';
const rule = { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, decay: 0 } as const;
test('times', async () => {
  const gpu = await fullGpu();
  for (const [name, named] of Object.entries({
    a: { model: 'isotropic', 'model.depth': 6, 'model.width': 512, 'model.activation': 'relu' } as const,
    b: { model: 'inverted-bottleneck', 'model.depth': 6, 'model.width': 512, 'model.expansion': 4 } as const,
  })) {
    const program = buildProgram(specOf(net(named, 3072, 10), 128, { rule }));
    const mm = { ...program, forward: program.forward.filter((o) => o.kind === 'matmul'), backward: program.backward.filter((o) => o.kind === 'matmul'), update: [], norm: [], evaluation: [] };
    const facts = { vendor: '', architecture: '', device: '', description: '', isFallback: true, hasSubgroups: true, subgroupMinSize: 4, subgroupMaxSize: 4 };
    const t0 = performance.now();
    const ex = await createExecutor(gpu.device, program, { choose: (p) => defaultChoice(p, facts), data: null });
    const t1 = performance.now();
    const only = await createExecutor(gpu.device, mm, { choose: (p) => defaultChoice(p, facts), data: null });
    const time = async (e: typeof ex, ph: Parameters<typeof ex.run>[0]) => { const t = performance.now(); e.run(ph); const enc = performance.now() - t; await gpu.device.queue.onSubmittedWorkDone(); return [performance.now() - t, enc]; };
    const rows = [];
    for (let i = 0; i < 4; i++) rows.push([await time(ex, ['forward', 'backward', 'update']), await time(only, ['forward', 'backward'])].flat().map((x) => x.toFixed(2)).join(' '));
    console.log(name, 'compile', Math.round(t1 - t0), 'dispatches', ex.costs('forward').length + ex.costs('backward').length + ex.costs('update').length, 'step/enc/mm/enc', rows.join(' | '), 'MB', (ex.bytes / 1e6).toFixed(1));
    ex.dispose(); only.dispose();
  }
  expect(gpu.errors).toEqual([]);
});
