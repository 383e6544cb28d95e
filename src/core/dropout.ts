// Which features dropout keeps: a function of (seed, step, site, element) by the counter-based generator, in integers
// alone, so that every backend keeps the same ones and a resumed run goes on as it would have.
import type { Dropout } from './layers.ts';
import { streams, threefry } from './rng.ts';

/** Second key word of a site's draws: the stream in its low eight bits. */
export const dropoutKey = (site: number): number => streams.dropout + 256 * site;

/** Elements whose 32-bit draw is below it are dropped. */
export const dropoutThreshold = (rate: number): number => Math.round(rate * 2 ** 32);

/** What kept elements are multiplied by, float32: PyTorch's inverted scaling. */
export const dropoutScale = (rate: number): number => Math.fround(1 / (1 - rate));

/** Calls of the generator that `count` elements take. */
export const dropoutCalls = (count: number): number => Math.ceil(count / 2);

/**
 * Factors of the first `count` elements (row-major) at `step`, counted from 0: 0 or the scale. Element e takes word
 * e mod 2 of the call with key (seed, `dropoutKey`) and counter (⌊e / 2⌋, step). Calls of micro-batch i of a step, of
 * `count` elements each, follow those of the micro-batches before it.
 */
export function dropoutMask(
  seed: number,
  step: number,
  { rate, site }: Pick<Dropout, 'rate' | 'site'>,
  count: number,
  microBatch = 0,
): Float32Array<ArrayBuffer> {
  const mask = new Float32Array(count);
  const words = new Uint32Array(2);
  const [key, threshold, scale] = [dropoutKey(site), dropoutThreshold(rate), dropoutScale(rate)];
  const before = microBatch * dropoutCalls(count);
  for (let element = 0; element < count; element++) {
    if (element % 2 === 0) threefry(seed, key, before + (element >>> 1), step, words);
    mask[element] = (words[element & 1] as number) < threshold ? 0 : scale;
  }
  return mask;
}
