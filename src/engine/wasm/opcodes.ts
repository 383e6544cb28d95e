// Numbers of the operations on a tape and of the endings of a matrix product. Read by TypeScript and by the kernels.

export const PACK = 1;
export const MULTIPLY = 2;
export const ACTIVATE = 3;
export const POINTWISE = 4;
export const LAYER_NORM = 6;
export const LAYER_NORM_BACKWARD = 7;
export const LAYER_NORM_GRADIENT = 8;
export const BATCH_NORM = 9;
export const BATCH_NORM_EVALUATE = 10;
export const BATCH_NORM_BACKWARD = 11;
export const COLUMN_SUMS = 12;
export const CROSS_ENTROPY = 13;
export const MEAN = 14;
export const SQUARES = 15;
export const CLIP = 16;
export const SGD = 17;
export const ADAMW = 18;
export const LION = 19;
export const GATHER = 20;
export const NOISE = 21;
export const HALVE = 22;
export const PROTOTYPE = 23;
export const SQUARED_ERROR = 24;
export const MIX = 25;
export const AVERAGE = 26;
export const ACCUMULATE = 27;

/** Activations. */
export const IDENTITY = 0;
export const RELU = 1;
export const GELU = 2;

/** Bytes of one record on a tape; 15 integers at most from byte 16, 6 float64 numbers from byte 80. */
export const RECORD_BYTES = 128;
export const WORDS_OFFSET = 16;
export const REALS_OFFSET = 80;

/** Rows of a register tile, columns of a register tile, and the length of a block of K. */
export const TILE_ROWS = 5;
export const TILE_COLUMNS = 8;
export const BLOCK_K = 256;

/** Elements whose squares are summed together: the same chunks whatever the number of threads. */
export const SQUARES_CHUNK = 16384;

/** Byte offsets in the control block; each word that threads write has its cache line. */
export const ARRIVED = 0;
export const GENERATION = 64;
export const SLEEPERS = 128;
export const TAPE = 192;
export const TAPE_LENGTH = 196;
export const STOPPED = 200;
export const CONTROL_BYTES = 256;

/** Bytes of scratch that each thread owns: packed columns, then one register tile. */
export const SCRATCH_BYTES = 73728;
