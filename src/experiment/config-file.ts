// A config as a JSON file: one flat object of settings, or a `run.json`, which holds it under `config`.
import { LabError } from '../core/failure.ts';

/** The link text that a JSON file stands for. Throws LabError `config-invalid` that names the file. */
export function linkOfJson(text: string, name: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new LabError('config-invalid', `${name} is not JSON: ${(error as Error).message}.`);
  }
  const holder = parsed as { config?: unknown } | null;
  const flat =
    holder && typeof holder === 'object' && typeof holder.config === 'object' ? holder.config : parsed;
  if (flat === null || typeof flat !== 'object' || Array.isArray(flat)) {
    throw new LabError(
      'config-invalid',
      `${name} must hold one flat object of settings, such as {"model.width": 256}.`,
    );
  }
  return Object.entries(flat)
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(String(value))}`)
    .join('&');
}
