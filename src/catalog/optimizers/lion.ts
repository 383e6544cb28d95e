// Lion: Chen et al. 2023, as the Scaling MLPs code has it: decoupled decay, then a step by the sign of the
// interpolated gradient, then the moving average.
import { withDefault } from '../../core/fields.ts';
import { beta1, beta2, decayGroup, learningRate, rateFields, weightDecay } from './fields.ts';
import { optimizer } from './optimizer.ts';

export const lion = optimizer({
  label: 'Lion',
  help: 'Every parameter moves by the same amount; only the sign of the averaged gradient counts.',
  source: 'Chen et al. 2023; Scaling MLPs, appendix',
  fields: {
    ...rateFields,
    'optimizer.learningRate': withDefault(learningRate, 1e-4),
    'optimizer.weightDecay': weightDecay,
    'optimizer.decayGroup': decayGroup,
    'optimizer.beta1': beta1,
    'optimizer.beta2': withDefault(beta2, 0.99),
  },
  slots: ['exp_avg'],
  update(config, rate, _step, parameter, gradient, [mean]) {
    const b1 = config['optimizer.beta1'];
    const b2 = config['optimizer.beta2'];
    const keep = 1 - rate * config['optimizer.weightDecay'];
    for (let i = 0; i < parameter.length; i++) {
      const g = gradient[i] as number;
      const m = mean?.[i] as number;
      parameter[i] = (parameter[i] as number) * keep - rate * Math.sign(b1 * m + (1 - b1) * g);
      (mean as Float32Array)[i] = b2 * m + (1 - b2) * g;
    }
  },
});
