// The views of the page as tabs of the header. What trains while another view is open is said beside them.
import type { Page } from '../../session/state.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';

export const PAGE_WORDS: Readonly<Record<Page, string>> = {
  train: 'Train',
  inside: 'Inside',
  studies: 'Studies',
  runs: 'Runs',
  guide: 'Guide',
};

export function Tabs({ pages }: { readonly pages: readonly Page[] }) {
  const { goTo } = useActions();
  const current = useLab((state) => state.page);
  return (
    <nav className="tabs" aria-label="Views">
      {pages.map((page) => (
        // A link, so that it opens in another tab too; here only the view changes.
        <a
          key={page}
          href={`#view.page=${page}`}
          aria-current={page === current ? 'page' : undefined}
          onClick={(event) => {
            if (event.ctrlKey || event.metaKey || event.shiftKey) return;
            event.preventDefault();
            goTo(page);
          }}
        >
          {PAGE_WORDS[page]}
        </a>
      ))}
    </nav>
  );
}

/** "Training, 40 %" with a way back and Stop, where the run bar is not on the screen. */
export function Elsewhere() {
  const { goTo, stop } = useActions();
  const isAway = useLab((state) => state.page !== 'train' && state.active !== null);
  const share = useLab(({ live }) =>
    live?.totalSteps ? `${Math.floor((100 * live.step) / live.totalSteps)} %` : 'on',
  );
  if (!isAway) return null;
  return (
    <div className="elsewhere row">
      <button type="button" className="quiet" onClick={() => goTo('train')}>
        Training, {share}
      </button>
      <button type="button" className="quiet" onClick={stop}>
        Stop
      </button>
    </div>
  );
}
