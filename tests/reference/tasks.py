"""Golden numbers of the tasks on images: noise, halved images, SSIM, and small networks trained on each task in PyTorch.

Writes tasks.json beside itself: python3 tests/reference/tasks.py   (PyTorch 1.13 or later; one thread, CPU)
"""
import base64
import copy
import json
import math
import pathlib

import golden
import noise
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

BATCH, STEPS, SIDE = golden.BATCH, golden.STEPS, 8
PIXELS = SIDE * SIDE
SEED, STD = 5, 0.25
HOURGLASS = {'model': 'hourglass', 'model.width': 10, 'model.depth': 2, 'model.bottleneck': 4}
INVERTED = {'model': 'inverted-bottleneck', 'model.width': 8, 'model.depth': 1, 'model.expansion': 2}
CASES = [
    ('denoise, hourglass', 'denoise', HOURGLASS, 'adamw', {}),
    ('denoise, fixed lift', 'denoise', HOURGLASS, 'adamw', {'model.lift': 'fixed'}),
    ('denoise, clipped', 'denoise', INVERTED, 'sgd', {'train.clipNorm': 0.01}),
    ('super-resolve, inverted bottleneck', 'super-resolve', INVERTED, 'adamw', {}),
    ('prototype, hourglass', 'prototype', HOURGLASS, 'sgd', {}),
]


def halve(images):
    """[n, channels, height, width] at half the resolution."""
    size = (images.shape[2] // 2, images.shape[3] // 2)
    return F.interpolate(images, size=size, mode='bicubic', align_corners=False, antialias=False)


def ssim(a, b, window=11, sigma=1.5, k1=0.01, k2=0.03):
    """Of two images [channels, height, width] with data range 1, over the places where the window lies inside."""
    x = torch.arange(window, dtype=torch.float64) - (window - 1) / 2
    g = torch.exp(-0.5 * (x / sigma) ** 2)
    kernel = torch.outer(g / g.sum(), g / g.sum())[None, None]
    blur = lambda image: F.conv2d(image[:, None], kernel)
    a, b = a.double(), b.double()
    mu_a, mu_b = blur(a), blur(b)
    var_a, var_b, cov = blur(a * a) - mu_a**2, blur(b * b) - mu_b**2, blur(a * b) - mu_a * mu_b
    c1, c2 = k1**2, k2**2
    value = (2 * mu_a * mu_b + c1) * (2 * cov + c2) / ((mu_a**2 + mu_b**2 + c1) * (var_a + var_b + c2))
    return float(value.mean())


class Sigmoid(nn.Module):
    """A network in the official names with a sigmoid behind it."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, x):
        return torch.sigmoid(self.net(x))


def make_network(config, inputs):
    width, bias = config['model.width'], config['model'] != 'hourglass'
    if config['model'] == 'hourglass':
        net = golden.Residual(width, config['model.bottleneck'], config['model.depth'], 'batch', nn.ReLU, bias)
    else:
        net = golden.Residual(width, width * config['model.expansion'], config['model.depth'], 'layer', nn.GELU, bias)
    net.linear_in = nn.Linear(inputs, width, bias=bias)
    net.linear_out = nn.Linear(width, PIXELS, bias=bias)
    return net


def pairs(task, images, labels):
    """What enters the network and what has to come out, step by step, and the same for the first rows in evaluation."""
    table = noise.table(STD)
    if task == 'denoise':
        drawn = [noise.training_noise(table, BATCH, PIXELS, SEED, step) for step in range(STEPS)]
        inputs = [torch.from_numpy(noise.noisy(x.numpy(), n)) for x, n in zip(images, drawn)]
        fixed = noise.fixed_noise(table, np.arange(BATCH), PIXELS, SEED, noise.TRAIN)
        return inputs, images, torch.from_numpy(noise.noisy(images[0].numpy(), fixed))
    if task == 'super-resolve':
        inputs = [halve(x.reshape(-1, 1, SIDE, SIDE)).reshape(len(x), -1) for x in images]
        return inputs, images, inputs[0]
    flat, classes = images.reshape(-1, PIXELS), labels.reshape(-1)
    first = {int(c): int((classes == c).nonzero()[0]) for c in classes.unique()}
    targets = [torch.stack([flat[first[int(c)]] for c in row]) for row in labels]
    return list(images), targets, images[0]


def train(model, optimizer_name, extra, inputs, targets, scored):
    dtype = next(model.parameters()).dtype
    if extra.get('model.lift') == 'fixed':
        model.net.linear_in.weight.requires_grad_(False)
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = golden.make_optimizer(optimizer_name, trainable)
    named = lambda: {n.removeprefix('net.'): p for n, p in model.named_parameters()}
    state = lambda: golden.state(model.net)
    losses, norms, first = [], [], {}
    model.train()
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = F.mse_loss(model(inputs[step].to(dtype)), targets[step].to(dtype))
        loss.backward()
        if step == 0:
            first['gradients'] = {n: p.grad.clone() for n, p in named().items() if p.grad is not None}
        clip = extra.get('train.clipNorm', 0.0)
        norms.append(float(torch.nn.utils.clip_grad_norm_(trainable, clip if clip > 0 else math.inf)))
        optimizer.step()
        losses.append(float(loss))
        if step == 0:
            first['state'] = copy.deepcopy(state())
            first['slots'] = {
                slot: {n: optimizer.state[p][slot].clone() for n, p in named().items() if p.requires_grad}
                for slot in golden.SLOTS[optimizer_name]
            }
    model.eval()
    with torch.no_grad():
        return losses, norms, first, state(), model(scored.to(dtype))


def spread_of(start, optimizer, extra, inputs, targets, scored, losses):
    """Largest relative difference of a loss to float64 and to networks whose sums run in another order."""
    curves = [train(copy.deepcopy(start).double(), optimizer, extra, inputs, targets, scored)[0]]
    for _ in range(golden.PERMUTATIONS):
        order, rows = torch.randperm(inputs[0].shape[1]), torch.randperm(BATCH)
        twin = copy.deepcopy(start)
        with torch.no_grad():
            twin.net.linear_in.weight.copy_(start.net.linear_in.weight[:, order])
        shuffled = [x[rows][:, order] for x in inputs]
        curves.append(train(twin, optimizer, extra, shuffled, [t[rows] for t in targets], scored[:, order])[0])
    return max(abs(a - b) / abs(b) for curve in curves for a, b in zip(curve, losses))


def cases(images, labels):
    for title, task, model, optimizer, extra in CASES:
        inputs, targets, scored = pairs(task, images, labels)
        start = Sigmoid(make_network(model, inputs[0].shape[1]))
        losses, norms, first, final, outputs = train(copy.deepcopy(start), optimizer, extra, inputs, targets, scored)
        spread = spread_of(start, optimizer, extra, inputs, targets, scored, losses)
        print(f'{title:36s} first {losses[0]:.5f} last {losses[-1]:.5f} spread {spread:.2e}')
        settings = {**model, **golden.OPTIMIZERS[optimizer], **extra, 'task': task, 'seed': SEED}
        yield {
            'title': title,
            'start': golden.named(golden.state(start.net)),
            'config': {**settings, 'train.batchSize': BATCH, 'train.steps': STEPS},
            'losses': losses,
            'rates': [golden.OPTIMIZERS[optimizer]['optimizer.learningRate']] * STEPS,
            'norms': norms,
            'spread': spread,
            'gradients': golden.named(first['gradients']),
            'updated': golden.named(first['state']),
            'slots': {slot: golden.named(tensors) for slot, tensors in first['slots'].items()},
            'final': golden.named(final),
            'outputs': golden.pack(outputs),
        }


def main():
    torch.manual_seed(11)
    packed = json.loads(pathlib.Path(golden.__file__).with_name('golden.json').read_text())
    pixels = np.frombuffer(base64.b64decode(packed['images']), np.uint8).reshape(STEPS, BATCH, PIXELS)
    images = torch.from_numpy(pixels.copy()).float() / 255
    labels = torch.tensor(packed['labels']).reshape(STEPS, BATCH)
    colour = torch.rand(2, 3, 12, 16)
    other = (colour + 0.2 * torch.randn_like(colour)).clamp(0, 1)
    out = {
        'table': {'std': STD, 'values': golden.pack(torch.from_numpy(noise.table(STD)[::257].copy()))},
        'noise': [
            {
                'features': features,
                'seed': seed,
                'step': step,
                'rows': rows,
                'training': golden.pack(torch.from_numpy(noise.training_noise(noise.table(1), len(rows), features, seed, step))),
                'test': golden.pack(torch.from_numpy(noise.fixed_noise(noise.table(1), rows, features, seed))),
            }
            for features, seed, step, rows in [(5, 0, 0, [3]), (18, 2**31 - 1, 123456, [0, 59999, 7])]
        ],
        'halved': {'images': golden.pack(colour), 'shape': [2, 3, 12, 16], 'values': golden.pack(halve(colour))},
        'ssim': {'other': golden.pack(other), 'values': [ssim(a, b) for a, b in zip(colour, other)]},
        'ssimSmall': ssim(images[0][0].reshape(1, 8, 8), images[0][1].reshape(1, 8, 8), window=7),
        'cases': list(cases(images, labels)),
    }
    path = pathlib.Path(__file__).with_name('tasks.json')
    path.write_text(json.dumps(out, separators=(',', ':')) + '\n')
    print(path, path.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
