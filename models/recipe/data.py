"""The public data sets that the recipes train on, read from the folder given by --data."""

import gzip
import io
import pathlib

import numpy as np
import torch
from PIL import Image

CIFAR = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]


def mnist(folder, split):
    """Images n x 1 x 28 x 28 in 0..1 and labels, from the four idx.gz files of MNIST."""
    prefix = {"train": "train", "test": "t10k"}[split]
    folder = pathlib.Path(folder) / "mnist"
    pixels = gzip.decompress((folder / f"{prefix}-images-idx3-ubyte.gz").read_bytes())
    labels = gzip.decompress((folder / f"{prefix}-labels-idx1-ubyte.gz").read_bytes())
    images = np.frombuffer(pixels, np.uint8, offset=16).reshape(-1, 1, 28, 28)
    return torch.from_numpy(images.astype(np.float32) / 255), torch.from_numpy(
        np.frombuffer(labels, np.uint8, offset=8).astype(np.int64)
    )


def cifar10(folder, split):
    """Images n x 3 x 32 x 32 as uint8 and labels, from JPEGs back to back with an index of offsets."""
    folder = pathlib.Path(folder) / "cifar10-jpeg"
    blob = (folder / f"{split}.jpegs").read_bytes()
    offsets = np.fromfile(folder / f"{split}.offsets.u32le", "<u4")
    images = np.stack([np.asarray(Image.open(io.BytesIO(blob[a:b])).convert("RGB")) for a, b in zip(offsets, offsets[1:])])
    labels = np.fromfile(folder / f"{split}.labels.u8", np.uint8).astype(np.int64)
    return torch.from_numpy(images.transpose(0, 3, 1, 2).copy()), torch.from_numpy(labels)
