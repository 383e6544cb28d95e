// A network whose body is frozen: only its head learns. The body is then a fixed function of the image, in training as in
// evaluation: without dropout, with the running statistics of its BatchNorms.
import { type Layer, withoutDropout } from './layers.ts';

/** The layers with everything below the head frozen: no gradient, no slots, no change. */
export function frozenBody(layers: readonly Layer[]): readonly Layer[] {
  return withoutDropout(layers).map(frozen);
}

function frozen(layer: Layer): Layer {
  switch (layer.kind) {
    case 'linear':
      return layer.role === 'head' ? layer : { ...layer, trainable: false };
    case 'layer-norm':
    case 'batch-norm':
    case 'patch-embedding':
      return { ...layer, trainable: false };
    case 'residual':
    case 'gate':
      return { ...layer, branch: layer.branch.map(frozen) };
    case 'activation':
    case 'dropout':
    case 'transpose':
    case 'token-mean':
      return layer;
    default:
      throw layer satisfies never;
  }
}
