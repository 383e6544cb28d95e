// The queue: sweeps in the order in which they are worked off, across all links.
import { studies } from '../../catalog/studies/index.ts';
import { decode } from '../../experiment/address.ts';
import type { QueuedSweep } from '../../experiment/queue.ts';
import { ActionMenu } from '../controls/action-menu.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { useLeft } from './use-sweep.ts';
import { sizeWords } from './words.ts';

/** What a sweep is called: its study's question, or what it varies. */
function titleOf(link: string): string {
  const { sweep } = decode(link);
  if (!sweep) return link;
  const study = sweep.study;
  if (study !== null && Object.hasOwn(studies, study)) return studies[study as keyof typeof studies].label;
  const names = sweep.axes.map(({ key }) => key.split('.').at(-1));
  return [...names, ...(sweep.seeds > 1 ? ['seeds'] : [])].join(' × ') || 'sweep';
}

interface ItemProps {
  readonly sweep: QueuedSweep;
  /** Trials to train; undefined: they are being listed. */
  readonly left: number | undefined;
  readonly isShown: boolean;
}

function Item({ sweep, left, isShown }: ItemProps) {
  const { openLink, moveSweep, removeSweep, resumeQueue, pauseQueue } = useActions();
  const driving = useLab((state) => state.queue.driving);
  const isCurrent = useLab((state) => state.queue.current?.sweep === sweep.id);
  const title = titleOf(sweep.link);
  const asked = decode(sweep.link).sweep;
  const open = left === undefined ? '' : `, ${left} left`;
  const state = isCurrent ? 'training' : sweep.isPaused ? 'paused' : driving ? 'waiting' : 'stopped';
  const goesOn = driving && !sweep.isPaused;
  return (
    <li className="row queue-item">
      <button
        type="button"
        className="quiet cut"
        aria-current={isShown ? 'true' : undefined}
        onClick={() => openLink(sweep.link)}
      >
        {title}
      </button>
      <span className="small ink3 steady">{asked ? sizeWords(asked) : ''}</span>
      <span className="push small ink2">{left === 0 && !isCurrent ? 'done' : state + open}</span>
      <ActionMenu
        word="…"
        label={`More: ${title}`}
        actions={[
          { word: 'First', run: () => moveSweep(sweep.id, 'first') },
          { word: 'Up', run: () => moveSweep(sweep.id, 'up') },
          { word: 'Down', run: () => moveSweep(sweep.id, 'down') },
          goesOn
            ? { word: 'Pause', run: () => pauseQueue(sweep.id) }
            : { word: 'Resume', run: () => resumeQueue(sweep.id) },
          { word: 'Remove, keep runs', run: () => removeSweep(sweep.id) },
        ]}
      />
    </li>
  );
}

export function QueuePanel({ shown }: { readonly shown: string | null }) {
  const { pauseQueue, resumeQueue } = useActions();
  const sweeps = useLab((state) => state.queue.sweeps);
  const driving = useLab((state) => state.queue.driving);
  const left = useLeft();
  const isOver = sweeps.every(({ id }) => left.get(id) === 0);
  if (sweeps.length === 0) return null;
  return (
    <section className="section">
      <div className="section-head">
        <h2>Queue</h2>
        {(driving || !isOver) && (
          <button
            type="button"
            className="quiet push"
            onClick={() => (driving ? pauseQueue() : resumeQueue())}
          >
            {driving ? 'Stop the queue' : 'Resume the queue'}
          </button>
        )}
      </div>
      <ol className="queue">
        {sweeps.map((sweep) => (
          <Item key={sweep.id} sweep={sweep} left={left.get(sweep.id)} isShown={sweep.id === shown} />
        ))}
      </ol>
    </section>
  );
}
