// What a lesson tells: plain text with its line breaks, and what should be seen, to be opened after the run.
import { useLab } from '../hooks/use-lab.ts';

export function LessonNote() {
  const lesson = useLab((state) => state.lesson);
  if (!lesson || (lesson.note === '' && lesson.expect === '')) return null;
  return (
    <section className="lesson" aria-label="Lesson">
      {lesson.note === '' ? null : <p className="told">{lesson.note}</p>}
      {lesson.expect === '' ? null : (
        <details>
          <summary>What you should see</summary>
          <p className="told">{lesson.expect}</p>
        </details>
      )}
    </section>
  );
}
