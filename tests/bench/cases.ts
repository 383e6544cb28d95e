// What the bench trains: three networks on 3,072 inputs and 10 classes, and a family whose cost grows 64-fold.

export interface Case {
  readonly id: string;
  /** Settings as in a link. */
  readonly config: string;
}

export const cases: readonly Case[] = [
  { id: 'a', config: 'model=isotropic&model.depth=6&model.width=512&model.activation=relu' },
  { id: 'b', config: 'model.preset=B_6-Wi_512' },
  {
    id: 'c',
    config:
      'model=hourglass&model.width=1024&model.bottleneck=128&model.depth=6&model.lift=fixed&model.norm=none',
  },
];

/** Inverted bottlenecks of 1, 3, 15 and 66 times the arithmetic. */
export const growth: readonly string[] = [64, 128, 320, 704].map(
  (width) => `model=inverted-bottleneck&model.depth=6&model.width=${width}`,
);

export const batchSizes = [32, 128, 1024] as const;

export type Rule = 'adamw' | 'lion';

/** One competitor: which page script it is, and how it is set up there. */
export interface Engine {
  readonly id: string;
  readonly script: 'lab' | 'tfjs' | 'jax' | 'torch';
  readonly backend: 'webgpu' | 'wasm' | 'cpu';
  readonly variant: 'step' | 'products' | 'override';
  readonly rule: Rule;
  /** Stock operations, seconds a step here: two rounds, not at batch 1024. */
  readonly isStock: boolean;
}

const engine = (
  id: string,
  script: Engine['script'],
  backend: Engine['backend'],
  more: Partial<Engine> = {},
): Engine => ({ id, script, backend, variant: 'step', rule: 'adamw', isStock: false, ...more });

/** In the order of a round: what is compared stands close together. */
export const engines: readonly Engine[] = [
  engine('labWebgpu', 'lab', 'webgpu'),
  engine('labProducts', 'lab', 'webgpu', { variant: 'products' }),
  engine('jaxWebgpu', 'jax', 'webgpu'),
  engine('stockWebgpu', 'tfjs', 'webgpu', { isStock: true }),
  engine('labWebgpuLion', 'lab', 'webgpu', { rule: 'lion' }),
  engine('stockWebgpuLion', 'tfjs', 'webgpu', { rule: 'lion', isStock: true }),
  engine('labWasm', 'lab', 'wasm'),
  engine('jaxWasm', 'jax', 'wasm'),
  engine('labWasmOneThread', 'lab', 'cpu'),
  engine('torch', 'torch', 'cpu'),
  engine('stockWasm', 'tfjs', 'wasm', { isStock: true }),
  engine('stockWasmOverride', 'tfjs', 'wasm', { variant: 'override', isStock: true }),
];

/** Ratios of two engines' times: how many times longer the first takes. */
export const ratios = {
  webgpuVsStock: ['stockWebgpu', 'labWebgpu'],
  webgpuVsStockLion: ['stockWebgpuLion', 'labWebgpuLion'],
  webgpuVsOwnProducts: ['labWebgpu', 'labProducts'],
  webgpuVsJax: ['jaxWebgpu', 'labWebgpu'],
  wasmVsJax: ['jaxWasm', 'labWasm'],
  wasmVsTorch: ['torch', 'labWasm'],
  wasmOneThreadVsTorch: ['torch', 'labWasmOneThread'],
  wasmVsStock: ['stockWasm', 'labWasm'],
  wasmVsStockOverride: ['stockWasmOverride', 'labWasm'],
} as const satisfies Record<string, readonly [string, string]>;

export type RatioId = keyof typeof ratios;

/** What every engine is given: the same network, weights and batch. */
export interface Setup {
  readonly config: string;
  readonly batch: number;
  readonly engine: Engine;
}

/** What an engine says of itself once it is ready, after `AGREEMENT_STEPS` steps from the shared start. */
export interface Ready {
  readonly losses: readonly number[];
  /** Time of the last of those steps. */
  readonly stepMs: number;
  readonly dispatches?: number;
  readonly bytes?: number;
  /** JavaScript time to record one step, nothing submitted: median of many. */
  readonly encodeMs?: number;
}

/** One timed group of steps. */
export interface Timing {
  readonly ms: number;
}

/** An engine that was prepared for one case. */
export interface Contestant {
  readonly ready: Ready;
  time(steps: number): Promise<Timing>;
  close(): Promise<void>;
}

export const AGREEMENT_STEPS = 2;
