"""The lab's Gaussian noise in numpy, bit for bit: what a PyTorch script needs to replay a run of task=denoise.

Threefry-2x32 with 20 rounds (Salmon et al. 2011) under the key (seed, stream) gives two words for each four pixels;
each half of a word picks one of 65,536 normal quantiles. docs/math.md says the same in words.
"""
import statistics

import numpy as np

NOISE, FIXED_NOISE = 12, 13
TEST, TRAIN = 0, 1
ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))


def threefry(key0, key1, counter0, counter1):
    """Two uint32 arrays for uint32 arrays (or numbers) of counters."""
    keys = [np.uint32(key0), np.uint32(key1), np.uint32(0x1BD11BDA ^ key0 ^ key1)]
    with np.errstate(over='ignore'):
        x0 = np.asarray(counter0, np.uint32) + keys[0]
        x1 = np.asarray(counter1, np.uint32) + keys[1]
        for group in range(5):
            for by in ROTATIONS[group % 2]:
                x0 = x0 + x1
                x1 = ((x1 << np.uint32(by)) | (x1 >> np.uint32(32 - by))) ^ x0
            x0 = x0 + keys[(group + 1) % 3]
            x1 = x1 + keys[(group + 2) % 3] + np.uint32(group + 1)
    return x0, x1


def table(std):
    normal = statistics.NormalDist()
    return np.array([std * normal.inv_cdf((i + 0.5) / 65536) for i in range(65536)], np.float64).astype(np.float32)


def noise(values, ids, features, seed, stream, lane):
    """[len(ids), features] float32; `ids` are places in the batch, or rows of the split where the noise is fixed."""
    calls = -(-features // 4)
    counter = np.asarray(ids, np.uint32)[:, None] * np.uint32(calls) + np.arange(calls, dtype=np.uint32)[None, :]
    first, second = threefry(seed, stream, counter, np.full_like(counter, lane))
    halves = np.stack([first & 0xFFFF, first >> 16, second & 0xFFFF, second >> 16], axis=2)
    return values[halves.reshape(len(ids), 4 * calls)[:, :features]]


def training_noise(values, rows, features, seed, step):
    """Of the `rows` places of the batch of `step`, counted from 0."""
    return noise(values, np.arange(rows), features, seed, NOISE, step)


def fixed_noise(values, rows, features, seed, split=TEST):
    """Of these rows of the test split, or of the training split (validation images)."""
    return noise(values, rows, features, seed, FIXED_NOISE, split)


def noisy(images, drawn):
    """`images` float32 in [0, 1]."""
    return np.clip(images + drawn, np.float32(0), np.float32(1))
