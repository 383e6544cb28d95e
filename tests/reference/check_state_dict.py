"""Loads weights that the lab exported into a module with the official names, and prints its logits for one image.

python3 tests/reference/check_state_dict.py model.safetensors   (PyTorch only; strict: every name and shape must fit)
The image has the bytes (i * 7919) % 251, normalised by golden.py's mean and std.
"""
import json
import struct
import sys

import torch
from torch import nn

sys.dont_write_bytecode = True
import golden  # noqa: E402


def read(path):
    """Tensors of a float32 safetensors file, and its metadata."""
    data = open(path, 'rb').read()
    (length,) = struct.unpack('<Q', data[:8])
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop('__metadata__', {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry['data_offsets']
        flat = torch.frombuffer(bytearray(data[8 + length + begin : 8 + length + end]), dtype=torch.float32)
        tensors[name] = flat.reshape(entry['shape'])
    return tensors, metadata


def module(tensors):
    width, golden.INPUTS = tensors['linear_in.weight'].shape
    if 'layers.0.weight' in tensors:
        return golden.Isotropic(width, 1 + sum(n.startswith('layernorms') for n in tensors) // 2, nn.GELU)
    depth = sum(n.endswith('block.0.weight') for n in tensors)
    inner = tensors['blocks.0.block.0.weight'].shape[0]
    if 'norms.0.running_mean' in tensors:
        return golden.Residual(width, inner, depth, 'batch', nn.ReLU, False)
    return golden.Residual(width, inner, depth, 'layer', nn.GELU, True)


tensors, _ = read(sys.argv[1])
weights = {name: tensor for name, tensor in tensors.items() if not name.startswith('optimizer.')}
model = module(weights)
missing, unexpected = model.load_state_dict(weights, strict=False)
assert not unexpected, unexpected
assert all(name.endswith('num_batches_tracked') for name in missing), missing
model.eval()
pixels = torch.tensor([(i * 7919) % 251 for i in range(golden.INPUTS)], dtype=torch.uint8)
image = (pixels.float() / 255 - torch.tensor(golden.MEAN)) / torch.tensor(golden.STD)
with torch.no_grad():
    print(json.dumps(model(image[None])[0].tolist()))
