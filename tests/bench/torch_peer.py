"""PyTorch on one thread: the same network from the same weights. Reads one JSON request a line, answers one a line."""
import json
import sys
import time

import numpy
import torch
from torch import nn


class Residual(nn.Module):
    def __init__(self, branch):
        super().__init__()
        self.branch = branch

    def forward(self, x):
        return x + self.branch(x)


def build(layers, weights):
    modules = []
    for layer in layers:
        kind = layer["kind"]
        if kind == "linear":
            module = nn.Linear(layer["inputs"], layer["outputs"], bias=layer["bias"])
            load(module, layer, weights)
            module.requires_grad_(layer["trainable"])
        elif kind == "layer-norm":
            module = nn.LayerNorm(layer["width"])
        elif kind == "activation":
            module = nn.ReLU() if layer["function"] == "relu" else nn.GELU()
        elif kind == "residual":
            module = Residual(build(layer["branch"], weights))
        else:
            raise ValueError(f"The bench has no {kind} in PyTorch.")
        modules.append(module)
    return nn.Sequential(*modules)


def load(module, layer, weights):
    with torch.no_grad():
        module.weight.copy_(weights[layer["name"] + ".weight"].reshape(module.weight.shape))
        if layer["bias"]:
            module.bias.copy_(weights[layer["name"] + ".bias"])


def read_weights(folder, manifest):
    values = torch.from_numpy(numpy.fromfile(f"{folder}/weights.bin", dtype=numpy.float32))
    pieces, begin = {}, 0
    for name, count in manifest:
        pieces[name] = values[begin : begin + count]
        begin += count
    return pieces


def prepare(request):
    folder = request["folder"]
    network = build(request["layers"], read_weights(folder, request["manifest"]))
    images = torch.from_numpy(numpy.fromfile(f"{folder}/images.bin", dtype=numpy.float32))
    labels = torch.tensor(request["labels"])
    images = images.reshape(len(labels), -1)
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=request["rate"], weight_decay=0.0)

    def step():
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def main():
    torch.set_num_threads(1)
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        if "steps" in request:
            began = time.perf_counter()
            for _ in range(request["steps"]):
                step()
            reply = {"ms": 1000 * (time.perf_counter() - began) / request["steps"]}
        else:
            step = prepare(request)
            losses = [step() for _ in range(request["agreement"] - 1)]
            began = time.perf_counter()
            losses.append(step())
            reply = {"losses": losses, "stepMs": 1000 * (time.perf_counter() - began)}
        print(json.dumps(reply), flush=True)


main()
