// Makes a lesson of the config in the form: which controls stay, what is told, what should be seen. The link is made
// as one types.
import { useState } from 'react';
import { formatCount } from '../../core/format.ts';
import { encode } from '../../experiment/address.ts';
import { type Lesson, MOST_LETTERS, matches } from '../../experiment/lesson.ts';
import { encodeText, MAX_LENGTH } from '../../experiment/link-text.ts';
import { Dialog } from '../controls/dialog.tsx';
import { useCopy } from '../hooks/use-copy.ts';
import { useFrame } from '../hooks/use-frame.ts';
import { useActions, useLab } from '../hooks/use-lab.ts';
import { BUDGET_KEYS, formGroups } from './form-groups.ts';

interface Control {
  /** All settings of one control: the budget is three. */
  readonly keys: readonly string[];
  readonly label: string;
}

function TextField(props: {
  readonly label: string;
  readonly help: string;
  readonly value: string;
  readonly most: number;
  readonly rows: number;
  readonly onChange: (value: string) => void;
}) {
  const letters = encodeText(props.value).length;
  return (
    <label className="told-field">
      <span className="row">
        {props.label}
        <span className={letters > props.most ? 'small err push' : 'small ink3 push'}>
          {formatCount(letters)} of {formatCount(props.most)} letters in the link
        </span>
      </span>
      <textarea
        rows={props.rows}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
      <span className="small ink3">{props.help}</span>
    </label>
  );
}

export default function LessonEditor({ onClose }: { readonly onClose: () => void }) {
  const { setLesson } = useActions();
  const { setShowHidden } = useFrame();
  const config = useLab((state) => state.draft);
  const sweep = useLab((state) => state.sweep);
  const before = useLab((state) => state.lesson);
  const [hide, setHide] = useState<readonly string[]>(before?.hide ?? []);
  const [note, setNote] = useState(before?.note ?? '');
  const [expect, setExpect] = useState(before?.expect ?? '');
  const [word, copy] = useCopy();
  const lesson: Lesson = { hide, note, expect };
  const isLesson = hide.length > 0 || note.trim() !== '' || expect.trim() !== '';
  const text = encode(config, {}, sweep, { lesson });
  const link = `${location.href.split('#')[0]}#${text}`;
  const tooLong =
    text.length > MAX_LENGTH ||
    encodeText(note).length > MOST_LETTERS.note ||
    encodeText(expect).length > MOST_LETTERS.expect;
  const groups = formGroups(config).map(({ title, settings }) => ({
    title,
    controls: settings.flatMap(({ key, setting }): readonly Control[] => {
      if (key === BUDGET_KEYS[0]) return [{ keys: BUDGET_KEYS, label: 'Budget' }];
      if ((BUDGET_KEYS as readonly string[]).includes(key)) return [];
      return [{ keys: [key], label: setting.label }];
    }),
  }));
  const all = groups.flatMap(({ controls }) => controls.flatMap(({ keys }) => keys));
  const isShown = ({ keys }: Control): boolean =>
    keys.every((key) => !hide.some((pattern) => matches(pattern, key)));
  function setShown(controls: readonly Control[], shown: boolean): void {
    const keys = controls.flatMap((control) => control.keys);
    // `model.*` is written out only where one of its settings is to be seen.
    const written = hide.flatMap((pattern) =>
      keys.some((key) => matches(pattern, key)) ? all.filter((key) => matches(pattern, key)) : [pattern],
    );
    const others = [...new Set(written)].filter((key) => !keys.includes(key));
    setHide(shown ? others : [...others, ...keys]);
  }
  return (
    <Dialog title="Make a lesson from this config" className="lesson-editor" onClose={onClose}>
      <p className="mid ink2">
        Whoever opens the link sees your note above the form and only the controls you leave. The settings are
        those of the form now; hidden ones can still be looked at.
      </p>
      <TextField
        label="Note"
        help="Plain text; line breaks stay. What to do, and what to think about before."
        value={note}
        most={MOST_LETTERS.note}
        rows={4}
        onChange={setNote}
      />
      <TextField
        label="What should be seen"
        help="Folded away until the reader opens it, after the run."
        value={expect}
        most={MOST_LETTERS.expect}
        rows={2}
        onChange={setExpect}
      />
      <div className="lesson-groups">
        {groups.map(({ title, controls }) => (
          <fieldset key={title}>
            <legend>
              <span className="strong">{title}</span>
              <button
                type="button"
                className="quiet"
                onClick={() => setShown(controls, !controls.some(isShown))}
              >
                {controls.some(isShown) ? 'Hide all' : 'Leave all'}
              </button>
            </legend>
            {controls.map((control) => (
              <label key={control.label} className="row">
                <input
                  type="checkbox"
                  checked={isShown(control)}
                  onChange={(event) => setShown([control], event.target.checked)}
                />
                {control.label}
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <p className="small ink3">
        Checked controls stay. The link has {formatCount(text.length)} of at most {formatCount(MAX_LENGTH)}{' '}
        letters.
      </p>
      <div className="row wrap">
        <button
          type="button"
          className="button"
          disabled={!isLesson || tooLong}
          onClick={() => copy(() => link)}
          aria-live="polite"
        >
          {word ?? 'Copy lesson link'}
        </button>
        <button
          type="button"
          className="button"
          disabled={!isLesson || tooLong}
          onClick={() => {
            setLesson(lesson);
            setShowHidden(false);
            onClose();
          }}
        >
          Try it here
        </button>
        {before ? (
          <button
            type="button"
            className="button"
            onClick={() => {
              setLesson(null);
              onClose();
            }}
          >
            No lesson
          </button>
        ) : null}
        <button type="button" className="button push" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
