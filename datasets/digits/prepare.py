#!/usr/bin/env python3
"""Makes the built-in digits from scikit-learn's `load_digits` (Debian package python3-sklearn).

1,797 pictures of 8 x 8 pixels, values 0 to 16 times 15, so that 16 is 240 and every grey stays an exact byte.
Test: the last 30 pictures of each class in scikit-learn's order (300). Train: all others (1,497). Both keep that order.
Writes four gzipped idx files beside this script; the same input gives the same bytes.
"""

import gzip
import pathlib
import struct

from sklearn.datasets import load_digits

TARGET = pathlib.Path(__file__).resolve().parent
TEST_PER_CLASS = 30


def write(name, dimensions, data):
    header = struct.pack(f">BBBB{len(dimensions)}I", 0, 0, 8, len(dimensions), *dimensions)
    (TARGET / f"{name}.gz").write_bytes(gzip.compress(header + data, compresslevel=9, mtime=0))


digits = load_digits()
pixels = (digits.images * 15).astype("uint8")
assert ((pixels == digits.images * 15).all()) and pixels.shape == (1797, 8, 8) and pixels.max() == 240
test = set()
for label in range(10):
    test.update([row for row, found in enumerate(digits.target) if found == label][-TEST_PER_CLASS:])
for name, rows in [
    ("train", [row for row in range(1797) if row not in test]),
    ("test", sorted(test)),
]:
    write(f"{name}-images", (len(rows), 8, 8), pixels[rows].tobytes())
    write(f"{name}-labels", (len(rows),), bytes(int(digits.target[row]) for row in rows))
    part = pixels[rows] / 255
    print(name, len(rows), "mean", part.mean(), "std", part.std())
