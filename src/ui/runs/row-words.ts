// What a row of the table says in words: how a group stands, when it was made.
import { formatCount } from '../../core/format.ts';
import type { Run } from '../../experiment/run.ts';
import { statusWords } from './change.ts';

const hour = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** "12:04" today, "yesterday", else the day, with its year when that is another one. */
export function whenWords(time: number, now: number): string {
  const date = new Date(time);
  const today = new Date(now);
  if (date.toDateString() === today.toDateString()) return hour.format(date);
  const yesterday = new Date(now);
  yesterday.setDate(today.getDate() - 1);
  if (date.toDateString() === yesterday.toDateString()) return 'yesterday';
  return (date.getFullYear() === today.getFullYear() ? day : dayOfYear).format(date);
}

type Status = ReturnType<typeof statusWords>;

/** How several runs stand: the words of the one that goes on, else how many of each. */
export function groupStatus(runs: readonly Run[]): Status {
  const [first] = runs;
  const running = runs.find(({ state }) => state === 'running');
  if (running) return statusWords(running);
  if (first && runs.length === 1) return statusWords(first);
  const counts = new Map<Run['state'], number>();
  for (const { state } of runs) counts.set(state, (counts.get(state) ?? 0) + 1);
  const plain: Readonly<Record<Run['state'], string>> = {
    queued: 'queued',
    running: 'training',
    finished: 'finished',
    stopped: 'stopped',
    diverged: '× diverged',
    failed: '! interrupted',
  };
  const text = [...counts]
    .map(([state, count]) => (counts.size === 1 ? plain[state] : `${formatCount(count)} ${plain[state]}`))
    .join(', ');
  return { text, tone: counts.has('diverged') || counts.has('failed') ? 'err' : 'ink2' };
}
