"""Golden numbers of what can be changed about an update: groups of tensors, averaged weights, accumulated gradients, μP.

Writes optimisation.json beside itself: python3 tests/reference/optimisation.py   (PyTorch 1.13 or later; one thread, CPU)
Networks, batches and packing are those of golden.py. A case's loss is the mean over its micro-batches, as reported.
"""
import base64
import copy
import json
import math
import pathlib

import torch
from golden import (
    BATCH, CLASSES, INPUTS, MEAN, MODELS, OPTIMIZERS, PERMUTATIONS, STD, STEPS, Lion, named, pack, parameters,
    permuted, state,
)
from torch import nn
from torch.optim.swa_utils import AveragedModel

KINDS = {'sgd': torch.optim.SGD, 'adamw': torch.optim.AdamW, 'lion': Lion}
BASE_WIDTH = 4


def cases():
    matrices = {'optimizer.decayGroup': 'matrices'}
    for optimizer in OPTIMIZERS:
        yield f'decay on matrices, {optimizer}', 'inverted-bottleneck', optimizer, matrices
    yield 'average', 'inverted-bottleneck', 'adamw', {'train.ema': 0.9}
    yield 'average with BatchNorm', 'hourglass', 'adamw', {'train.ema': 0.8}
    yield 'accumulated', 'inverted-bottleneck', 'adamw', {'train.microBatch': 4}
    yield 'accumulated and clipped', 'isotropic', 'sgd', {'train.microBatch': 3, 'train.clipNorm': 0.5}
    yield 'accumulated with BatchNorm', 'hourglass', 'sgd', {'train.microBatch': 4}
    mup = {'model.parametrisation': 'mup', 'model.baseWidth': BASE_WIDTH}
    for optimizer in OPTIMIZERS:
        yield f'μP, {optimizer}', 'inverted-bottleneck', optimizer, mup
    yield 'μP isotropic', 'isotropic', 'adamw', mup
    yield 'all together', 'inverted-bottleneck', 'adamw', {
        **matrices, **mup, 'train.ema': 0.9, 'train.microBatch': 4, 'train.clipNorm': 0.5,
    }


def rate_multiplier(name, shape, optimizer, extra):
    """μP's table (docs/math.md): how a tensor's learning rate depends on the width."""
    if 'model.parametrisation' not in extra:
        return 1.0
    ratio = extra['width'] / extra['model.baseWidth']
    is_lift, is_matrix = name.startswith('linear_in.'), len(shape) > 1
    if optimizer == 'sgd':
        if name == 'linear_out.weight':
            scale = 1 / ratio
        elif name == 'linear_out.bias' or (is_matrix and not is_lift):
            scale = 1.0
        else:
            scale = ratio
    else:
        scale = 1 / ratio if is_matrix and not is_lift else 1.0
    return 0.1 * scale if is_lift else scale


def make_optimizer(model, name, extra):
    s = OPTIMIZERS[name]
    rate, decay = s['optimizer.learningRate'], s['optimizer.weightDecay']
    groups = [
        {
            'params': [p],
            'lr': rate * rate_multiplier(n, p.shape, name, extra),
            'weight_decay': decay if p.dim() > 1 or extra.get('optimizer.decayGroup') != 'matrices' else 0.0,
        }
        for n, p in model.named_parameters()
    ]
    more = {'momentum': s['optimizer.momentum']} if name == 'sgd' else {}
    return KINDS[name](groups, lr=rate, **more)


def parametrised(model):
    """μP's start: N(0, 1/fan-in), the second matrix of a block and the head zero, biases zero."""
    with torch.no_grad():
        for name, p in model.named_parameters():
            if name.startswith('layernorms.'):
                continue
            is_zero = p.dim() == 1 or name == 'linear_out.weight' or name.endswith('.block.2.weight')
            p.zero_() if is_zero else p.normal_(0, p.shape[1] ** -0.5)
    return model


def train(model, name, extra, images, labels):
    """Losses, norms, mean squared length of the micro-batches' gradients, the state after one step and the last, the average."""
    dtype = next(model.parameters()).dtype
    optimizer = make_optimizer(model, name, extra)
    criterion = nn.CrossEntropyLoss()
    keep = extra.get('train.ema', 0.0)
    average = AveragedModel(model, avg_fn=lambda mean, p, _: keep * mean + (1 - keep) * p)
    size = extra.get('train.microBatch', BATCH)
    count = BATCH // size
    losses, norms, squares, first = [], [], [], None
    model.train()
    for step in range(STEPS):
        x, y = images[step].to(dtype), labels[step]
        gradients, total, square = {n: torch.zeros_like(p) for n, p in parameters(model).items()}, 0.0, 0.0
        for i in range(0, BATCH, size):
            optimizer.zero_grad()
            loss = criterion(model(x[i : i + size]), y[i : i + size])
            loss.backward()
            total += float(loss) / count
            square += sum(float((p.grad.double() ** 2).sum()) for p in model.parameters()) / count
            for n, p in parameters(model).items():
                gradients[n] += p.grad / count
        for n, p in parameters(model).items():
            p.grad = gradients[n]
        clip = extra.get('train.clipNorm', 0.0)
        norms.append(float(torch.nn.utils.clip_grad_norm_(model.parameters(), clip if clip > 0 else math.inf)))
        optimizer.step()
        average.update_parameters(model)
        losses.append(total)
        squares.append(square)
        if step == 0:
            first = copy.deepcopy(state(model))
    # The average is scored with the running statistics of the raw network.
    scored = copy.deepcopy(model)
    with torch.no_grad():
        for p, mean in zip(scored.parameters(), average.module.parameters()):
            p.copy_(mean)
        logits = {}
        for title, network in {'raw': model, 'average': scored}.items():
            network.eval()
            logits[title] = network(images[0].to(dtype))
    return losses, norms, squares, first, state(model), parameters(average.module), logits


def main():
    torch.manual_seed(11)
    pixels = torch.randint(0, 256, (STEPS * BATCH, INPUTS), dtype=torch.uint8)
    labels = (pixels.float() @ torch.randn(INPUTS, CLASSES)).argmax(1).reshape(STEPS, BATCH)
    images = ((pixels.float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)).reshape(STEPS, BATCH, INPUTS)
    starts = {name: make() for name, (_, make) in MODELS.items()}
    for start in starts.values():
        for module in start.modules():
            if isinstance(module, nn.LayerNorm):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)
    starts.update({f'{name} μP': parametrised(copy.deepcopy(start)) for name, start in starts.items() if name != 'hourglass'})
    out = []
    for title, model_name, optimizer, extra in cases():
        settings = MODELS[model_name][0]
        start_name = f'{model_name} μP' if 'model.parametrisation' in extra else model_name
        start, told = starts[start_name], {**extra, 'width': settings['model.width']}
        run = train(copy.deepcopy(start), optimizer, told, images, labels)
        losses, norms, squares, first, final, average, logits = run
        curves = [train(copy.deepcopy(start).double(), optimizer, told, images, labels)[0]]
        for _ in range(PERMUTATIONS):
            order = torch.randperm(INPUTS)
            curves.append(train(permuted(start, order), optimizer, told, images[:, :, order], labels)[0])
        spread = max(abs(a - b) / abs(b) for curve in curves for a, b in zip(curve, losses))
        print(f'{title:32s} first {losses[0]:.4f} last {losses[-1]:.4f} spread {spread:.2e}')
        out.append(
            {
                'title': title,
                'start': start_name,
                'config': {
                    **settings,
                    **OPTIMIZERS[optimizer],
                    **extra,
                    'train.batchSize': BATCH,
                    'train.steps': STEPS,
                },
                'losses': losses,
                'norms': norms,
                'squares': squares,
                'spread': spread,
                'updated': named(first),
                'final': named(final),
                'average': named(average) if 'train.ema' in extra else {},
                'logits': pack(logits['raw']),
                'averageLogits': pack(logits['average']),
            }
        )
    golden = {
        'torch': torch.__version__,
        'images': base64.b64encode(pixels.numpy().tobytes()).decode(),
        'labels': labels.reshape(-1).tolist(),
        'starts': {n: named(state(m)) for n, m in starts.items()},
        'cases': out,
    }
    path = pathlib.Path(__file__).with_name('optimisation.json')
    path.write_text(json.dumps(golden, separators=(',', ':')) + '\n')
    print(path, path.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
