// How far a run that was trained again is from what its link says, and how far it may be: to the last bit where the
// same thing computes it, else within what rounding and chance explain.

import { last, type MetricLog, type MetricName } from '../core/metrics.ts';
import { scoreNames, scoreWords } from '../core/scores.ts';
import { dataMark, kernelsDigest, type LinkedResult, measuredDigest } from './result-link.ts';
import type { Run } from './run.ts';

export interface Difference {
  readonly what: string;
  readonly linked: string;
  readonly here: string;
  /** In words, with its sign. */
  readonly difference: string;
  /** In words; what it says is checked in `isWithin`. */
  readonly tolerance: string;
  readonly isWithin: boolean;
}

export interface Reproduction {
  /** `bits`: nothing may differ, and nothing does. `within`: all within the tolerance. `outside`: not all. */
  readonly verdict: 'bits' | 'within' | 'outside' | 'incomparable';
  /** What was expected, and why. */
  readonly expected: string;
  readonly differences: readonly Difference[];
}

/** Relative difference of the first loss that rounding explains: the bound that the runners are tested with. */
const FIRST_LOSS = 1e-5;
/** Share of a test loss, and decibels, that two runs which round differently may be apart: no law, but what seeds do. */
const LOSS_SHARE = 0.05;
const DECIBELS = 0.2;
const SIMILARITY = 0.02;

/** Does the same thing compute both, so that every bit has to agree? */
function isSameExecution({ device, kernels }: LinkedResult, { device: here }: Run): boolean {
  if (!here || here.backend !== device.backend || here.runner !== device.runner) return false;
  if (here.backend === 'webgpu') return here.adapter === device.adapter && kernelsDigest(here) === kernels;
  // The compiled steps do not depend on the number of threads; tfjs may.
  return here.runner === 'compiled' || here.threads === device.threads;
}

function toleranceOf(
  name: (typeof scoreNames)[number],
  value: number,
  images: number,
): readonly [number, string] {
  switch (name) {
    case 'accuracy': {
      const half = 1.96 * Math.sqrt((2 * value * (1 - value) + 1 / images) / images);
      return [
        half,
        `± ${(100 * half).toFixed(1)} points, 95 % of the difference of two shares of ${images} images`,
      ];
    }
    case 'loss':
      return [LOSS_SHARE * Math.abs(value), `± ${100 * LOSS_SHARE} %`];
    case 'psnr':
      return [DECIBELS, `± ${DECIBELS} dB`];
    case 'ssim':
      return [SIMILARITY, `± ${SIMILARITY}`];
    default:
      throw name satisfies never;
  }
}

const signed = (value: number, text: string): string => `${value < 0 ? '−' : '+'}${text}`;

function differenceWords(name: (typeof scoreNames)[number], by: number): string {
  if (by === 0) return 'none';
  if (name === 'accuracy') return signed(by, `${(100 * Math.abs(by)).toFixed(2)} points`);
  if (name === 'psnr') return signed(by, `${Math.abs(by).toFixed(3)} dB`);
  return signed(by, Math.abs(by).toPrecision(2));
}

function differences(
  linked: LinkedResult,
  log: MetricLog,
  images: number,
  isExact: boolean,
): readonly Difference[] {
  const found: Difference[] = [];
  const first = log.column('train/loss').values[0];
  if (linked.first !== null && first !== undefined) {
    const by = first - linked.first;
    found.push({
      what: 'loss of the first batch',
      linked: linked.first.toPrecision(6),
      here: first.toPrecision(6),
      difference: by === 0 ? 'none' : signed(by, Math.abs(by).toExponential(1)),
      tolerance: isExact ? 'none' : `${FIRST_LOSS.toExponential()} of it: the same start and the same images`,
      isWithin: isExact ? by === 0 : Math.abs(by) <= FIRST_LOSS * Math.max(1, Math.abs(linked.first)),
    });
  }
  for (const score of scoreNames) {
    const name: MetricName = `test/${score}`;
    const [said, here] = [linked.last[name], last(log, name)];
    if (said === undefined || here === null) continue;
    const by = here - said;
    const [most, words] = toleranceOf(score, said, images);
    const { label, format } = scoreWords[score];
    found.push({
      what: `test ${label}`,
      linked: format(said),
      here: format(here),
      difference: differenceWords(score, by),
      tolerance: isExact ? 'none' : words,
      isWithin: isExact ? by === 0 : Math.abs(by) <= most,
    });
  }
  return found;
}

const backendWords = { webgpu: 'WebGPU', wasm: 'the CPU (WASM)', cpu: 'the CPU (plain)' } as const;

/** "the CPU (WASM), compiled". */
export const executed = ({ backend, runner }: LinkedResult['device']): string =>
  `${backendWords[backend]}, ${runner === 'tfjs' ? 'tfjs' : 'compiled'}`;

/**
 * Compares a run of the link's config that has ended with the link's result. `images`: test images that scores are
 * taken on.
 */
export function compareWithLink(
  linked: LinkedResult,
  run: Run,
  log: MetricLog,
  images: number,
): Reproduction {
  const isOtherData = linked.data !== '' && run.data !== null && dataMark(run.data.sha256) !== linked.data;
  const isOtherLength = run.step !== linked.step;
  const isExact = isSameExecution(linked, run);
  const said = differences(linked, log, images, isExact && !isOtherData && !isOtherLength);
  if (isOtherData || isOtherLength) {
    const expected = isOtherData
      ? 'This run was trained on other data than the link’s, so the two are not the same experiment.'
      : `The link’s run took ${linked.step} steps and this one ${run.step}, so only their first steps can be compared.`;
    return { verdict: 'incomparable', expected, differences: said };
  }
  if (!isExact) {
    const here = run.device ? executed(run.device) : 'another device';
    const expected = `The link’s run was computed on ${executed(linked.device)}, this one on ${here}. They round differently, and over many steps small differences grow: the first loss has to agree, the final scores as two draws do.`;
    return {
      verdict: said.every(({ isWithin }) => isWithin) ? 'within' : 'outside',
      expected,
      differences: said,
    };
  }
  const isEqual = measuredDigest(log) === linked.digest;
  return {
    verdict: isEqual ? 'bits' : 'outside',
    expected: `Both were computed on ${executed(linked.device)}: every loss and every score has to be the same to the last bit.`,
    differences: said,
  };
}
