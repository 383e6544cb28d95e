// GELU and ReLU and their derivatives in WGSL, exact to float32: no tanh, no argument that can overflow.
import type { Activation } from '../../../core/layers.ts';

/** erf(t) / t as a polynomial of t² for |t| ≤ 1: least maximum error 1.2e-9, fitted for this file. */
const NEAR = [
  1.1283791659137337, -0.37612627135865645, 0.11283600175271061, -0.026854444558120777, 0.005189535289229349,
  -0.0008020840953707289, 0.00007889118793642063,
];
/** erfc(t) exp(t²) as a polynomial of 2 / (2 + t) for 1 ≤ t ≤ 10: relative error 4e-9 up to 5, fitted for this file. */
const FAR = [
  -0.000006859904631727268, 0.28226536486013487, 0.28032580253486594, 0.2566612052107699, 0.145651134449404,
  0.1310998975649132, -0.007422640935339502, -0.1622676751540029, 0.07408116577916164,
];

const float = (value: number): string => {
  const text = String(Math.fround(value));
  return /[.e]/.test(text) ? text : `${text}.0`;
};

const horner = (coefficients: readonly number[], variable: string): string =>
  coefficients.reduceRight(
    (sum, value) => (sum ? `(${sum} * ${variable} + ${float(value)})` : float(value)),
    '',
  );

/**
 * `normal_cdf`: Φ(x) = erfc(−x/√2) / 2 to 1e-7, from the tail, so that nothing cancels for negative x; one lane of a
 * vector at a time would cost the same, so both forms are computed and the right one is taken.
 */
function normalCdf(type: 'f32' | 'vec4f'): string {
  const one = type === 'f32' ? '1.0' : 'vec4f(1.0)';
  const zero = type === 'f32' ? '0.0' : 'vec4f(0.0)';
  const ten = type === 'f32' ? '10.0' : 'vec4f(10.0)';
  return `fn normal_cdf(x: ${type}) -> ${type} {
  let t = min(abs(x) * ${float(Math.SQRT1_2)}, ${ten});
  let s = t * t;
  let near = 0.5 - 0.5 * (t * ${horner(NEAR, 's')});
  let u = 2.0 / (2.0 + t);
  let far = 0.5 * ${horner(FAR, 'u')} * exp(-s);
  let tail = select(far, near, t <= ${one});
  return select(1.0 - tail, tail, x < ${zero});
}
`;
}

/** WGSL functions `activate(x)` or `slope(x)` over `type`; the empty text where there is none. */
export function activationCode(
  activation: Activation | null,
  form: 'activate' | 'slope',
  type: 'f32' | 'vec4f',
): string {
  if (activation === null) return '';
  const one = type === 'f32' ? '1.0' : 'vec4f(1.0)';
  const zero = type === 'f32' ? '0.0' : 'vec4f(0.0)';
  switch (activation) {
    case 'relu':
      return form === 'activate'
        ? `fn activate(x: ${type}) -> ${type} { return select(x, ${zero}, x < ${zero}); }\n`
        : `fn slope(x: ${type}) -> ${type} { return select(${zero}, ${one}, x > ${zero}); }\n`;
    case 'gelu':
      return form === 'activate'
        ? `${normalCdf(type)}fn activate(x: ${type}) -> ${type} { return x * normal_cdf(x); }\n`
        : `${normalCdf(type)}fn slope(x: ${type}) -> ${type} {
  let y = clamp(x, ${type}(-20.0), ${type}(20.0));
  return normal_cdf(x) + y * ${float(1 / Math.sqrt(2 * Math.PI))} * exp(-0.5 * y * y);
}
`;
    default:
      throw activation satisfies never;
  }
}
