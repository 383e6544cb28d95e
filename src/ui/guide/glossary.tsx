// The lab's words, as the catalog defines them.
import { glossary } from '../../catalog/glossary.ts';

export function Glossary() {
  return (
    <dl className="glossary">
      {glossary.map(({ term, symbol, words }) => (
        <div key={term}>
          <dt>
            {term}
            {symbol === undefined ? null : <span className="symbol"> {symbolWords(symbol)}</span>}
          </dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}

/** `B_crit`: a letter with its index. */
function symbolWords(symbol: string) {
  const [letter, index] = symbol.split('_');
  return (
    <>
      <i>{letter}</i>
      {index === undefined ? null : <sub>{index}</sub>}
    </>
  );
}
