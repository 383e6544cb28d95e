"""Golden numbers of small networks trained with PyTorch: losses, gradients, updates, slots, running statistics.

Writes golden.json beside itself: python3 tests/reference/golden.py   (PyTorch 1.13 or later; one thread, CPU)
Each case also carries the spread of its losses between float32, float64 and float32 with permuted sums, which bounds
how closely another implementation can follow the free-running curve.
"""
import base64
import copy
import json
import math
import pathlib

import torch
from torch import nn
from torch.optim.lr_scheduler import CosineAnnealingLR, LinearLR, SequentialLR

torch.set_num_threads(1)
STEPS, BATCH, INPUTS, CLASSES = 20, 12, 64, 10
MEAN, STD = 0.3, 0.35
PERMUTATIONS = 8


class Block(nn.Module):
    def __init__(self, width, inner, activation, bias):
        super().__init__()
        self.block = nn.Sequential(nn.Linear(width, inner, bias=bias), activation(), nn.Linear(inner, width, bias=bias))

    def forward(self, x):
        return self.block(x)


def norm(kind, width):
    return {'layer': lambda: nn.LayerNorm(width), 'batch': lambda: nn.BatchNorm1d(width, affine=False)}[kind]()


class Residual(nn.Module):
    """Inverted bottleneck and hourglass in the official names."""

    def __init__(self, width, inner, depth, kind, activation, bias):
        super().__init__()
        self.linear_in = nn.Linear(INPUTS, width, bias=bias)
        self.linear_out = nn.Linear(width, CLASSES, bias=bias)
        self.blocks = nn.ModuleList([Block(width, inner, activation, bias) for _ in range(depth)])
        norms = nn.ModuleList([norm(kind, width) for _ in range(depth)])
        self.kind = kind
        if kind == 'layer':
            self.layernorms = norms
        else:
            self.norms = norms

    def forward(self, x):
        z = self.linear_in(x)
        for block, normalise in zip(self.blocks, self.layernorms if self.kind == 'layer' else self.norms):
            z = z + block(normalise(z))
        return self.linear_out(z)


class Isotropic(nn.Module):
    def __init__(self, width, depth, activation):
        super().__init__()
        self.linear_in = nn.Linear(INPUTS, width)
        self.linear_out = nn.Linear(width, CLASSES)
        self.layers = nn.ModuleList([nn.Linear(width, width) for _ in range(depth - 1)])
        self.layernorms = nn.ModuleList([nn.LayerNorm(width) for _ in range(depth - 1)])
        self.activation = activation()

    def forward(self, x):
        z = self.linear_in(x)
        for layer, normalise in zip(self.layers, self.layernorms):
            z = layer(self.activation(normalise(z)))
        return self.linear_out(z)


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023 as the Scaling MLPs code has it."""

    def __init__(self, params, lr, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            b1, b2 = group['betas']
            for p in group['params']:
                if p.grad is None:
                    continue
                m = self.state[p].setdefault('exp_avg', torch.zeros_like(p))
                p.mul_(1 - group['lr'] * group['weight_decay'])
                p.add_(torch.sign(m * b1 + p.grad * (1 - b1)), alpha=-group['lr'])
                m.mul_(b2).add_(p.grad, alpha=1 - b2)


MODELS = {
    'isotropic': ({'model': 'isotropic', 'model.width': 8, 'model.depth': 3}, lambda: Isotropic(8, 3, nn.GELU)),
    'inverted-bottleneck': (
        {'model': 'inverted-bottleneck', 'model.width': 8, 'model.depth': 2, 'model.expansion': 2},
        lambda: Residual(8, 16, 2, 'layer', nn.GELU, True),
    ),
    'hourglass': (
        {'model': 'hourglass', 'model.width': 12, 'model.depth': 2, 'model.bottleneck': 4},
        lambda: Residual(12, 4, 2, 'batch', nn.ReLU, False),
    ),
}
OPTIMIZERS = {
    'sgd': {'optimizer': 'sgd', 'optimizer.learningRate': 0.05, 'optimizer.weightDecay': 0.01, 'optimizer.momentum': 0.9},
    'adamw': {'optimizer': 'adamw', 'optimizer.learningRate': 0.003, 'optimizer.weightDecay': 0.05},
    'lion': {'optimizer': 'lion', 'optimizer.learningRate': 0.001, 'optimizer.weightDecay': 0.1},
}
SLOTS = {'sgd': ['momentum_buffer'], 'adamw': ['exp_avg', 'exp_avg_sq'], 'lion': ['exp_avg']}


def cases():
    for model in MODELS:
        for optimizer in OPTIMIZERS:
            yield f'{model} {optimizer}', model, optimizer, {}
    yield 'label smoothing', 'inverted-bottleneck', 'adamw', {'train.labelSmoothing': 0.3}
    yield 'clipping', 'inverted-bottleneck', 'sgd', {'train.clipNorm': 0.5}
    yield 'cosine with warm-up', 'isotropic', 'adamw', {'schedule': 'cosine', 'schedule.warmupSteps': 5}
    yield 'linear', 'isotropic', 'sgd', {'schedule': 'linear'}
    yield 'fixed lift', 'hourglass', 'adamw', {'model.lift': 'fixed'}


def make_optimizer(name, params):
    s = OPTIMIZERS[name]
    rate, decay = s['optimizer.learningRate'], s['optimizer.weightDecay']
    if name == 'sgd':
        return torch.optim.SGD(params, lr=rate, momentum=s['optimizer.momentum'], weight_decay=decay)
    if name == 'adamw':
        return torch.optim.AdamW(params, lr=rate, weight_decay=decay)
    return Lion(params, lr=rate, weight_decay=decay)


def make_schedule(optimizer, extra):
    warm = extra.get('schedule.warmupSteps', 0)
    kind = extra.get('schedule')
    if kind == 'linear':
        return LinearLR(optimizer, start_factor=1.0, end_factor=0.0, total_iters=STEPS)
    if kind == 'cosine':
        return SequentialLR(
            optimizer,
            [
                LinearLR(optimizer, start_factor=1 / warm, end_factor=1.0, total_iters=warm - 1),
                CosineAnnealingLR(optimizer, T_max=STEPS - warm),
            ],
            milestones=[warm],
        )
    return None


def parameters(model):
    return {n: p for n, p in model.named_parameters()}


def state(model):
    return {n: t for n, t in model.state_dict().items() if not n.endswith('num_batches_tracked')}


def train(model, name, extra, images, labels):
    """Trains; returns losses, rates, what one step did, the final state and logits of the first batch in evaluation."""
    dtype = next(model.parameters()).dtype
    if extra.get('model.lift') == 'fixed':
        model.linear_in.weight.requires_grad_(False)
    trainable = [p for p in model.parameters() if p.requires_grad]
    optimizer = make_optimizer(name, trainable)
    schedule = make_schedule(optimizer, extra)
    criterion = nn.CrossEntropyLoss(label_smoothing=extra.get('train.labelSmoothing', 0.0))
    losses, rates, norms, first = [], [], [], {}
    model.train()
    for step in range(STEPS):
        x, y = images[step].to(dtype), labels[step]
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        if step == 0:
            first['gradients'] = {n: p.grad.clone() for n, p in parameters(model).items() if p.grad is not None}
        clip = extra.get('train.clipNorm', 0.0)
        norms.append(float(torch.nn.utils.clip_grad_norm_(trainable, clip if clip > 0 else math.inf)))
        rates.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        losses.append(float(loss))
        if step == 0:
            first['state'] = copy.deepcopy(state(model))
            first['slots'] = {
                slot: {n: optimizer.state[p][slot].clone() for n, p in parameters(model).items() if p.requires_grad}
                for slot in SLOTS[name]
            }
        if schedule:
            schedule.step()
    model.eval()
    with torch.no_grad():
        logits = model(images[0].to(dtype))
    return losses, rates, norms, first, state(model), logits


def permuted(model, order):
    """The same network with its inputs in another order: every sum of the first matrix is taken in that order."""
    twin = copy.deepcopy(model)
    with torch.no_grad():
        twin.linear_in.weight.copy_(model.linear_in.weight[:, order])
    return twin


def pack(tensor):
    return base64.b64encode(tensor.detach().to(torch.float32).contiguous().numpy().tobytes()).decode()


def named(tensors):
    return {n: {'shape': list(t.shape), 'values': pack(t)} for n, t in tensors.items()}


def main():
    torch.manual_seed(7)
    pixels = torch.randint(0, 256, (STEPS * BATCH, INPUTS), dtype=torch.uint8)
    labels = (pixels.float() @ torch.randn(INPUTS, CLASSES)).argmax(1)
    images = ((pixels.float() / 255 - torch.tensor(MEAN)) / torch.tensor(STD)).reshape(STEPS, BATCH, INPUTS)
    labels = labels.reshape(STEPS, BATCH)
    starts = {}
    for name, (_, make) in MODELS.items():
        starts[name] = make()
        if name != 'hourglass':
            for module in starts[name].modules():
                if isinstance(module, nn.LayerNorm):
                    nn.init.uniform_(module.weight, 0.5, 1.5)
                    nn.init.uniform_(module.bias, -0.5, 0.5)
    out = []
    for title, model_name, optimizer, extra in cases():
        start = starts[model_name]
        losses, rates, norms, first, final, logits = train(copy.deepcopy(start), optimizer, extra, images, labels)
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
                'model': model_name,
                'config': {
                    **MODELS[model_name][0],
                    **OPTIMIZERS[optimizer],
                    **extra,
                    'train.batchSize': BATCH,
                    'train.steps': STEPS,
                },
                'losses': losses,
                'rates': rates,
                'norms': norms,
                'spread': spread,
                'gradients': named(first['gradients']),
                'updated': named(first['state']),
                'slots': {slot: named(tensors) for slot, tensors in first['slots'].items()},
                'final': named(final),
                'logits': pack(logits),
            }
        )
    golden = {
        'torch': torch.__version__,
        'batch': BATCH,
        'steps': STEPS,
        'mean': MEAN,
        'std': STD,
        'images': base64.b64encode(pixels.numpy().tobytes()).decode(),
        'labels': labels.reshape(-1).tolist(),
        'starts': {n: named(state(m)) for n, m in starts.items()},
        'cases': out,
    }
    path = pathlib.Path(__file__).with_name('golden.json')
    path.write_text(json.dumps(golden, separators=(',', ':')) + '\n')
    print(path, path.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
