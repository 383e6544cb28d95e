// The menu of laws. Ids are part of stored fits and of the command line.
import { brokenPowerLaw } from './broken-power-law.ts';
import { computeLaw } from './compute-law.ts';
import { criticalBatchSize } from './critical-batch-size.ts';
import { envelope } from './envelope.ts';
import { errorLaw } from './error-law.ts';
import { isoFlop } from './iso-flop.ts';
import type { Law } from './law.ts';
import { lossSurface } from './loss-surface.ts';
import { multiEpoch } from './multi-epoch.ts';
import { multiEpochBounded } from './multi-epoch-bounded.ts';
import { powerLaw } from './power-law.ts';
import { powerLawOffset } from './power-law-offset.ts';
import { powerLawShifted } from './power-law-shifted.ts';

export const laws = {
  'power-law': powerLaw,
  'power-law-offset': powerLawOffset,
  'power-law-shifted': powerLawShifted,
  'error-law': errorLaw,
  'compute-law': computeLaw,
  'broken-power-law': brokenPowerLaw,
  'loss-surface': lossSurface,
  'iso-flop': isoFlop,
  envelope,
  'multi-epoch': multiEpoch,
  'multi-epoch-bounded': multiEpochBounded,
  'critical-batch-size': criticalBatchSize,
} as const satisfies Readonly<Record<string, Law>>;

export type LawId = keyof typeof laws;

/** The law of an id; null where there is none. */
export const lawOf = (id: string): Law | null => (Object.hasOwn(laws, id) ? laws[id as LawId] : null);
