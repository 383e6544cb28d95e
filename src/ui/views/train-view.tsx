// The Train view: settings, charts and runs, plan, under the run bar.
import { lazy, memo, Suspense } from 'react';
import { useCommands } from '../hooks/use-commands.ts';
import { useFrame } from '../hooks/use-frame.ts';
import { useKeyboard } from '../hooks/use-keyboard.ts';
import { useLab } from '../hooks/use-lab.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Form } from '../parts/form.tsx';
import { Gallery } from '../parts/gallery.tsx';
import { LessonNote } from '../parts/lesson-note.tsx';
import { LinkedResultBand } from '../parts/linked-result.tsx';
import { Notices } from '../parts/notices.tsx';
import { PlanPanel } from '../parts/plan-panel.tsx';
import { RunBar } from '../parts/run-bar.tsx';
import { SettingsSentence } from '../parts/settings-sentence.tsx';
import { SideBySideEntry } from '../parts/side-by-side-entry.tsx';
import { RunList } from '../runs/run-list.tsx';

const ChartPanel = memo(lazy(() => import('../charts/chart-panel.tsx')));
// The view follows the run that trains; these follow what they read, and nothing else.
const SteadyForm = memo(Form);
const SteadyPlan = memo(PlanPanel);
const SteadyRuns = memo(RunList);

export function TrainView() {
  const { formOpen, setFormOpen } = useFrame();
  const commands = useCommands();
  const empty = useLab((state) => state.shown.length === 0 && state.active === null);
  useKeyboard({
    ' ': () => commands.main?.(),
    s: () => commands.step?.(),
    r: () => commands.reset?.(),
    n: () => commands.fresh?.(),
  });
  return (
    <main className="page">
      <RunBar commands={commands} />
      <Notices commands={commands} />
      <LinkedResultBand />
      <div className="narrow-only">
        <LessonNote />
      </div>
      <p className="notice narrow-only">
        Small screen: viewing and sharing work best here. Training runs too, but keep this tab in front.
      </p>
      <div className="columns">
        <div className="column">
          <SettingsSentence open={formOpen} onToggle={() => setFormOpen(!formOpen)} />
          <SteadyForm />
        </div>
        <div className="column">
          {empty ? <EmptyState /> : null}
          <SideBySideEntry />
          <Suspense fallback={<div className="waiting-charts small ink3">Charts are being read.</div>}>
            <ChartPanel />
          </Suspense>
          <SteadyRuns />
        </div>
        <div className="column">
          <Gallery run={commands.run} />
          <SteadyPlan />
        </div>
      </div>
    </main>
  );
}
