#!/usr/bin/env python3
"""Makes the built-in part of Fashion-MNIST: per class the first 1,200 training and 200 test images, in official order.

Reads the four official idx files (Debian package dataset-fashion-mnist, or a folder given as the argument), checks
their SHA-256, and writes four gzipped idx files beside this script. The same input gives the same bytes.
"""

import gzip
import hashlib
import pathlib
import struct
import sys

SOURCE = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/datasets/fashion-mnist")
TARGET = pathlib.Path(__file__).resolve().parent
CLASSES = 10
# SHA-256 of the official files, inflated.
OFFICIAL = {
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}


def official(name):
    data = gzip.decompress((SOURCE / f"{name}.gz").read_bytes())
    found = hashlib.sha256(data).hexdigest()
    if found != OFFICIAL[name]:
        sys.exit(f"{name}: SHA-256 {found} is not the official {OFFICIAL[name]}")
    return data


def write(name, dimensions, data):
    header = struct.pack(f">BBBB{len(dimensions)}I", 0, 0, 8, len(dimensions), *dimensions)
    (TARGET / f"{name}.gz").write_bytes(gzip.compress(header + data, compresslevel=9, mtime=0))


def prepare(prefix, name, per_class):
    images = official(f"{prefix}-images-idx3-ubyte")[16:]
    labels = official(f"{prefix}-labels-idx1-ubyte")[8:]
    taken = [0] * CLASSES
    rows = []
    for row, label in enumerate(labels):
        if taken[label] < per_class:
            taken[label] += 1
            rows.append(row)
    pixels = 28 * 28
    write(f"{name}-images", (len(rows), 28, 28), b"".join(images[row * pixels : (row + 1) * pixels] for row in rows))
    write(f"{name}-labels", (len(rows),), bytes(labels[row] for row in rows))


prepare("train", "train", 1200)
prepare("t10k", "test", 200)
