// The operations a step is made of, each with all its operands and flags: an executor is one switch over `kind`.
// Everything is row-major float32, only labels are uint32.
import type { Activation } from '../../core/layers.ts';
import type { Ref } from './ref.ts';
import type { UpdateOp } from './update-op.ts';

/**
 * A matrix product and what is done to each element before it is stored, in this order:
 * v = Σₖ; v += bias[n]; preActivation = v; v = activation(v); v += residual[m, n]; v *= derivative.function′(derivative.of[m, n]);
 * v += output[m, n] if `accumulate`. Absent parts are null.
 * NT: Σ a[m,k] b[n,k] (y = x Wᵀ) · NN: Σ a[m,k] b[k,n] (dx = dy W) · TN: Σ a[k,m] b[k,n] (dW = dyᵀ x).
 */
export interface MatrixProduct<T> {
  readonly kind: 'matmul';
  readonly layout: 'NT' | 'NN' | 'TN';
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly a: T;
  readonly b: T;
  readonly output: T;
  readonly bias: T | null;
  readonly preActivation: T | null;
  readonly activation: Activation | null;
  readonly residual: T | null;
  readonly derivative: Derivative<T> | null;
  readonly accumulate: boolean;
}

/** ReLU′ may be taken of the value after the activation: 1 where it is above 0, else 0. GELU′ needs the one before. */
export interface Derivative<T> {
  readonly function: Activation;
  readonly of: T;
}

/**
 * output = input · factor · derivative.function′(derivative.of) + residual, element by element; absent parts are null.
 * The factor is that of `core/dropout.ts` at this step of this run, which the executor knows: forward and backward alike.
 */
export interface Pointwise<T> {
  readonly kind: 'pointwise';
  readonly rows: number;
  readonly columns: number;
  readonly input: T;
  readonly output: T;
  readonly dropout: { readonly rate: number; readonly site: number } | null;
  readonly derivative: Derivative<T> | null;
  readonly residual: T | null;
}

/** output[n] = Σₘ input[m, n]: the gradient of a bias. */
export interface ColumnSum<T> {
  readonly kind: 'column-sum';
  readonly rows: number;
  readonly columns: number;
  readonly input: T;
  readonly output: T;
}

/**
 * Picks `rows` images of the resident dataset, varies and normalises them into input[rows, features], and their classes
 * into labels[rows]. Which images, and how they are varied, the executor knows.
 */
export interface Gather<T> {
  readonly kind: 'gather';
  readonly rows: number;
  readonly features: number;
  readonly input: T;
  readonly labels: T;
}

/**
 * output = min(1, max(0, image + noise)). Which noise, the executor knows: drawn anew for each step and place in the
 * batch, or where `isFixed` for each image alone (`core/noise.ts`).
 */
export interface Noise<T> {
  readonly kind: 'noise';
  readonly rows: number;
  readonly features: number;
  readonly isFixed: boolean;
  readonly image: T;
  readonly output: T;
}

/** output[rows, channels, height / 2, width / 2]: the images at half their resolution, bicubic (`core/halve.ts`). */
export interface Halve<T> {
  readonly kind: 'halve';
  readonly rows: number;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly image: T;
  readonly output: T;
}

/** output[row] = the prototype image of labels[row], which the executor has. */
export interface Prototype<T> {
  readonly kind: 'prototype';
  readonly rows: number;
  readonly features: number;
  readonly labels: T;
  readonly output: T;
}

/** Normalised rows: x̂ = (x − mean) · rstd, v = x̂ weight + bias; preActivation = v; output = activation(v). */
export interface LayerNormForward<T> {
  readonly kind: 'layer-norm';
  readonly rows: number;
  readonly columns: number;
  readonly epsilon: number;
  readonly input: T;
  readonly weight: T;
  readonly bias: T;
  readonly output: T;
  readonly preActivation: T | null;
  readonly activation: Activation | null;
  /** [rows] each, kept for the backward pass; null in evaluation. */
  readonly mean: T | null;
  readonly rstd: T | null;
}

/** inputGradient = rstd · (g − mean(g) − x̂ · mean(g x̂)) with g = gradient · weight; added where `accumulate`. */
export interface LayerNormBackward<T> {
  readonly kind: 'layer-norm-backward';
  readonly rows: number;
  readonly columns: number;
  readonly gradient: T;
  readonly input: T;
  readonly weight: T;
  readonly mean: T;
  readonly rstd: T;
  readonly inputGradient: T;
  readonly accumulate: boolean;
}

/** Column sums: weightGradient = Σ gradient · x̂, biasGradient = Σ gradient. */
export interface LayerNormParameters<T> {
  readonly kind: 'layer-norm-parameters';
  readonly rows: number;
  readonly columns: number;
  readonly gradient: T;
  readonly input: T;
  readonly mean: T;
  readonly rstd: T;
  readonly weightGradient: T;
  readonly biasGradient: T;
}

/**
 * Normalised columns: normalised = x̂ = (x − mean) · rstd with the batch's biased variance; output = activation(x̂) where
 * there is an activation, else output is null and x̂ is the output. running = (1 − momentum) · running + momentum · batch,
 * with the unbiased variance.
 */
export interface BatchNormForward<T> {
  readonly kind: 'batch-norm';
  readonly rows: number;
  readonly columns: number;
  readonly epsilon: number;
  readonly momentum: number;
  readonly input: T;
  readonly normalised: T;
  readonly output: T | null;
  readonly activation: Activation | null;
  /** [columns], kept for the backward pass. */
  readonly rstd: T;
  readonly runningMean: T;
  readonly runningVariance: T;
}

/** output = activation((x − runningMean) / √(runningVariance + epsilon)). */
export interface BatchNormEvaluation<T> {
  readonly kind: 'batch-norm-evaluation';
  readonly rows: number;
  readonly columns: number;
  readonly epsilon: number;
  readonly input: T;
  readonly output: T;
  readonly activation: Activation | null;
  readonly runningMean: T;
  readonly runningVariance: T;
}

/** inputGradient = rstd · (g − meanₘ(g) − x̂ · meanₘ(g x̂)) with means down each column; added where `accumulate`. */
export interface BatchNormBackward<T> {
  readonly kind: 'batch-norm-backward';
  readonly rows: number;
  readonly columns: number;
  readonly gradient: T;
  readonly normalised: T;
  readonly rstd: T;
  readonly inputGradient: T;
  readonly accumulate: boolean;
}

/**
 * losses[m] = −Σ t log softmax(logits), t = (1 − smoothing) on the label + smoothing / classes on every class;
 * correct[m] = 1 where the first largest logit is the label's, else 0; gradient = (softmax − t) · scale.
 */
export interface SoftmaxCrossEntropy<T> {
  readonly kind: 'softmax-cross-entropy';
  readonly rows: number;
  readonly classes: number;
  readonly smoothing: number;
  /** 1 / rows: the loss of a step is the mean of its rows. */
  readonly scale: number;
  readonly logits: T;
  readonly labels: T;
  readonly losses: T;
  readonly correct: T;
  /** Null in evaluation. */
  readonly gradient: T | null;
}

/**
 * σ = 1 / (1 + e^−logits); losses[m] = meanₙ (σ − goal)²; output = σ; gradient = (σ − goal) · σ (1 − σ) · scale.
 */
export interface SquaredError<T> {
  readonly kind: 'squared-error';
  readonly rows: number;
  readonly features: number;
  /** 2 / (rows · features): the loss of a step is the mean of its rows. */
  readonly scale: number;
  readonly logits: T;
  readonly goal: T;
  readonly losses: T;
  /** Null in training. */
  readonly output: T | null;
  /** Null in evaluation. */
  readonly gradient: T | null;
}

/** One operation; `T` is what an operand is: a place, once the program is built. */
export type Op<T = Ref> =
  | Gather<T>
  | Noise<T>
  | Halve<T>
  | Prototype<T>
  | MatrixProduct<T>
  | Pointwise<T>
  | ColumnSum<T>
  | LayerNormForward<T>
  | LayerNormBackward<T>
  | LayerNormParameters<T>
  | BatchNormForward<T>
  | BatchNormEvaluation<T>
  | BatchNormBackward<T>
  | SoftmaxCrossEntropy<T>
  | SquaredError<T>
  | UpdateOp<T>;
