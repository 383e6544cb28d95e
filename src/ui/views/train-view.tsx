// The Train view: settings, charts and runs, plan, under the run bar.
import { lazy, Suspense, useState } from 'react';
import { useCommands } from '../hooks/use-commands.ts';
import { useKeyboard } from '../hooks/use-keyboard.ts';
import { useLab } from '../hooks/use-lab.ts';
import { EmptyState } from '../parts/empty-state.tsx';
import { Form } from '../parts/form.tsx';
import { Notices } from '../parts/notices.tsx';
import { PlanPanel } from '../parts/plan-panel.tsx';
import { RunBar } from '../parts/run-bar.tsx';
import { SettingsSentence } from '../parts/settings-sentence.tsx';
import { RunList } from '../runs/run-list.tsx';

const ChartPanel = lazy(() => import('../charts/chart-panel.tsx'));

export function TrainView({ onHelp }: { readonly onHelp: () => void }) {
  const [resetId, setResetId] = useState<string | null>(null);
  const [formOpen, setFormOpen] = useState(false);
  const commands = useCommands(resetId, setResetId);
  const empty = useLab((state) => state.shown.length === 0 && state.active === null);
  useKeyboard({
    ' ': () => commands.main?.(),
    s: () => commands.step?.(),
    r: () => commands.reset?.(),
    n: () => commands.fresh?.(),
    '?': onHelp,
  });
  return (
    <main className="page">
      <RunBar commands={commands} />
      <Notices commands={commands} />
      <div className="columns">
        <div className="column">
          <SettingsSentence open={formOpen} onToggle={() => setFormOpen(!formOpen)} />
          <Form open={formOpen} />
        </div>
        <div className="column">
          {empty ? <EmptyState /> : null}
          <Suspense fallback={<div className="waiting-charts small ink3">Charts are being read.</div>}>
            <ChartPanel />
          </Suspense>
          <RunList />
        </div>
        <div className="column">
          <PlanPanel />
        </div>
      </div>
    </main>
  );
}
