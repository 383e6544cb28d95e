// The Guide: figures to reproduce, the lab's words, formulas with the numbers of now, keys. Loading fills the form and
// starts nothing.
import { type Preset, presets } from '../../catalog/presets/index.ts';
import { type Question, questions } from '../../catalog/questions/index.ts';
import { Formulas } from '../guide/formulas.tsx';
import { Glossary } from '../guide/glossary.tsx';
import { QuestionCard } from '../guide/question-card.tsx';
import { KeyList } from '../parts/keyboard-sheet.tsx';
import { PresetCell } from '../parts/preset-cell.tsx';
import '../styles/guide.css';

const all = Object.entries<Preset>(presets);

const PARTS = [
  ['questions', 'Batch size', 'predict, run, compare'],
  ['figures', 'Figures', 'published results, scaled to minutes'],
  ['recipes', 'Recipes', 'how the papers train, one run each'],
  ['starts', 'First runs', 'one config, one run'],
  ['glossary', 'Glossary', 'the words used on every screen'],
  ['formulas', 'Formulas', 'with the numbers of the form filled in'],
  ['keyboard', 'Keyboard', 'every key of the page'],
] as const;

/** The fragment of the address is the config: parts are gone to by a button, not by a link. */
function goToPart(id: string): void {
  const heading = document.getElementById(id);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}

const PAPERS = ['Scaling MLPs', 'Rethinking the shape convention of an MLP'] as const;

function Presets({ list }: { readonly list: typeof all }) {
  return (
    <ul className="presets">
      {list.map(([id, preset]) => (
        <PresetCell key={id} preset={preset} />
      ))}
    </ul>
  );
}

/** Figures under the paper that they are of. */
function Figures() {
  const figures = all.filter(([, { use }]) => use === 'figure');
  return PAPERS.map((paper) => (
    <div key={paper}>
      <h2 className="guide-title">{paper}</h2>
      <Presets list={figures.filter(([, { source }]) => source.startsWith(paper))} />
    </div>
  ));
}

export default function GuideView() {
  return (
    <main className="page guide">
      <div className="columns">
        <nav className="column" aria-label="Parts of the guide">
          <div className="section-head guide-name">
            <h1>Guide</h1>
          </div>
          {PARTS.map(([id, title, words]) => (
            <button key={id} type="button" className="part" onClick={() => goToPart(id)}>
              <span className="strong">{title}</span>
              <span className="small ink2">{words}</span>
            </button>
          ))}
          <section className="section keyboard">
            <div className="section-head">
              <h2 id="keyboard" tabIndex={-1}>
                Keyboard
              </h2>
            </div>
            <KeyList />
          </section>
        </nav>
        <div className="column">
          <section className="empty">
            <h2 id="questions" className="empty-title" tabIndex={-1}>
              What does the batch size do?
            </h2>
            <p>
              Say what will happen, then let the lab train a few small runs on images that come with the page.
              What happened stands beside what you said.
            </p>
            <ul className="questions">
              {Object.entries<Question>(questions).map(([id, question]) => (
                <QuestionCard key={id} id={id} question={question} />
              ))}
            </ul>
          </section>
          <section className="empty">
            <h2 id="figures" className="guide-head" tabIndex={-1}>
              Start from a published result
            </h2>
            <p>
              Each preset says what the source reports and what is smaller here, so that it fits a browser.
              Loading one fills the form; nothing starts until you press Train.
            </p>
            <Figures />
          </section>
          <section className="empty">
            <h2 id="recipes" className="guide-title" tabIndex={-1}>
              Recipes
            </h2>
            <Presets list={all.filter(([, { use }]) => use === 'recipe')} />
          </section>
          <section className="empty">
            <h2 id="starts" className="guide-title" tabIndex={-1}>
              First runs
            </h2>
            <Presets list={all.filter(([, { use }]) => use === 'start')} />
          </section>
        </div>
        <div className="column">
          <section className="section">
            <div className="section-head">
              <h2 id="glossary" tabIndex={-1}>
                Glossary
              </h2>
            </div>
            <Glossary />
          </section>
          <section className="section">
            <div className="section-head">
              <h2 id="formulas" tabIndex={-1}>
                Formulas
              </h2>
              <span className="small ink3">numbers of the config in the form</span>
            </div>
            <Formulas />
          </section>
        </div>
      </div>
    </main>
  );
}
