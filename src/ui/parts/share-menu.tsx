// Copy the link; and beside it the other links there are: with the result, with the view, as a lesson.
import { ActionMenu } from '../controls/action-menu.tsx';
import { useCopy } from '../hooks/use-copy.ts';
import { useFrame } from '../hooks/use-frame.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { newestRun } from '../runs/change.ts';
import { LinkIcon } from './icons.tsx';

export function ShareMenu() {
  const actions = useActions();
  const { openDialog } = useFrame();
  const [word, copy] = useCopy();
  const run = useLab((state) => newestRun(state.runs, state.draft));
  const readOnly = useLab((state) => state.readOnly);
  const others = [
    {
      word: 'Copy link with result',
      off: run && run.step > 0 ? undefined : 'train these settings first',
      run: () => copy(() => (run ? actions.resultLink(run.key) : null)),
    },
    { word: 'Copy this view', run: () => copy(actions.viewLink) },
    {
      word: 'Make a lesson',
      off: readOnly ? 'the link is read-only' : undefined,
      run: () => openDialog('lesson'),
    },
  ];
  return (
    <div className="share">
      <button
        type="button"
        className="button"
        aria-label={word ?? 'Copy link'}
        onClick={() => copy(actions.link)}
      >
        <LinkIcon />
        <span className="optional" aria-live="polite">
          {word ?? 'Copy link'}
        </span>
      </button>
      <ActionMenu word="▾" label="Other links to share" className="button icon" actions={others} />
    </div>
  );
}
