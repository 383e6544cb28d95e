// The numbers of a GPU's limits as plain data.

/** Every numeric limit by its name; the browser's object has them on its prototype. */
export function limitsOf(supported: GPUSupportedLimits): Record<string, number> {
  const limits: Record<string, number> = {};
  for (const name in supported) {
    const value = supported[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') limits[name] = value;
  }
  return limits;
}
