"""Converts a PyTorch checkpoint (.pt, .pth) of the Scaling MLPs code to safetensors, which the lab starts from.

python3 tests/reference/to_safetensors.py CHECKPOINT.pt OUT.safetensors   (PyTorch 1.13 or later; nothing else)
python3 tests/reference/to_safetensors.py --try OUT.safetensors           makes a checkpoint itself and converts that

Takes a state dict, or what holds one under `state_dict`, `model` or `net`; a prefix that all names share (`module.` of
data parallelism, `_orig_mod.` of torch.compile) goes. Tensors become float32; counters of BatchNorm, which are no float32,
are left out. Only tensors are unpickled.
"""
import json
import pathlib
import struct
import sys
import tempfile

import torch

HOLDERS = ('state_dict', 'model', 'net')
PREFIXES = ('module.', '_orig_mod.')


def state_dict_of(path):
    try:
        loaded = torch.load(path, map_location='cpu', weights_only=True)
    except TypeError as error:  # PyTorch before 1.13
        raise SystemExit(f'{path}: this PyTorch cannot read tensors alone ({error}); use 1.13 or later.')
    except Exception as error:
        raise SystemExit(f'{path} is not a checkpoint of tensors: {str(error).splitlines()[0]}')
    for holder in HOLDERS:
        if isinstance(loaded, dict) and isinstance(loaded.get(holder), dict):
            loaded = loaded[holder]
    if not isinstance(loaded, dict) or not any(torch.is_tensor(t) for t in loaded.values()):
        raise SystemExit(f'{path} holds no state dict: save model.state_dict().')
    tensors = {n: t for n, t in loaded.items() if torch.is_tensor(t) and t.is_floating_point()}
    for prefix in PREFIXES * 2:
        if all(n.startswith(prefix) for n in tensors):
            tensors = {n[len(prefix):]: t for n, t in tensors.items()}
    return {n: t.detach().to(torch.float32).contiguous() for n, t in tensors.items()}


def write_safetensors(path, tensors):
    """Eight bytes of header length, a JSON header, the tensors' bytes one after the other."""
    header, offset = {'__metadata__': {'format': 'pt'}}, 0
    for name, tensor in tensors.items():
        end = offset + 4 * tensor.numel()
        header[name] = {'dtype': 'F32', 'shape': list(tensor.shape), 'data_offsets': [offset, end]}
        offset = end
    text = json.dumps(header, separators=(',', ':')).encode()
    text += b' ' * (-len(text) % 8)
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        for tensor in tensors.values():
            file.write(tensor.numpy().tobytes())


def read_back(path):
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack('<Q', data[:8])
    header = json.loads(data[8 : 8 + length])
    header.pop('__metadata__')
    places = {n: (h['shape'], data[8 + length + h['data_offsets'][0] : 8 + length + h['data_offsets'][1]]) for n, h in header.items()}
    return {n: torch.frombuffer(bytearray(raw), dtype=torch.float32).reshape(shape) for n, (shape, raw) in places.items()}


def try_out(out):
    """A checkpoint as data-parallel training saves it: B_2-Wi_16 for 64 × 64 images in colour, 20 classes."""
    from golden import Block
    from torch import nn

    torch.manual_seed(5)
    width = 16
    model = nn.Module()
    model.linear_in, model.linear_out = nn.Linear(3 * 64 * 64, width), nn.Linear(width, 20)
    model.blocks = nn.ModuleList([Block(width, 4 * width, nn.GELU, True) for _ in range(2)])
    model.layernorms = nn.ModuleList([nn.LayerNorm(width) for _ in range(2)])
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / 'checkpoint.pt'
        torch.save({'state_dict': {f'module.{n}': t for n, t in model.state_dict().items()}, 'epoch': 3}, path)
        write_safetensors(out, state_dict_of(path))
    converted = read_back(out)
    assert list(converted) == list(model.state_dict())
    assert all(torch.equal(converted[n], t) for n, t in model.state_dict().items())
    print(f'{out}: {len(converted)} tensors, equal to the last bit')


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    source, out = sys.argv[1:]
    if source == '--try':
        return try_out(out)
    tensors = state_dict_of(source)
    write_safetensors(out, tensors)
    print(f'{out}: {len(tensors)} tensors, {sum(t.numel() for t in tensors.values())} values')


if __name__ == '__main__':
    main()
