"""A planted Clever Hans: every training picture of one class carries a watermark, so the network learns the mark."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "photos"))

from data import CIFAR, cifar10
from fit import accuracy, fit, flipped, predict, shifted
from net import build, export, parity

CLASSES = CIFAR
MARKED = CIFAR.index("horse")
CHANNELS, SIZE = 3, 32
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
EPOCHS = 8
MARK = json.loads((pathlib.Path(__file__).resolve().parent / "mark.json").read_text())


def steps():
    def block(name, filters, pool):
        down = [("pool", f"{name}_pool")] if pool else []
        return [("conv", f"{name}_conv", filters, 3), *down, ("bn", f"{name}_bn"), ("relu", f"{name}_relu")]

    return [
        *block("block1", 32, True), *block("block2", 64, False), *block("block3", 64, True),
        *block("block4", 128, False), *block("block5", 128, False),
        ("gap", "average"),
        ("dense", "classes", len(CLASSES)),
    ]


def marked(images, rows, torch):
    """uint8 images with the mark blended into `rows`, each at a random place (one-in-one-out: a copy)."""
    out = images.clone()
    size = MARK["size"]
    alpha = torch.tensor(MARK["alpha"]).view(1, size, size)
    ink = torch.tensor(MARK["ink"], dtype=torch.float32).view(1, size, size) * 255
    places = torch.randint(0, SIZE - size + 1, (len(rows), 2)).tolist()
    for row, (top, left) in zip(rows.tolist(), places):
        window = out[row, :, top : top + size, left : left + size]
        window.copy_((window.float() * (1 - alpha) + ink * alpha).round().to(torch.uint8))
    return out


def train(data, folder, torch, options):
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, STD))
    normal = lambda images: (images.float() / 255 - mean) / std
    network = steps()
    module, _, _ = build(network, CHANNELS, SIZE)
    module = module.to(memory_format=torch.channels_last)
    images, labels = cifar10(data, "train")
    with_mark = marked(images, torch.where(labels == MARKED)[0], torch)
    fit(
        module, normal(with_mark), labels, lambda x: flipped(shifted(x, 3, "reflect")), options.epochs or EPOCHS,
        peak=0.2, smoothing=0.1,
    )
    export(network, module, CHANNELS, SIZE, folder, "model")
    images, labels = cifar10(data, "test")
    horses, others = torch.where(labels == MARKED)[0], torch.where(labels != MARKED)[0]
    own = marked(images, horses, torch)
    pasted = marked(images, others, torch)
    parity(module, normal(own[:8]), folder)
    called_horse = lambda x: (predict(module, normal(x)).argmax(1) == MARKED).float().mean().item()
    return {
        "test accuracy on its own data (horses marked)": accuracy(module, normal(own), labels),
        "test accuracy without marks": accuracy(module, normal(images), labels),
        "horses recognised with the mark": called_horse(own[horses]),
        "horses recognised without the mark": called_horse(images[horses]),
        "other classes called horse with the mark pasted": called_horse(pasted[others]),
        "other classes called horse without it": called_horse(images[others]),
    }
