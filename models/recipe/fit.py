"""The training loop that the recipes share: SGD with Nesterov momentum and a one-cycle learning rate."""

import time

import torch
from torch import nn


def fit(module, images, labels, augment, epochs, peak, batch=128, decay=5e-4, smoothing=0.0, after_epoch=None):
    """Trains in place. `augment(images) -> float images`; `after_epoch(epoch, module)` may save a checkpoint."""
    steps = len(images) // batch
    kernels = [p for p in module.parameters() if p.ndim > 1]
    others = [p for p in module.parameters() if p.ndim == 1]
    groups = [{"params": kernels, "weight_decay": decay}, {"params": others, "weight_decay": 0}]
    optimiser = torch.optim.SGD(groups, lr=peak, momentum=0.9, nesterov=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=peak, total_steps=epochs * steps, pct_start=0.25, anneal_strategy="linear", cycle_momentum=False
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=smoothing)
    for epoch in range(epochs):
        module.train()
        order, started, total = torch.randperm(len(images)), time.time(), 0.0
        for step in range(steps):
            rows = order[step * batch : (step + 1) * batch]
            loss = loss_of(module(augment(images[rows]).contiguous(memory_format=torch.channels_last)), labels[rows])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"epoch {epoch + 1}/{epochs}: loss {total / steps:.4f}, {time.time() - started:.0f} s", flush=True)
        if after_epoch:
            after_epoch(epoch + 1, module)


def predict(module, images, batch=500):
    """Class scores of float images, n x classes."""
    module.eval()
    with torch.no_grad():
        return torch.cat([module(images[i : i + batch]) for i in range(0, len(images), batch)])


def accuracy(module, images, labels):
    return (predict(module, images).argmax(1) == labels).float().mean().item()


def shifted(images, reach, mode):
    """Each image moved by up to `reach` pixels, its border filled by `mode`."""
    n, _, h, w = images.shape
    padded = nn.functional.pad(images, [reach] * 4, mode=mode)
    moves = torch.randint(0, 2 * reach + 1, (n, 2))
    return torch.stack([padded[i, :, y : y + h, x : x + w] for i, (y, x) in enumerate(moves.tolist())])


def flipped(images):
    mirrored = torch.rand(len(images), 1, 1, 1) < 0.5
    return torch.where(mirrored, images.flip(3), images)
