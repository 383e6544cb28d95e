// Formulas as MathML, which browsers draw and screen readers speak by themselves: no library, no styles.
import { createElement, type ReactNode } from 'react';

interface Part {
  readonly children?: ReactNode;
}

const element =
  (name: string) =>
  ({ children }: Part) =>
    createElement(name, null, children);

/** A formula on its own line. */
export const Formula = ({ children }: Part) => createElement('math', { displaystyle: 'true' }, children);
export const Row = element('mrow');
export const Var = element('mi');
export const Num = element('mn');
export const Op = element('mo');
export const Text = element('mtext');
/** Numerator, denominator. */
export const Frac = element('mfrac');
/** Base, exponent. */
export const Sup = element('msup');
/** Base, index. */
export const Sub = element('msub');
export const Root = element('msqrt');

/** A variable with a word as its index. */
export function Named({ name, index }: { readonly name: string; readonly index: string }) {
  return (
    <Sub>
      <Var>{name}</Var>
      <Text>{index}</Text>
    </Sub>
  );
}
