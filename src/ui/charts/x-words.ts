// The unit of the x axis in words: under the axis, at a place, on the switch.
import { formatCount, formatDuration, formatSi } from '../../core/format.ts';
import type { XAxis } from '../../session/state.ts';

export const xWords: Readonly<Record<XAxis, string>> = {
  step: 'step',
  epoch: 'epoch',
  examples: 'examples seen',
  flops: 'training FLOPs (multiply-add = 2)',
  seconds: 'seconds',
};

export function wordsOfX(axis: XAxis, x: number): string {
  switch (axis) {
    case 'step':
      return `step ${formatCount(x)}`;
    case 'epoch':
      return `epoch ${x.toFixed(1)}`;
    case 'examples':
      return `${formatSi(x)} examples`;
    case 'flops':
      return formatSi(x, 'FLOP');
    case 'seconds':
      return formatDuration(x);
    default:
      throw axis satisfies never;
  }
}

export const xChoices: Readonly<Record<XAxis, { readonly label: string; readonly help: string }>> = {
  step: { label: 'step', help: 'Updates done' },
  epoch: { label: 'epoch', help: 'Passes over the training images' },
  examples: { label: 'examples', help: 'Examples seen: steps × batch size' },
  flops: { label: 'FLOPs', help: 'Training compute, a multiply-add counted as 2' },
  seconds: { label: 's', help: 'Seconds of training on this device' },
};
