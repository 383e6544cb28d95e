"""Golden numbers of resized crops and MixUp, given the same windows and shares: pixels, losses, gradients, updates.

Writes augmentation.json beside itself: python3 tests/reference/augmentation.py   (PyTorch 1.13 or later; one thread, CPU)
A window is cut from the raw image, resized by F.interpolate(mode='bilinear', align_corners=False, antialias=False),
mirrored, mixed with the image before it in the batch, then normalised.
"""
import base64
import copy
import json
import math
import pathlib

import torch
import torch.nn.functional as F
from torch import nn

from golden import BATCH, CLASSES, INPUTS, MEAN, MODELS, PERMUTATIONS, STD, STEPS, make_optimizer, named, pack, parameters, permuted, state

SIDE = 8
SHAPES = [(3, 8, 6), (1, 5, 9), (2, 16, 16)]
WINDOWS = 12
SMOOTHING = 0.3
MODEL = 'inverted-bottleneck'


def random_window(height, width):
    w, h = int(torch.randint(1, width + 1, ())), int(torch.randint(1, height + 1, ()))
    x, y = int(torch.randint(0, width - w + 1, ())), int(torch.randint(0, height - h + 1, ()))
    return [int(torch.randint(0, 2, ())), x, y, w, h]


def cut(image, window):
    """One image (channels, height, width) of bytes as float32 in [0, 255]."""
    flip, x, y, w, h = window
    size = image.shape[-2:]
    out = F.interpolate(image[None, :, y : y + h, x : x + w].float(), size=size, mode='bilinear', align_corners=False)[0]
    return out.flip(-1) if flip else out


def crops():
    out = []
    for channels, height, width in SHAPES:
        images = torch.randint(0, 256, (WINDOWS, channels, height, width), dtype=torch.uint8)
        windows = [[0, 0, 0, width, height], [1, 0, 0, width, height], [0, width - 1, height - 1, 1, 1], [1, 1, 2, 2, 3]]
        windows += [random_window(height, width) for _ in range(WINDOWS - len(windows))]
        values = torch.stack([(cut(i, w) / 255 - MEAN) / STD for i, w in zip(images, windows)])
        out.append(
            {
                'shape': {'channels': channels, 'height': height, 'width': width},
                'images': base64.b64encode(images.numpy().tobytes()).decode(),
                'windows': windows,
                'values': pack(values),
            }
        )
    return out


def statistics():
    """Moments of torchvision's windows over a fine grid of its two uniform numbers; a window that does not fit is drawn again."""
    out = []
    for height, width, scale, ratio in [(32, 32, 0.08, 4 / 3), (28, 28, 0.4, 1.0), (20, 32, 0.3, 2.0)]:
        u = (torch.arange(2000, dtype=torch.float64) + 0.5) / 2000
        area = (height * width * (scale + (1 - scale) * u))[:, None]
        aspect = torch.exp(math.log(ratio) * (2 * u - 1))[None, :]
        w, h = torch.round(torch.sqrt(area * aspect)), torch.round(torch.sqrt(area / aspect))
        fits = (w >= 1) & (w <= width) & (h >= 1) & (h <= height)
        w, h = w[fits], h[fits]
        share = w * h / (height * width)
        out.append(
            {
                'height': height, 'width': width, 'scale': scale, 'ratio': ratio,
                'fits': fits.double().mean().item(),
                'w': w.mean().item(), 'h': h.mean().item(), 'x': ((width - w) / 2).mean().item(),
                'share': share.mean().item(), 'spread': share.std().item(),
            }
        )
    return out


def objective(logits, own, before, share):
    criterion = nn.CrossEntropyLoss(label_smoothing=SMOOTHING)
    return share * criterion(logits, own) + (1 - share) * criterion(logits, before)


def train(model, optimizer_name, images, own, before, shares):
    dtype = next(model.parameters()).dtype
    optimizer = make_optimizer(optimizer_name, list(model.parameters()))
    losses, first = [], {}
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = objective(model(images[step].to(dtype)), own[step], before[step], shares[step])
        loss.backward()
        if step == 0:
            first['gradients'] = {n: p.grad.clone() for n, p in parameters(model).items()}
        optimizer.step()
        if step == 0:
            first['state'] = copy.deepcopy(state(model))
        losses.append(float(loss))
    return losses, first


def cases(start, pixels, labels):
    windows = [[random_window(SIDE, SIDE) for _ in range(BATCH)] for _ in range(STEPS)]
    shares = torch.distributions.Beta(0.8, 0.8).sample((STEPS,)).tolist()
    for title, cuts, mixes in [('resized crops', True, False), ('MixUp', False, True), ('resized crops with MixUp', True, True)]:
        raw = pixels.reshape(STEPS, BATCH, 1, SIDE, SIDE)
        if cuts:
            raw = torch.stack([torch.stack([cut(i, w) for i, w in zip(a, b)]) for a, b in zip(raw, windows)])
        raw = raw.float()
        given = [float(torch.tensor(s, dtype=torch.float32)) if mixes else 1.0 for s in shares]
        mixed = torch.stack([s * x + (1 - s) * x.roll(1, 0) for s, x in zip(given, raw)])
        images = ((mixed / 255 - MEAN) / STD).reshape(STEPS, BATCH, INPUTS)
        own, before = labels, labels.roll(1, 1)
        losses, first = train(copy.deepcopy(start), 'adamw', images, own, before, given)
        curves = [train(copy.deepcopy(start).double(), 'adamw', images, own, before, given)[0]]
        for _ in range(PERMUTATIONS):
            order, rows = torch.randperm(INPUTS), torch.randperm(BATCH)
            twin = permuted(start, order)
            curves.append(train(twin, 'adamw', images[:, rows][:, :, order], own[:, rows], before[:, rows], given)[0])
        spread = max(abs(a - b) / abs(b) for curve in curves for a, b in zip(curve, losses))
        print(f'{title:28s} first {losses[0]:.4f} last {losses[-1]:.4f} spread {spread:.2e}')
        yield {
            'title': title,
            'windows': windows if cuts else None,
            'shares': given if mixes else None,
            'losses': losses,
            'spread': spread,
            'gradients': named(first['gradients']),
            'updated': named(first['state']),
        }


def main():
    torch.manual_seed(11)
    torch.set_num_threads(1)
    resized = crops()
    pixels = torch.randint(0, 256, (STEPS * BATCH, INPUTS), dtype=torch.uint8)
    labels = torch.randint(0, CLASSES, (STEPS, BATCH))
    start = MODELS[MODEL][1]()
    golden = {
        'torch': torch.__version__,
        'config': {
            **MODELS[MODEL][0],
            'optimizer': 'adamw',
            'optimizer.learningRate': 0.003,
            'optimizer.weightDecay': 0.05,
            'train.labelSmoothing': SMOOTHING,
            'train.batchSize': BATCH,
            'train.steps': STEPS,
        },
        'mean': MEAN,
        'std': STD,
        'statistics': statistics(),
        'crops': resized,
        'images': base64.b64encode(pixels.numpy().tobytes()).decode(),
        'labels': labels.reshape(-1).tolist(),
        'start': named(state(start)),
        'cases': list(cases(start, pixels, labels)),
    }
    path = pathlib.Path(__file__).with_name('augmentation.json')
    path.write_text(json.dumps(golden, separators=(',', ':')) + '\n')
    print(path, path.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
