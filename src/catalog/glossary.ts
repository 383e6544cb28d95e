// The lab's words: every screen, file and document uses exactly these.

export interface Term {
  readonly term: string;
  /** Its letter in formulas. */
  readonly symbol?: string;
  readonly words: string;
}

export const glossary: readonly Term[] = [
  { term: 'config', words: 'All settings of a run. The link is the config, and the config is the run.' },
  {
    term: 'run',
    words: 'One training of one config, with what was measured. Trained again, it is another attempt.',
  },
  { term: 'step', symbol: 's', words: 'One batch, one gradient, one update of the weights.' },
  {
    term: 'epoch',
    words: 'One pass over the training images, in a new order. A last partial batch is left out.',
  },
  {
    term: 'batch size',
    symbol: 'B',
    words:
      'Images whose gradients are averaged for one update. Larger batches: less noise, fewer updates an epoch.',
  },
  {
    term: 'learning rate',
    symbol: 'η',
    words: 'How far an update goes. Half of all surprises are a learning rate.',
  },
  { term: 'width', symbol: 'm', words: 'Features between the blocks.' },
  {
    term: 'depth',
    symbol: 'L',
    words: 'Number of blocks; for the isotropic shape, of layers before the head.',
  },
  { term: 'isotropic', words: 'Every hidden layer as wide as the others, without skips: the plain MLP.' },
  {
    term: 'inverted bottleneck',
    words: 'A residual block that widens and then narrows. Expansion factor: wide over narrow, usually 4.',
  },
  {
    term: 'hourglass',
    words:
      'A residual block that narrows and then widens; the skip runs at the wide ends. Bottleneck ratio: narrow over wide.',
  },
  { term: 'lift', words: 'The input projection, from pixels to width. Trained, or fixed as it was drawn.' },
  { term: 'head', words: 'The last layer, from width to classes or pixels.' },
  { term: 'fan-in', words: 'Inputs of a neuron. First weights are uniform within ±1/√fan-in.' },
  {
    term: 'parameters',
    symbol: 'N',
    words:
      'Total, trainable (a fixed lift is not) and block: all but lift and head, which dominate small networks.',
  },
  {
    term: 'unique examples',
    symbol: 'D',
    words: 'Different training images. Never the same as examples seen.',
  },
  {
    term: 'examples seen',
    symbol: 'T',
    words: 'Images trained on, counted with repetition: steps × batch size.',
  },
  {
    term: 'compute',
    symbol: 'C',
    words:
      'Training FLOPs: 6 × multiply-adds × examples seen. Scaling MLPs counts a multiply-add once: half of it.',
  },
  {
    term: 'train, validation, test',
    words: 'Learnt from; chosen by (settings, early stopping); reported, and never chosen by.',
  },
  {
    term: 'seed',
    words: 'Decides first weights, order of images and augmentation. Another seed shows how much is luck.',
  },
  {
    term: 'diverged',
    words: 'The loss is not finite, or a hundred times what it began with. An outcome, marked at its step.',
  },
  { term: 'checkpoint', words: 'Weights and slots at a step: what a run resumes from, to the last bit.' },
  { term: 'slot', words: 'What an optimizer remembers of each parameter, such as a mean of its gradients.' },
  { term: 'sweep', words: 'Settings varied on axes, times seeds. Each combination is a trial.' },
  { term: 'study', words: 'A question, and the sweep that answers it.' },
  {
    term: 'gradient noise scale',
    symbol: 'B_noise',
    words:
      'Variance of the gradients of single examples over the squared gradient: the batch at which noise and signal are even.',
  },
  {
    term: 'critical batch size',
    symbol: 'B_crit',
    words: 'Where reaching a loss takes twice the fewest steps and twice the fewest examples.',
  },
  {
    term: 'scaling law',
    words: 'A loss or error as a power of parameters, data or compute, above an irreducible loss E.',
  },
  { term: 'frontier', words: 'The best error reached at each compute.' },
  {
    term: 'body',
    words: 'All of a network below its head. A transfer starts from a trained body under a new head.',
  },
  { term: 'fine-tuning', words: 'Training body and head of a transfer, the body at a smaller rate.' },
  {
    term: 'linear probe',
    words: 'Training the head alone on a frozen body: how much of the answer the body already holds.',
  },
  {
    term: 'test-time augmentation',
    words: 'Scoring several versions of each test image, varied as in training, by the mean of the answers.',
  },
];
