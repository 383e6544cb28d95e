// AdamW: Loshchilov and Hutter 2019, in PyTorch's form (eps 1e-8 outside the bias-corrected root).
import { beta1, beta2, decayGroup, rateFields, weightDecay } from './fields.ts';
import { optimizer } from './optimizer.ts';

export const ADAM_EPSILON = 1e-8;

export const adamw = optimizer({
  label: 'AdamW',
  help: 'Each parameter gets its own step size; decay is apart from the gradient.',
  source: 'Loshchilov and Hutter 2019; PyTorch’s AdamW',
  fields: {
    ...rateFields,
    'optimizer.weightDecay': weightDecay,
    'optimizer.decayGroup': decayGroup,
    'optimizer.beta1': beta1,
    'optimizer.beta2': beta2,
  },
  slots: ['exp_avg', 'exp_avg_sq'],
  update(config, rate, step, parameter, gradient, [mean, square]) {
    const b1 = config['optimizer.beta1'];
    const b2 = config['optimizer.beta2'];
    const keep = 1 - rate * config['optimizer.weightDecay'];
    const size = rate / (1 - b1 ** step);
    const root = Math.sqrt(1 - b2 ** step);
    for (let i = 0; i < parameter.length; i++) {
      const g = gradient[i] as number;
      const m = b1 * (mean?.[i] as number) + (1 - b1) * g;
      const v = b2 * (square?.[i] as number) + (1 - b2) * g * g;
      (mean as Float32Array)[i] = m;
      (square as Float32Array)[i] = v;
      parameter[i] = (parameter[i] as number) * keep - (size * m) / (Math.sqrt(v) / root + ADAM_EPSILON);
    }
  },
});
