"""Writes small networks by PyTorch's own exporter: test/loaders/onnx/exports. Needs torch (1.13 was used).

    python3 test/tools/onnx-exports.py test/loaders/onnx/exports
"""

import sys
import torch
from torch import nn

torch.manual_seed(1)
folder = sys.argv[1]


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 7, 2, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
        self.body = nn.Sequential(nn.Conv2d(8, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.Conv2d(8, 8, 3, padding=1))
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        x = self.stem(x)
        return self.head(torch.relu(x + self.body(x)).mean((2, 3))).softmax(1)


class Mobile(nn.Module):
    """Depthwise, squeeze and excitation, hard swish: MobileNetV3's block."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 2, 1), nn.Hardswish())
        self.each = nn.Sequential(nn.Conv2d(8, 8, 5, padding=2, groups=8), nn.BatchNorm2d(8), nn.Hardswish())
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(8, 4, 1), nn.ReLU6(), nn.Conv2d(4, 8, 1), nn.Hardsigmoid())
        self.head = nn.Linear(8 * 16, 5)

    def forward(self, x):
        x = self.stem(x)
        y = self.each(x)
        y = nn.functional.avg_pool2d(x + y * self.gate(y), 4)
        return self.head(y.flatten(1))


class Shuffle(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.side = nn.Sequential(nn.Conv2d(4, 4, 3, padding=1, groups=4), nn.Conv2d(4, 4, 1), nn.PReLU(4))
        self.head = nn.Linear(8, 5)

    def forward(self, x):
        a, b = self.stem(x).chunk(2, 1)
        y = torch.cat((a, self.side(b)), 1)
        n, c, h, w = y.shape
        y = y.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        return self.head(y.mean((2, 3)))


class Next(nn.Module):
    """Channels last for the normalisation and the dense layers, first for the rest: ConvNeXt's block."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 4, 4)
        self.each = nn.Conv2d(8, 8, 7, padding=3, groups=8)
        self.rest = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))
        self.scale = nn.Parameter(torch.rand(8, 1, 1))
        self.head = nn.Sequential(nn.GroupNorm(2, 8), nn.Flatten(), nn.Linear(8 * 64, 5))

    def forward(self, x):
        x = self.stem(x)
        return self.head(x + self.scale * self.rest(self.each(x).permute(0, 2, 3, 1)).permute(0, 3, 1, 2))


class Patches(nn.Module):
    """A vision transformer with a token for the class."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 8, 8)
        self.token = nn.Parameter(torch.rand(1, 1, 16))
        self.place = nn.Parameter(torch.rand(1, 17, 16))
        self.qkv = nn.Linear(16, 48)
        self.out = nn.Linear(16, 16)
        self.first, self.second = nn.LayerNorm(16), nn.LayerNorm(16)
        self.mlp = nn.Sequential(nn.Linear(16, 32), nn.GELU(), nn.Linear(32, 16))
        self.head = nn.Linear(16, 5)

    def forward(self, x):
        x = self.stem(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.token.expand(x.shape[0], -1, -1), x), 1) + self.place
        n, t, c = x.shape
        q, k, v = self.qkv(self.first(x)).reshape(n, t, 3, 2, c // 2).permute(2, 0, 3, 1, 4).unbind(0)
        y = (q @ k.transpose(-2, -1) * (c // 2) ** -0.5).softmax(-1) @ v
        x = x + self.out(y.transpose(1, 2).reshape(n, t, c))
        return self.head((x + self.mlp(self.second(x)))[:, 0])


class Words(nn.Module):
    """Embeddings, a causal mask, GPT's GELU: a language model of one block."""

    def __init__(self):
        super().__init__()
        self.words, self.places = nn.Embedding(12, 16), nn.Embedding(6, 16)
        self.block = nn.TransformerEncoderLayer(16, 2, 32, 0.0, lambda x: nn.functional.gelu(x, approximate="tanh"), batch_first=True, norm_first=True)
        self.head = nn.Linear(16, 12, bias=False)

    def forward(self, ids):
        t = ids.shape[1]
        mask = torch.triu(torch.full((t, t), -1e9), 1)
        self.block.train()
        return self.head(self.block(self.words(ids) + self.places(torch.arange(t)), mask))


class Scales(nn.Module):
    """Down and up again: a small U-Net with both ways of growing."""

    def __init__(self):
        super().__init__()
        self.down = nn.Conv2d(3, 6, 3, padding=1)
        self.low = nn.Sequential(nn.Conv2d(6, 8, 3, padding=2, dilation=2), nn.InstanceNorm2d(8, affine=True), nn.LeakyReLU(0.1))
        self.grow = nn.ConvTranspose2d(8, 6, 3, 2, 1, 1)
        self.last = nn.Conv2d(18, 2, 3, padding=1, padding_mode="reflect")

    def forward(self, x):
        a = self.down(x)
        b = self.low(nn.functional.max_pool2d(a, 2))
        up = nn.functional.interpolate(b, scale_factor=2, mode="bilinear", align_corners=False)
        y = torch.cat((a, self.grow(b), nn.functional.interpolate(up[:, :6], scale_factor=1, mode="nearest")), 1)
        return torch.sigmoid(self.last(y))


class Steps(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 6, batch_first=True, bidirectional=True)
        self.gru = nn.GRU(12, 5, batch_first=True)
        self.head = nn.Linear(5, 3)

    def forward(self, x):
        y, _ = self.lstm(x)
        y, h = self.gru(y)
        return self.head(h[-1])


def save(name, model, example, opset=17, free=True):
    for key, buffer in model.named_buffers():
        if "running" in key:
            buffer.copy_(torch.rand_like(buffer) + 0.5)
    model.eval()
    axes = {"input": {0: "batch"}} if free else None
    path = f"{folder}/{name}.onnx"
    torch.onnx.export(model, (example,), path, opset_version=opset, input_names=["input"], dynamic_axes=axes)


picture = torch.rand(1, 3, 32, 32)
save("residual", Residual(), picture)
save("mobile", Mobile(), picture, 14, False)
save("shuffle", Shuffle(), picture, 12)
save("next", Next(), picture, 17, False)
save("patches", Patches(), picture)
save("words", Words(), torch.tensor([[1, 5, 2, 0, 9, 3]]))
save("scales", Scales(), picture, 13)
save("steps", Steps(), torch.rand(1, 5, 4))
