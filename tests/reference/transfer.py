"""Golden numbers of transfer: a trained body under a new head, fine-tuned or probed.

Writes transfer.json beside itself: python3 tests/reference/transfer.py   (PyTorch 1.13 or later; one thread, CPU)
Networks, images, labels and packing are those of golden.py. The body is first trained on labels of its own with fewer
classes, so that its norms and running statistics are those of something trained; then it gets a new head.
"""
import copy
import json
import math
import pathlib

import torch
from golden import (
    BATCH, CLASSES, INPUTS, MEAN, MODELS, OPTIMIZERS, PERMUTATIONS, SLOTS, STD, STEPS, Lion, named, pack, permuted, state,
)
from torch import nn

KINDS = {'sgd': torch.optim.SGD, 'adamw': torch.optim.AdamW, 'lion': Lion}
OLD_CLASSES = 7


def cases():
    probe = {'transfer.mode': 'probe'}
    yield 'fine-tune, decay on matrices', 'inverted-bottleneck', 'sgd', {
        'transfer.bodyLearningRate': 0.1, 'optimizer.decayGroup': 'matrices',
    }
    yield 'fine-tune with BatchNorm', 'hourglass', 'adamw', {'transfer.bodyLearningRate': 0.25}
    yield 'probe, lion and dropout', 'inverted-bottleneck', 'lion', {**probe, 'model.dropout': 0.5}
    yield 'probe, clipped', 'isotropic', 'sgd', {**probe, 'train.clipNorm': 0.5}
    yield 'probe with BatchNorm', 'hourglass', 'adamw', probe


def is_head(name):
    return name.startswith('linear_out.')


def make_optimizer(model, name, extra):
    s = OPTIMIZERS[name]
    share = extra.get('transfer.bodyLearningRate', 1.0)
    groups = [
        {
            'params': [p],
            'lr': s['optimizer.learningRate'] * (1.0 if is_head(n) else share),
            'weight_decay': s['optimizer.weightDecay']
            if p.dim() > 1 or extra.get('optimizer.decayGroup') != 'matrices'
            else 0.0,
        }
        for n, p in model.named_parameters()
        if p.requires_grad
    ]
    more = {'momentum': s['optimizer.momentum']} if name == 'sgd' else {}
    return KINDS[name](groups, lr=s['optimizer.learningRate'], **more)


def body_of(make, images):
    """A network trained on labels of its own, under a fresh head."""
    model = make()
    new_head = model.linear_out
    model.linear_out = nn.Linear(new_head.in_features, OLD_CLASSES)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    labels = (images @ torch.randn(INPUTS, OLD_CLASSES)).argmax(-1)
    model.train()
    for step in range(STEPS):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(images[step]), labels[step]).backward()
        optimizer.step()
    model.linear_out = new_head
    return model


def train(model, name, extra, images, labels):
    dtype = next(model.parameters()).dtype
    model.train()
    if extra.get('transfer.mode') == 'probe':
        # The body is a fixed function: no gradient, running statistics as they are.
        model.eval()
        for n, p in model.named_parameters():
            p.requires_grad_(is_head(n))
    trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    optimizer = make_optimizer(model, name, extra)
    losses, norms, first = [], [], {}
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(model(images[step].to(dtype)), labels[step])
        loss.backward()
        if step == 0:
            first['gradients'] = {n: p.grad.clone() for n, p in trained.items()}
        clip = extra.get('train.clipNorm', 0.0)
        norms.append(float(torch.nn.utils.clip_grad_norm_(trained.values(), clip if clip > 0 else math.inf)))
        optimizer.step()
        losses.append(float(loss))
        if step == 0:
            first['state'] = copy.deepcopy(state(model))
            first['slots'] = {
                slot: {n: optimizer.state[p][slot].clone() for n, p in trained.items()} for slot in SLOTS[name]
            }
    model.eval()
    with torch.no_grad():
        logits = model(images[0].to(dtype))
    return losses, norms, first, state(model), logits


def main():
    # golden.py's images and labels: the same draws in the same order.
    torch.manual_seed(7)
    pixels = torch.randint(0, 256, (STEPS * BATCH, INPUTS), dtype=torch.uint8)
    labels = (pixels.float() @ torch.randn(INPUTS, CLASSES)).argmax(1).reshape(STEPS, BATCH)
    images = ((pixels.float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)).reshape(STEPS, BATCH, INPUTS)
    torch.manual_seed(23)
    bodies = {name: body_of(make, images) for name, (_, make) in MODELS.items()}
    out = []
    for title, model_name, optimizer, extra in cases():
        start = bodies[model_name]
        losses, norms, first, final, logits = train(copy.deepcopy(start), optimizer, extra, images, labels)
        curves = [train(copy.deepcopy(start).double(), optimizer, extra, images, labels)[0]]
        for _ in range(PERMUTATIONS):
            order, rows = torch.randperm(INPUTS), torch.randperm(BATCH)
            twin = permuted(start, order)
            curves.append(train(twin, optimizer, extra, images[:, rows][:, :, order], labels[:, rows])[0])
        spread = max(abs(a - b) / abs(b) for curve in curves for a, b in zip(curve, losses))
        print(f'{title:32s} first {losses[0]:.4f} last {losses[-1]:.4f} spread {spread:.2e}')
        out.append(
            {
                'title': title,
                'config': {
                    **MODELS[model_name][0],
                    **OPTIMIZERS[optimizer],
                    'transfer.from': '0123456789abcdef',
                    **extra,
                    'train.batchSize': BATCH,
                    'train.steps': STEPS,
                },
                'start': named(state(start)),
                'losses': losses,
                'rates': [OPTIMIZERS[optimizer]['optimizer.learningRate']] * STEPS,
                'norms': norms,
                'spread': spread,
                'gradients': named(first['gradients']),
                'updated': named(first['state']),
                'slots': {slot: named(tensors) for slot, tensors in first['slots'].items()},
                'final': named(final),
                'outputs': pack(logits),
            }
        )
    path = pathlib.Path(__file__).with_name('transfer.json')
    path.write_text(json.dumps({'torch': torch.__version__, 'cases': out}, separators=(',', ':')) + '\n')
    print(path, path.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
