// Six configs have colours and another wants one: asks which gives up its own, and takes none away unasked.
import { groupOf, titleOf } from '../../experiment/run.ts';
import { waitingFor } from '../../session/colour-slots.ts';
import { useActions, useLab, useSession } from '../hooks/use-lab.ts';
import { nameOf } from '../runs/change.ts';
import { Key } from '../runs/run-style.tsx';

export function SlotQuestion() {
  const { release, hide } = useActions();
  const session = useSession();
  const shown = useLab((state) => state.shown);
  const active = useLab((state) => state.active);
  if (shown.every(({ slot }) => slot !== null)) return null;
  const runs = new Map(session.get().runs.map((run) => [run.key, run]));
  const waiting = waitingFor(shown, (key) => {
    const run = runs.get(key);
    return run && groupOf(run);
  });
  const next = runs.get(waiting[0] ?? '');
  if (!next) return null;
  const owners = new Map(shown.flatMap(({ key, slot }) => (slot === null ? [] : [[slot, key] as const])));
  const others = waiting.length > 1 ? ` (${waiting.length - 1} more wait)` : '';
  const theirs = shown.filter(({ slot }) => slot === null).map(({ key }) => key);
  return (
    <section className="slot-question" aria-label="Colours">
      <p>
        All six colours are taken. Which one goes to <b>{nameOf(next)}</b>
        {others}?
      </p>
      <div className="row wrap">
        {[...owners]
          .sort(([a], [b]) => a - b)
          .map(([slot, key]) => {
            const owner = runs.get(key);
            if (!owner) return null;
            return (
              <button
                key={slot}
                type="button"
                className="button"
                title={`Take ${titleOf(owner)} off the charts`}
                onClick={() => release(slot)}
              >
                <Key slot={slot} />
                {nameOf(owner)}
              </button>
            );
          })}
        <button type="button" className="quiet" onClick={() => hide(theirs.filter((key) => key !== active))}>
          None of them
        </button>
      </div>
    </section>
  );
}
