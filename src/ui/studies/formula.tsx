// A law's formula or a parameter's name, written with letters, raised and lowered: "E = a (b + C)^(-alpha) + E_inf".
import { inLetters } from './amount-words.ts';

/** Lowered after `_`, raised after `^`: a word, a number, or what stands in brackets. */
const PARTS = /([_^])(\(-?[^()]*\)|-?[\w∞α-ω]+)/;

export function Formula({ text }: { readonly text: string }) {
  const pieces = inLetters(text).split(PARTS);
  return (
    <span className="formula">
      {pieces.map((piece, index) => {
        const mark = pieces[index - 1];
        const own = piece.replace(/^\((.*)\)$/, '$1').replace('-', '−');
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text stay where they are
        if (mark === '_') return <sub key={index}>{own}</sub>;
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text stay where they are
        if (mark === '^') return <sup key={index}>{own}</sup>;
        return piece === '_' || piece === '^' ? null : piece;
      })}
    </span>
  );
}
