// What can be done with one run, behind one quiet button.
import { formatCount } from '../../core/format.ts';
import { hasInside, isResumable, isUnderway, type Run, titleOf } from '../../experiment/run.ts';
import { type Action, ActionMenu } from '../controls/action-menu.tsx';
import { useActions, useLab } from '../hooks/use-lab.ts';

interface Props {
  readonly run: Run;
  readonly word: string;
  /** Where the name can be edited in place. */
  readonly onRename?: (() => void) | undefined;
}

export function RunActions({ run, word, onRename }: Props) {
  const { resume, adopt, fork, startFrom, rewind, remove, exportRun, goTo, lookInside } = useActions();
  const busy = useLab((state) => state.active !== null || state.preparing);
  const { key } = run;
  const actions: Action[] = [];
  if (isResumable(run) && !busy) actions.push({ word: 'Resume', run: () => void resume(key) });
  if (hasInside(run)) actions.push({ word: 'Look inside', run: () => lookInside(key) });
  if (run.checkpointStep !== null)
    actions.push({
      word: `Fork at step ${formatCount(run.checkpointStep)}`,
      run: () => {
        fork(key);
        goTo('train');
      },
    });
  if (run.state === 'finished' && run.checkpointStep !== null)
    actions.push({
      word: 'Start another run from its body',
      run: () => {
        startFrom(run.id.slice(0, 16));
        goTo('train');
      },
    });
  if (!busy)
    actions.push({
      word: 'Train again from its first weights',
      run: () => {
        goTo('train');
        void rewind(key);
      },
    });
  if (onRename) actions.push({ word: 'Rename', run: onRename });
  actions.push(
    {
      word: 'Use these settings',
      run: () => {
        adopt(key);
        goTo('train');
      },
    },
    { word: 'Metrics as CSV', run: () => void exportRun(key, 'csv') },
    { word: 'Metrics as JSON lines', run: () => void exportRun(key, 'jsonl') },
    { word: 'Record as JSON', run: () => void exportRun(key, 'json') },
  );
  if (run.checkpointStep !== null)
    actions.push({ word: 'Weights as safetensors', run: () => void exportRun(key, 'safetensors') });
  if (!isUnderway(run)) actions.push({ word: 'Delete', run: () => void remove([key]) });
  return <ActionMenu word={word} label={`More: ${titleOf(run)}`} actions={actions} />;
}
