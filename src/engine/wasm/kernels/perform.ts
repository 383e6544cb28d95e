// One chunk of the operation in a record: its arguments are read from the record and handed to the kernel. Words are
// addresses and sizes (int32) in the order of the kernel’s parameters; reals are float64.
import {
  ACCUMULATE,
  ACTIVATE,
  ADAMW,
  AVERAGE,
  BATCH_NORM,
  BATCH_NORM_BACKWARD,
  BATCH_NORM_EVALUATE,
  CLIP,
  COLUMN_SUMS,
  CROSS_ENTROPY,
  GATHER,
  HALVE,
  LAYER_NORM,
  LAYER_NORM_BACKWARD,
  LAYER_NORM_GRADIENT,
  LION,
  MEAN,
  MIX,
  MULTIPLY,
  NOISE,
  PACK,
  POINTWISE,
  PROTOTYPE,
  SGD,
  SQUARED_ERROR,
  SQUARES,
} from '../opcodes';
import { adamw } from './adamw';
import { average } from './average';
import { batchNorm, batchNormEvaluate } from './batch-norm';
import { batchNormBackward } from './batch-norm-backward';
import { columnSums } from './column-sums';
import { crossEntropy, mean } from './cross-entropy';
import { activate } from './elementwise';
import { gather } from './gather';
import { halve, prototype } from './images';
import { layerNorm } from './layer-norm';
import { layerNormBackward, layerNormGradient } from './layer-norm-backward';
import { lion } from './lion';
import { mix } from './mix';
import { multiply } from './multiply';
import { noise } from './noise';
import { pack } from './pack';
import { pointwise } from './pointwise';
import { real, word } from './record';
import { sgd } from './sgd';
import { squaredError } from './squared-error';
import { accumulate, clip, squares } from './squares';

/** Runs chunk `chunk` of `chunks` of the operation in `r`. `scratch` is this thread's own. */
export function perform(r: usize, chunk: i32, chunks: i32, scratch: usize): void {
  switch (load<i32>(r)) {
    case PACK:
      pack(chunk, chunks, word(r, 0), word(r, 1), word(r, 2), word(r, 3), word(r, 4), word(r, 5));
      break;
    case MULTIPLY:
      multiply(
        chunk,
        chunks,
        scratch,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        word(r, 7),
        word(r, 8),
        word(r, 9),
        word(r, 10),
        word(r, 11),
        word(r, 12),
        word(r, 13),
        word(r, 14),
      );
      break;
    case ACTIVATE:
      activate(chunk, chunks, word(r, 0), word(r, 1), word(r, 2), word(r, 3));
      break;
    case POINTWISE:
      pointwise(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        word(r, 7),
        word(r, 8),
        <f32>real(r, 0),
      );
      break;
    case LAYER_NORM:
      layerNorm(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        word(r, 7),
        word(r, 8),
        word(r, 9),
        <f32>real(r, 0),
      );
      break;
    case LAYER_NORM_BACKWARD:
      layerNormBackward(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        word(r, 7),
        word(r, 8),
      );
      break;
    case LAYER_NORM_GRADIENT:
      layerNormGradient(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        word(r, 7),
      );
      break;
    case BATCH_NORM:
      batchNorm(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        word(r, 7),
        word(r, 8),
        word(r, 9),
        <f32>real(r, 0),
        <f32>real(r, 1),
      );
      break;
    case BATCH_NORM_EVALUATE:
      batchNormEvaluate(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        <f32>real(r, 0),
      );
      break;
    case BATCH_NORM_BACKWARD:
      batchNormBackward(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
      );
      break;
    case COLUMN_SUMS:
      columnSums(chunk, chunks, word(r, 0), word(r, 1), word(r, 2), word(r, 3));
      break;
    case CROSS_ENTROPY:
      crossEntropy(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        word(r, 7),
        real(r, 0),
        real(r, 1),
      );
      break;
    case MEAN:
      mean(word(r, 0), word(r, 1), word(r, 2));
      break;
    case SQUARES:
      squares(chunk, word(r, 0), word(r, 1), word(r, 2));
      break;
    case CLIP:
      clip(word(r, 0), word(r, 1), word(r, 2), word(r, 3), real(r, 0));
      break;
    case SGD:
      sgd(chunk, chunks, r);
      break;
    case ADAMW:
      adamw(chunk, chunks, r);
      break;
    case LION:
      lion(chunk, chunks, r);
      break;
    case ACCUMULATE:
      accumulate(chunk, r);
      break;
    case AVERAGE:
      average(chunk, chunks, r);
      break;
    case GATHER:
      gather(
        chunk,
        chunks,
        word(r, 0),
        word(r, 1),
        word(r, 2),
        word(r, 3),
        word(r, 4),
        word(r, 5),
        word(r, 6),
        word(r, 7),
        word(r, 8),
        word(r, 9),
      );
      break;
    case NOISE:
      noise(chunk, chunks, r);
      break;
    case HALVE:
      halve(chunk, chunks, r);
      break;
    case PROTOTYPE:
      prototype(chunk, chunks, r);
      break;
    case SQUARED_ERROR:
      squaredError(chunk, chunks, r);
      break;
    case MIX:
      mix(chunk, chunks, word(r, 0), word(r, 1), word(r, 2), word(r, 3));
      break;
    default:
      unreachable();
  }
}
