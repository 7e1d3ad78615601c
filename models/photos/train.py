"""CIFAR-10 classes: a small residual network with a global-average-pooling head, so that class evidence is a map."""

from data import CIFAR, cifar10
from fit import accuracy, fit, flipped, shifted
from net import build, export, parity

CLASSES = CIFAR
CHANNELS, SIZE = 3, 32
MEAN, STD = (0.4914, 0.4822, 0.4465), (0.2470, 0.2435, 0.2616)
EPOCHS = 13


def residual(name, filters):
    inner = [("conv", f"{name}_conv", filters, 3), ("bn", f"{name}_bn"), ("relu", f"{name}_relu")]
    return ("residual", name, inner)


def down(name, filters, pool=True):
    return [
        ("conv", f"{name}_conv", filters, 3),
        *([("pool", f"{name}_pool")] if pool else []),
        ("bn", f"{name}_bn"),
        ("relu", f"{name}_relu"),
    ]


def steps(stem=32, widths=(64, 96, 128)):
    first, second, third = widths
    return [
        *down("stem", stem, pool=False),
        *down("stage1", first), residual("stage1_add", first),
        *down("stage2", second), residual("stage2_add", second),
        *down("stage3", third, pool=False), residual("stage3_add", third),
        ("gap", "average"),
        ("dense", "classes", len(CLASSES)),
    ]


def normalised(images, torch):
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in (MEAN, STD))
    return (images.float() / 255 - mean) / std


def train(data, folder, torch, options):
    network = steps()
    module, _, _ = build(network, CHANNELS, SIZE)
    module = module.to(memory_format=torch.channels_last)
    images, labels = cifar10(data, "train")
    images = normalised(images, torch)
    export(network, module, CHANNELS, SIZE, folder, "untrained", half=True)

    def checkpoint(epoch, trained):
        if epoch in (1, 4, 9):
            export(network, trained, CHANNELS, SIZE, folder, f"epoch-{epoch:02d}", half=True)
            trained.to(memory_format=torch.channels_last)

    fit(
        module, images, labels, lambda x: flipped(shifted(x, 3, "reflect")), options.epochs or EPOCHS,
        peak=0.2, smoothing=0.1, after_epoch=checkpoint,
    )
    export(network, module, CHANNELS, SIZE, folder, "model")
    images, labels = cifar10(data, "test")
    images = normalised(images, torch)
    parity(module, images[:8], folder)
    return {"test accuracy": accuracy(module, images, labels)}
