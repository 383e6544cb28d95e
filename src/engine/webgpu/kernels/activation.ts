// GELU and ReLU and their derivatives in WGSL, exact to float32: no tanh, no argument that can overflow.
import type { Activation } from '../../../core/layers.ts';

/**
 * Φ(−t) exp(t²/2) as a polynomial of u = 1 / (1 + 0.26 t), without its constant, for t ≥ 0 (the form of Abramowitz and
 * Stegun 7.1.26): relative error 5e-8, so that the negative tail keeps its digits. Fitted for the lab's CPU kernels.
 */
const TAIL = [
  0.10375905781984329, 0.10301675647497177, 0.10303021222352982, 0.05102785676717758, 0.16094739735126495,
  -0.15094822645187378, 0.2514905631542206, -0.15282844007015228, 0.030504796653985977,
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

/** `normal_cdf`: Φ(x) to 1e-7, from the tail; `decay` is e^(−x²/2). */
function normalCdf(type: 'f32' | 'vec4f'): string {
  const one = `${type}(1.0)`;
  return `fn decay_of(x: ${type}) -> ${type} {
  let t = min(abs(x), ${type}(20.0));
  return exp(-0.5 * t * t);
}
fn normal_cdf(x: ${type}, decay: ${type}) -> ${type} {
  let u = 1.0 / (1.0 + 0.26 * abs(x));
  let tail = decay * (u * ${horner(TAIL, 'u')});
  return select(${one} - tail, tail, x < ${type}(0.0));
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
        ? `${normalCdf(type)}fn activate(x: ${type}) -> ${type} { return x * normal_cdf(x, decay_of(x)); }\n`
        : `${normalCdf(type)}fn slope(x: ${type}) -> ${type} {
  let decay = decay_of(x);
  return normal_cdf(x, decay) + clamp(x, ${type}(-20.0), ${type}(20.0)) * ${float(1 / Math.sqrt(2 * Math.PI))} * decay;
}
`;
    default:
      throw activation satisfies never;
  }
}
