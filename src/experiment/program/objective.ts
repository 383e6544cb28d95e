// The end of a forward pass: the loss of each row and, in training, the gradient by the logits.
import type { ForwardOptions } from './forward.ts';
import type { Op } from './op.ts';
import type { Places } from './places.ts';
import { type Operand, type Transient, transient } from './transient.ts';

/** `outputs` is what evaluation keeps. Without a target, classes are asked for. */
export function objective(
  logits: Transient,
  gradient: Transient | null,
  target: Transient | null,
  { labels, losses, correct }: Places,
  { rows, mode, labelSmoothing }: Pick<ForwardOptions, 'rows' | 'mode' | 'labelSmoothing'>,
): { readonly op: Op<Operand>; readonly outputs: Transient } {
  const width = logits.shape[1] as number;
  if (target) {
    const output = mode === 'evaluate' ? transient('output', logits.shape) : null;
    const scale = 2 / (rows * width);
    return {
      op: {
        kind: 'squared-error',
        rows,
        features: width,
        scale,
        logits,
        goal: target,
        losses,
        output,
        gradient,
      },
      outputs: output ?? logits,
    };
  }
  const shared = { rows, classes: width, smoothing: labelSmoothing, scale: 1 / rows } as const;
  return {
    op: { kind: 'softmax-cross-entropy', ...shared, logits, labels, losses, correct, gradient },
    outputs: logits,
  };
}
