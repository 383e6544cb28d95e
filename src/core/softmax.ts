// Logits to probabilities, in float64 and shifted so that nothing overflows.

export function softmax(logits: ArrayLike<number>): Float64Array<ArrayBuffer> {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < logits.length; k++) top = Math.max(top, logits[k] as number);
  const raised = Float64Array.from(logits, (logit) => Math.exp(logit - top));
  const sum = raised.reduce((all, value) => all + value, 0);
  return raised.map((value) => value / sum);
}
