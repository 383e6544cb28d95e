"""Trains a finished run of task=denoise again in PyTorch, from its initial weights, and compares the test PSNR.

python3 tests/reference/denoise_twin.py RUN MNIST     RUN: a folder of `lab train … --out RUN --trace <all steps>`
MNIST: the folder with the four idx files. First the run itself is replayed, with its own noise; then it is trained three
times with noise of PyTorch's generator, in training and in the test, which says how much the noise alone moves the score.
"""
import gzip
import json
import math
import pathlib
import sys

import golden
import noise
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

SEEDS, TEST_BATCH = (1, 2, 3), 128


def idx(folder, name):
    data = gzip.decompress((folder / f'{name}.gz').read_bytes())
    return np.frombuffer(data, np.uint8, offset=16 if 'images' in name else 8)


def safetensors(path):
    data = path.read_bytes()
    size = int.from_bytes(data[:8], 'little')
    header = json.loads(data[8 : 8 + size])
    header.pop('__metadata__', None)
    return {
        name: torch.from_numpy(np.frombuffer(data, '<f4', math.prod(one['shape']), 8 + size + one['data_offsets'][0]).copy()).reshape(one['shape'])
        for name, one in header.items()
    }


def network(config, weights):
    pixels = weights['linear_out.weight'].shape[0]
    activation = {'relu': nn.ReLU, 'gelu': nn.GELU}[config['model.activation']]
    width, inner = weights['blocks.0.block.0.weight'].shape[::-1]
    bias = config['model.bias']
    net = golden.Residual(width, inner, config['model.depth'], config['model.norm'], activation, bias)
    net.linear_in, net.linear_out = nn.Linear(pixels, width, bias=bias), nn.Linear(width, pixels, bias=bias)
    net.load_state_dict(weights, strict=False)
    return net


def psnr(net, inputs, goals):
    """Of each 128 images in order, averaged by their number."""
    net.eval()
    total = 0.0
    with torch.no_grad():
        for at in range(0, len(goals), TEST_BATCH):
            x, t = inputs[at : at + TEST_BATCH], goals[at : at + TEST_BATCH]
            total += -10 * math.log10(F.mse_loss(torch.sigmoid(net(x)), t).item()) * len(t)
    net.train()
    return total / len(goals)


def train(config, weights, images, rows, drawn):
    net = network(config, weights)
    if config['model.lift'] != 'trained':
        net.linear_in.weight.requires_grad_(False)
    rate, steps = config['optimizer.learningRate'], len(rows)
    optimizer = torch.optim.AdamW(
        [p for p in net.parameters() if p.requires_grad], lr=rate, weight_decay=config['optimizer.weightDecay']
    )
    losses = []
    for step, batch in enumerate(rows):
        if config['schedule'] == 'linear':
            for group in optimizer.param_groups:
                group['lr'] = rate * (1 - step / steps)
        goal = images[batch]
        optimizer.zero_grad()
        loss = F.mse_loss(torch.sigmoid(net((goal + drawn(step, goal)).clamp(0, 1))), goal)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return net, losses


def main(run, mnist):
    record = json.loads((run / 'run.json').read_text())
    config = record['config']
    assert config['task'] == 'denoise' and config['optimizer'] == 'adamw' and config['schedule'] in ('linear', 'constant')
    trace = [json.loads(line) for line in (run / 'trace.jsonl').read_text().splitlines()]
    assert len(trace) == record['measurement']['steps'], 'trace every step'
    rows = [torch.tensor(line['indices']) for line in trace]
    weights = safetensors(run / 'init.safetensors')
    images, test = (
        torch.from_numpy(idx(mnist, f'{split}-images-idx3-ubyte').copy()).reshape(-1, 784).float() / 255
        for split in ('train', 't10k')
    )
    std, seed = config['task.noise'], config['seed']
    table = noise.table(std)
    fixed = torch.from_numpy(noise.fixed_noise(table, np.arange(len(test)), 784, seed))
    own = lambda step, goal: torch.from_numpy(noise.training_noise(table, len(goal), 784, seed, step))
    net, losses = train(config, weights, images, rows, own)
    replayed = psnr(net, (test + fixed).clamp(0, 1), test)
    found = record['measurement']['test']['psnr']
    first = max(abs(a / line['loss'] - 1) for a, line in zip(losses[:20], trace))
    last = max(abs(a / line['loss'] - 1) for a, line in zip(losses, trace))
    print(f'replayed     {replayed:.4f} dB, the run {found:.4f} dB, off by {replayed - found:+.4f}')
    print(f'             losses of 20 steps within {first:.1e}, of all {len(trace)} steps within {last:.1e}')
    scores = []
    for twin in SEEDS:
        torch.manual_seed(twin)
        net, _ = train(config, weights, images, rows, lambda step, goal: std * torch.randn_like(goal))
        scores.append(psnr(net, (test + std * torch.randn_like(test)).clamp(0, 1), test))
    mean = sum(scores) / len(scores)
    print('other noise ', ' '.join(f'{score:.4f}' for score in scores), f'mean {mean:.4f} dB, off by {mean - found:+.4f}')


if __name__ == '__main__':
    main(*map(pathlib.Path, sys.argv[1:3]))
