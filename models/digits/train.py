"""MNIST digits: two convolutions and two dense layers, small enough to check by hand."""

import math

from data import mnist
from fit import accuracy, fit
from net import build, export, parity

CLASSES = [str(i) for i in range(10)]
CHANNELS, SIZE = 1, 28
EPOCHS = 14
CHECKPOINTS = (1, 3, 7)


def steps():
    return [
        ("conv", "conv1", 16, 3), ("relu", "relu1"), ("pool", "pool1"),
        ("conv", "conv2", 32, 3), ("relu", "relu2"), ("pool", "pool2"),
        ("flatten", "flatten"),
        ("dense", "hidden", 64), ("relu", "relu3"),
        ("dense", "digits", len(CLASSES)),
    ]


def wobbled(images, torch):
    """Each digit turned by up to 12 degrees, scaled by 0.85 to 1.15, sheared and moved by up to 2.5 pixels."""
    n = len(images)
    turn = (torch.rand(n) * 2 - 1) * math.radians(12)
    scale = 0.85 + 0.3 * torch.rand(n)
    shear = (torch.rand(n) * 2 - 1) * 0.15
    move = (torch.rand(n, 2) * 2 - 1) * 2.5 * 2 / SIZE
    cos, sin = torch.cos(turn) / scale, torch.sin(turn) / scale
    matrix = torch.stack([torch.stack([cos, shear - sin, move[:, 0]], 1), torch.stack([sin, cos, move[:, 1]], 1)], 1)
    grid = torch.nn.functional.affine_grid(matrix, list(images.shape), align_corners=False)
    return torch.nn.functional.grid_sample(images, grid, align_corners=False)


def train(data, folder, torch, options):
    network = steps()
    module, _, _ = build(network, CHANNELS, SIZE)
    module = module.to(memory_format=torch.channels_last)
    images, labels = mnist(data, "train")
    test_images, test_labels = mnist(data, "test")
    figures = {}

    def save(name, trained):
        export(network, trained, CHANNELS, SIZE, folder, name)
        trained.to(memory_format=torch.channels_last)
        figures[f"test accuracy, {name}"] = accuracy(trained, test_images, test_labels)

    def checkpoint(epoch, trained):
        if epoch in CHECKPOINTS:
            save(f"epoch-{epoch:02d}", trained)

    save("untrained", module)
    fit(
        module, images, labels, lambda x: wobbled(x, torch), options.epochs or EPOCHS,
        peak=0.1, batch=128, after_epoch=checkpoint,
    )
    export(network, module, CHANNELS, SIZE, folder, "model")
    parity(module, test_images[:8], folder)
    return {"test accuracy": accuracy(module, test_images, test_labels), **figures}
