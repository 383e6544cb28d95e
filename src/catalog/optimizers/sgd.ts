// SGD with momentum in PyTorch's form: decay joins the gradient, the buffer starts as the first gradient (which
// equals starting at zero, since dampening is zero).
import { real, withDefault } from '../../core/fields.ts';
import { decayGroup, learningRate, rateFields, weightDecay } from './fields.ts';
import { optimizer } from './optimizer.ts';

export const sgd = optimizer({
  label: 'SGD',
  help: 'A step down the gradient, with momentum.',
  source: 'PyTorch’s SGD; Scaling MLPs uses it for fine-tuning',
  fields: {
    ...rateFields,
    'optimizer.learningRate': withDefault(learningRate, 0.05),
    'optimizer.weightDecay': weightDecay,
    'optimizer.decayGroup': decayGroup,
    'optimizer.momentum': real([0, 0.99999], {
      label: 'Momentum',
      scale: 'linear',
      help: 'How much of the last step carries over into the next.',
      source: 'PyTorch’s SGD',
      default: 0.9,
    }),
  },
  slots: ['momentum_buffer'],
  update(config, rate, _step, parameter, gradient, [buffer]) {
    const momentum = config['optimizer.momentum'];
    const decay = config['optimizer.weightDecay'];
    for (let i = 0; i < parameter.length; i++) {
      const g = (gradient[i] as number) + decay * (parameter[i] as number);
      const b = momentum * (buffer?.[i] as number) + g;
      (buffer as Float32Array)[i] = b;
      parameter[i] = (parameter[i] as number) - rate * b;
    }
  },
});
