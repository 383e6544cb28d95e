// The wrong answers that the network was surest of, with its three most probable classes.
import { formatPercent } from '../../core/format.ts';
import type { Answers } from '../../experiment/sight.ts';
import { Picture } from '../parts/picture.tsx';
import { Probabilities } from './probabilities.tsx';

export function Mistakes({
  answers,
  names,
}: {
  readonly answers: Answers;
  readonly names: readonly string[];
}) {
  const { rows, probabilities, pictures } = answers.mistakes;
  if (rows.length === 0) return <p className="mid ink2">No test image is named wrongly.</p>;
  return (
    <ul className="mistakes">
      {rows.map((row, index) => {
        const own = probabilities.subarray(index * names.length, (index + 1) * names.length);
        const label = answers.labels[row] as number;
        const predicted = answers.predicted[row] as number;
        const words = `Test image ${row}: ${names[label]}, taken for ${names[predicted]} with ${formatPercent(own[predicted] as number)}`;
        return (
          <li key={row} title={words}>
            <Picture of={pictures} index={index} label={words} />
            <Probabilities of={own} names={names} most={3} label={label} />
          </li>
        );
      })}
    </ul>
  );
}
