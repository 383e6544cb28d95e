// The names of Scaling MLPs: `B_6-Wi_512` is 6 blocks 512 wide, `B_6-Wi_512_2` or `B_6-Wi_512-x_2` has expansion 2.

export interface Preset {
  readonly model: 'inverted-bottleneck';
  readonly 'model.width': number;
  readonly 'model.depth': number;
  readonly 'model.expansion': number;
}

/** The models of the paper, and small ones for a browser. */
export const presetNames = [
  'B_2-Wi_64',
  'B_2-Wi_128',
  'B_4-Wi_128',
  'B_6-Wi_128',
  'B_4-Wi_256',
  'B_6-Wi_256',
  'B_12-Wi_256',
  'B_6-Wi_512',
  'B_12-Wi_512',
  'B_6-Wi_1024',
  'B_12-Wi_1024',
] as const;

const PATTERN = /^B_(\d{1,3})-Wi_(\d{1,5})(?:-[A-Za-z0-9.]+)?(?:_(\d{1,2}))?$/;

/** The settings that a name stands for, or null when it is not such a name. Expansion is 4 where it is not given. */
export function parsePreset(name: string): Preset | null {
  const match = PATTERN.exec(name);
  if (!match) return null;
  return {
    model: 'inverted-bottleneck',
    'model.depth': Number(match[1]),
    'model.width': Number(match[2]),
    'model.expansion': match[3] === undefined ? 4 : Number(match[3]),
  };
}
