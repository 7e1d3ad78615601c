"""One description of a network, read twice: as a torch module to train, as TF.js layers to ship.

A network is a list of steps (tuples). Shapes are NCHW in torch and NHWC in TF.js; the export transposes.
  ("conv", name, filters, size)   same padding, stride 1, no bias when a "bn" follows
  ("bn", name)  ("relu", name)  ("pool", name)  ("gap", name)  ("flatten", name)
  ("dense", name, units)          the last one is the logits; the export gives it a softmax
  ("residual", name, [steps])     output = input + steps(input)
"""

import json
import pathlib

import numpy as np
import torch
from torch import nn

BN_EPSILON = 1e-5


class Residual(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner

    def forward(self, x):
        return x + self.inner(x)


def build(steps, channels, size):
    """The torch module of `steps` for inputs of channels x size x size, and its output (channels, size)."""
    modules = []
    for i, step in enumerate(steps):
        kind = step[0]
        if kind == "conv":
            biased = not (i + 1 < len(steps) and steps[i + 1][0] in ("bn", "pool"))
            biased = biased or (i + 2 < len(steps) and steps[i + 1][0] == "pool" and steps[i + 2][0] != "bn")
            modules.append(nn.Conv2d(channels, step[2], step[3], padding=step[3] // 2, bias=biased))
            channels = step[2]
        elif kind == "bn":
            modules.append(nn.BatchNorm2d(channels, eps=BN_EPSILON))
        elif kind == "relu":
            modules.append(nn.ReLU())
        elif kind == "pool":
            modules.append(nn.MaxPool2d(2))
            size //= 2
        elif kind == "gap":
            modules.append(nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()))
            size = 1
        elif kind == "flatten":
            modules.append(nn.Flatten())
        elif kind == "dense":
            modules.append(nn.Linear(channels * size * size, step[2]))
            channels, size = step[2], 1
        elif kind == "residual":
            inner, channels, size = build(step[2], channels, size)
            modules.append(Residual(inner))
        else:
            raise ValueError(f"unknown step {kind}")
    return nn.Sequential(*modules), channels, size


class Exporter:
    def __init__(self):
        self.layers, self.weights = [], []

    def layer(self, class_name, name, config, inbound, weights=()):
        nodes = [[[source, 0, 0, {}] for source in inbound]] if inbound else []
        self.layers.append(
            {"class_name": class_name, "name": name, "config": {"name": name, **config}, "inbound_nodes": nodes}
        )
        for key, value in weights:
            self.weights.append((f"{name}/{key}", np.ascontiguousarray(value, dtype="<f4")))
        return name

    def walk(self, steps, modules, source, shape):
        """Emits `steps`; `shape` is the NHWC shape without the batch, needed to reorder a flattened kernel."""
        last = len(steps) - 1
        flat_of = None
        for i, (step, module) in enumerate(zip(steps, modules)):
            kind, name = step[0], step[1]
            if kind == "conv":
                weights = [("kernel", module.weight.detach().numpy().transpose(2, 3, 1, 0))]
                if module.bias is not None:
                    weights.append(("bias", module.bias.detach().numpy()))
                config = {
                    "filters": step[2], "kernel_size": [step[3]] * 2, "strides": [1, 1], "padding": "same",
                    "activation": "linear", "use_bias": module.bias is not None,
                }
                source = self.layer("Conv2D", name, config, [source], weights)
                shape = (*shape[:2], step[2])
            elif kind == "bn":
                parts = (module.weight, module.bias, module.running_mean, module.running_var)
                keys = ("gamma", "beta", "moving_mean", "moving_variance")
                weights = [(k, p.detach().numpy()) for k, p in zip(keys, parts)]
                config = {"axis": [3], "momentum": 0.9, "epsilon": BN_EPSILON, "center": True, "scale": True}
                source = self.layer("BatchNormalization", name, config, [source], weights)
            elif kind == "relu":
                source = self.layer("Activation", name, {"activation": "relu"}, [source])
            elif kind == "pool":
                config = {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid"}
                source = self.layer("MaxPooling2D", name, config, [source])
                shape = (shape[0] // 2, shape[1] // 2, shape[2])
            elif kind == "gap":
                source = self.layer("GlobalAveragePooling2D", name, {}, [source])
                shape = (shape[2],)
            elif kind == "flatten":
                source = self.layer("Flatten", name, {}, [source])
                flat_of, shape = shape, (int(np.prod(shape)),)
            elif kind == "dense":
                kernel = module.weight.detach().numpy()
                if flat_of:  # torch flattened CHW, TF.js flattens HWC
                    h, w, c = flat_of
                    kernel = kernel.reshape(-1, c, h, w).transpose(0, 2, 3, 1).reshape(len(kernel), -1)
                    flat_of = None
                config = {"units": step[2], "activation": "softmax" if i == last else "linear", "use_bias": True}
                weights = [("kernel", kernel.T), ("bias", module.bias.detach().numpy())]
                source = self.layer("Dense", name, config, [source], weights)
                shape = (step[2],)
            elif kind == "residual":
                inner, shape = self.walk(step[2], module.inner, source, shape)
                source = self.layer("Add", name, {}, [source, inner])
        return source, shape


def export(steps, module, channels, size, folder, name, half=False):
    """Writes <folder>/<name>.json and <name>.bin in TF.js layers format; `half` stores float16."""
    module = module.eval().to(memory_format=torch.contiguous_format)
    out = Exporter()
    start = out.layer("InputLayer", "image", {"batch_input_shape": [None, size, size, channels], "dtype": "float32"}, [])
    end, _ = out.walk(steps, module, start, (size, size, channels))
    entries, blobs = [], []
    for key, value in out.weights:
        entry = {"name": key, "shape": list(value.shape), "dtype": "float32"}
        if half:
            entry["quantization"] = {"dtype": "float16", "original_dtype": "float32"}
            value = value.astype("<f2")
        entries.append(entry)
        blobs.append(value.tobytes())
    config = {"name": name, "layers": out.layers, "input_layers": [[start, 0, 0]], "output_layers": [[end, 0, 0]]}
    topology = {
        "keras_version": "2.15.0", "backend": "tensorflow",
        "model_config": {"class_name": "Functional", "config": config},
    }
    folder = pathlib.Path(folder)
    (folder / f"{name}.bin").write_bytes(b"".join(blobs))
    (folder / f"{name}.json").write_text(
        json.dumps(
            {
                "format": "layers-model", "generatedBy": "models/recipe/net.py", "convertedBy": None,
                "modelTopology": topology,
                "weightsManifest": [{"paths": [f"{name}.bin"], "weights": entries}],
            }
        )
    )


def parity(module, inputs, folder):
    """Stores 8 inputs (NHWC float32) and the module's class probabilities: the reference of the parity test."""
    with torch.no_grad():
        probabilities = torch.softmax(module.eval()(inputs), 1)
    nhwc = inputs.permute(0, 2, 3, 1).contiguous().numpy().astype("<f4")
    reference = {
        "shape": list(nhwc.shape),
        "inputs": [round(float(v), 6) for v in nhwc.ravel()],
        "probabilities": [[round(float(v), 7) for v in row] for row in probabilities],
    }
    (pathlib.Path(folder) / "parity.json").write_text(json.dumps(reference, separators=(",", ":")))
