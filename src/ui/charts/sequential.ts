// Colours for a quantity, six steps from near the paper to far from it; between them they are mixed in OKLab. The order
// survives grey print, in both themes.

const STEPS = 6;

/** `share` in [0, 1] of the way from little to much. */
export function sequential(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * (STEPS - 1);
  const low = Math.min(STEPS - 2, Math.floor(at));
  const part = Math.round((at - low) * 100);
  const [from, to] = [`var(--q${low + 1})`, `var(--q${low + 2})`];
  if (part === 0) return from;
  return part === 100 ? to : `color-mix(in oklab, ${to} ${part}%, ${from})`;
}
