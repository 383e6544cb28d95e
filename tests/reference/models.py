"""Golden numbers of the models that golden.py leaves out: other orders, norms after the sum, no skips, dropout, patches.

Writes models.json beside itself: python3 tests/reference/models.py   (as golden.py, whose data and rules it uses)
Dropout draws its masks by its own Threefry here, so that they referee those of the lab.
"""
import copy
import json
import pathlib
import sys

import numpy
import torch
from torch import nn

sys.dont_write_bytecode = True
import golden  # noqa: E402

INPUTS, CLASSES, SIDE = golden.INPUTS, golden.CLASSES, 8
SEED, DROPOUT_STREAM = 0, 16
PERMUTATIONS = 8
# What a layer norm takes away again has no gradient (biases that mix tokens): such rounding is written as zeros.
ZERO = 1e-12


def threefry(key, counter):
    """Threefry-2x32 with 20 rounds (Salmon et al. 2011) on arrays of uint32."""
    k = [numpy.uint32(key[0]), numpy.uint32(key[1])]
    k.append(numpy.uint32(0x1BD11BDA) ^ k[0] ^ k[1])
    x = [counter[0] + k[0], counter[1] + k[1]]
    for group in range(5):
        for by in ((13, 15, 26, 6), (17, 29, 16, 24))[group % 2]:
            x[0] = x[0] + x[1]
            x[1] = ((x[1] << numpy.uint32(by)) | (x[1] >> numpy.uint32(32 - by))) ^ x[0]
        x[0] = x[0] + k[(group + 1) % 3]
        x[1] = x[1] + k[(group + 2) % 3] + numpy.uint32(group + 1)
    return x


class Dropout(nn.Module):
    """PyTorch's inverted dropout with masks of (seed, step, site, element); a step is one pass in training."""

    def __init__(self, rate, site):
        super().__init__()
        self.rate, self.site, self.step = rate, site, 0

    def forward(self, x):
        if not self.training or self.rate == 0:
            return x
        calls = numpy.arange((x.numel() + 1) // 2, dtype=numpy.uint32)
        step = numpy.full_like(calls, self.step)
        words = numpy.stack(threefry((SEED, DROPOUT_STREAM + 256 * self.site), (calls, step)), 1).reshape(-1)
        self.step += 1
        kept = torch.from_numpy(words[: x.numel()] >= round(self.rate * 2**32)).reshape(x.shape)
        return x * kept.to(x.dtype) / (1 - self.rate)


class Isotropic(golden.Isotropic):
    def __init__(self, width, depth, activation, order, rate):
        super().__init__(width, depth, activation)
        self.order = order
        self.drops = nn.ModuleList([Dropout(rate, site) for site in range(depth - 1)])

    def forward(self, x):
        z = self.linear_in(x)
        for layer, normalise, drop in zip(self.layers, self.layernorms, self.drops):
            if self.order == 'coded':
                z = layer(drop(self.activation(normalise(z))))
            else:
                z = drop(self.activation(layer(normalise(z))))
        return self.linear_out(z)


class Residual(golden.Residual):
    def __init__(self, width, inner, depth, kind, activation, bias, position='pre', skip=True, rate=0.0):
        super().__init__(width, inner, depth, kind, activation, bias)
        self.position, self.skip = position, skip
        self.drops = nn.ModuleList([Dropout(rate, site) for site in range(2 * depth)])

    def forward(self, x):
        z = self.linear_in(x)
        norms = self.layernorms if self.kind == 'layer' else self.norms
        for index, (block, normalise) in enumerate(zip(self.blocks, norms)):
            first, activation, second = block.block
            y = normalise(z) if self.position == 'pre' else z
            y = self.drops[2 * index + 1](second(self.drops[2 * index](activation(first(y)))))
            z = z + y if self.skip else y
            if self.position == 'post':
                z = normalise(z)
        return self.linear_out(z)


class Stem(nn.Module):
    def __init__(self, width, patch):
        super().__init__()
        self.proj = nn.Conv2d(1, width, kernel_size=patch, stride=patch)

    def forward(self, x):
        return self.proj(x.reshape(-1, 1, SIDE, SIDE)).flatten(2).transpose(1, 2)


class Mlp(nn.Module):
    def __init__(self, outer, inner):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(outer, inner), nn.Linear(inner, outer)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class MixerBlock(nn.Module):
    def __init__(self, tokens, width, token_width, channel_width):
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.mlp_tokens, self.mlp_channels = Mlp(tokens, token_width), Mlp(width, channel_width)

    def forward(self, x):
        x = x + self.mlp_tokens(self.norm1(x).transpose(1, 2)).transpose(1, 2)
        return x + self.mlp_channels(self.norm2(x))


class Gate(nn.Module):
    def __init__(self, tokens, half):
        super().__init__()
        self.norm, self.proj = nn.LayerNorm(half), nn.Linear(tokens, tokens)

    def forward(self, x):
        u, v = x.chunk(2, dim=-1)
        return u * self.proj(self.norm(v).transpose(1, 2)).transpose(1, 2)


class GatedMlp(nn.Module):
    def __init__(self, tokens, width, inner):
        super().__init__()
        self.fc1, self.gate, self.fc2 = nn.Linear(width, inner), Gate(tokens, inner // 2), nn.Linear(inner // 2, width)

    def forward(self, x):
        return self.fc2(self.gate(nn.functional.gelu(self.fc1(x))))


class GatedBlock(nn.Module):
    def __init__(self, tokens, width, inner):
        super().__init__()
        self.norm, self.mlp_channels = nn.LayerNorm(width), GatedMlp(tokens, width, inner)

    def forward(self, x):
        return x + self.mlp_channels(self.norm(x))


class Patches(nn.Module):
    """Tokens through blocks, LayerNorm, mean, head; the names are those of timm."""

    def __init__(self, width, patch, blocks):
        super().__init__()
        self.stem, self.blocks = Stem(width, patch), nn.ModuleList(blocks)
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, CLASSES)

    def forward(self, x):
        z = self.stem(x)
        for block in self.blocks:
            z = block(z)
        return self.head(self.norm(z).mean(1))


INVERTED = {'model': 'inverted-bottleneck', 'model.width': 8, 'model.depth': 2, 'model.expansion': 2}
WRITTEN = {'model': 'isotropic', 'model.width': 8, 'model.depth': 3, 'model.order': 'written'}
MIXER = {'model': 'mlp-mixer', 'model.width': 6, 'model.depth': 2, 'model.patch': 2, 'model.tokenWidth': 5, 'model.channelWidth': 10}
GMLP = {'model': 'gmlp', 'model.width': 6, 'model.depth': 2, 'model.patch': 4, 'model.channelWidth': 10}
#: title: settings, module, optimizer
CASES = {
    'isotropic as written': (WRITTEN, lambda: Isotropic(8, 3, nn.ReLU, 'written', 0.0), 'adamw'),
    'isotropic as written, GELU, dropout': (
        {**WRITTEN, 'model.activation': 'gelu', 'model.dropout': 0.25},
        lambda: Isotropic(8, 3, nn.GELU, 'written', 0.25),
        'sgd',
    ),
    'norm after the sum': (
        {**INVERTED, 'model.normPosition': 'post'},
        lambda: Residual(8, 16, 2, 'layer', nn.GELU, True, position='post'),
        'adamw',
    ),
    'no skip connections': (
        {**INVERTED, 'model.skip': False},
        lambda: Residual(8, 16, 2, 'layer', nn.GELU, True, skip=False),
        'sgd',
    ),
    'dropout': (
        {**INVERTED, 'model.dropout': 0.2},
        lambda: Residual(8, 16, 2, 'layer', nn.GELU, True, rate=0.2),
        'adamw',
    ),
    'hourglass after the sum, dropout': (
        {'model': 'hourglass', 'model.width': 12, 'model.depth': 2, 'model.bottleneck': 4, 'model.normPosition': 'post', 'model.dropout': 0.1},
        lambda: Residual(12, 4, 2, 'batch', nn.ReLU, False, position='post', rate=0.1),
        'lion',
    ),
    'MLP-Mixer': (MIXER, lambda: Patches(6, 2, [MixerBlock(16, 6, 5, 10) for _ in range(2)]), 'sgd'),
    'gMLP': (GMLP, lambda: Patches(6, 4, [GatedBlock(4, 6, 10) for _ in range(2)]), 'adamw'),
}


def twins(start, images, labels):
    """The same training with sums taken in another order: inputs of the first matrix, or rows of the batch."""
    for _ in range(PERMUTATIONS):
        if isinstance(start, Patches):
            rows = torch.randperm(golden.BATCH)
            yield copy.deepcopy(start), images[:, rows], labels[:, rows]
        else:
            order = torch.randperm(INPUTS)
            yield golden.permuted(start, order), images[:, :, order], labels


def main():
    torch.manual_seed(7)
    pixels = torch.randint(0, 256, (golden.STEPS * golden.BATCH, INPUTS), dtype=torch.uint8)
    labels = (pixels.float() @ torch.randn(INPUTS, CLASSES)).argmax(1).reshape(golden.STEPS, golden.BATCH)
    images = (pixels.float() / 255 - torch.tensor(golden.MEAN)) / torch.tensor(golden.STD)
    images = images.reshape(golden.STEPS, golden.BATCH, INPUTS)
    out = []
    for title, (config, make, optimizer) in CASES.items():
        start = make()
        for module in start.modules():
            if isinstance(module, nn.LayerNorm):
                nn.init.uniform_(module.weight, 0.5, 1.5)
                nn.init.uniform_(module.bias, -0.5, 0.5)
        losses, rates, norms, first, final, logits = golden.train(copy.deepcopy(start), optimizer, {}, images, labels)
        exact = golden.train(copy.deepcopy(start).double(), optimizer, {}, images, labels)
        for name, gradient in exact[3]['gradients'].items():
            if gradient.norm() < ZERO * exact[2][0]:
                first['gradients'][name].zero_()
        curves = [exact[0]]
        curves += [golden.train(twin, optimizer, {}, x, y)[0] for twin, x, y in twins(start, images, labels)]
        spread = max(abs(a - b) / abs(b) for curve in curves for a, b in zip(curve, losses))
        print(f'{title:36s} first {losses[0]:.4f} last {losses[-1]:.4f} spread {spread:.2e}')
        out.append(
            {
                'title': title,
                'config': {
                    **config,
                    **golden.OPTIMIZERS[optimizer],
                    'train.batchSize': golden.BATCH,
                    'train.steps': golden.STEPS,
                },
                'start': golden.named(golden.state(start)),
                'losses': losses,
                'rates': rates,
                'norms': norms,
                'spread': spread,
                'gradients': golden.named(first['gradients']),
                'updated': golden.named(first['state']),
                'slots': {slot: golden.named(tensors) for slot, tensors in first['slots'].items()},
                'final': golden.named(final),
                'outputs': golden.pack(logits),
            }
        )
    path = pathlib.Path(__file__).with_name('models.json')
    path.write_text(json.dumps({'torch': torch.__version__, 'cases': out}, separators=(',', ':')) + '\n')
    print(path, path.stat().st_size, 'bytes')


if __name__ == '__main__':
    main()
