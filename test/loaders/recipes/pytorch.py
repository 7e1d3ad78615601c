"""Writes the small files of PyTorch in test/cases/weights, and what PyTorch itself says of them (python3-torch).

    python3 test/loaders/recipes/pytorch.py test/cases/weights
"""

import argparse
import json
import os
import sys
import warnings

import numpy
import torch
from torch import nn

warnings.filterwarnings('ignore')
folder = sys.argv[1]
expected = {}


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        self.bn = nn.BatchNorm2d(2)
        self.fc = nn.Linear(2, 3)

    def forward(self, x):
        return self.fc(torch.relu(self.bn(self.conv(x))).mean([2, 3]))


def filled(module):
    for k, tensor in enumerate(module.state_dict().values()):
        if tensor.is_floating_point():
            tensor.copy_((torch.arange(tensor.numel()).reshape(tensor.shape) * 0.25 - 1) * (k + 1))
    return module.eval()


def said(name, tensors):
    """What the file holds, as PyTorch has it."""
    expected[name] = {
        key: {
            'shape': list(tensor.shape),
            'type': str(tensor.dtype).removeprefix('torch.'),
            'values': None if tensor.is_complex() else tensor.detach().double().flatten().tolist(),
        }
        for key, tensor in tensors.items()
    }


def save(name, content, tensors, **options):
    torch.save(content, os.path.join(folder, name), **options)
    said(name, tensors)


class Call:
    """What an attacker puts into a pickle."""

    def __reduce__(self):
        return os.system, ('echo harm',)


net = filled(Net())
state = net.state_dict()
save('state-dict.pt', state, state)
save('protocol-4.pt', state, state, pickle_protocol=4)
save('legacy.pth', state, state, _use_new_zipfile_serialization=False)

optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
net(torch.ones(1, 1, 5, 5)).sum().backward()
optimizer.step()
filled(net)
save(
    'checkpoint.ckpt',
    {
        'epoch': 3,
        'args': argparse.Namespace(lr=0.1),
        'best': numpy.float64(0.5),
        'state_dict': net.state_dict(),
        'optimizer': optimizer.state_dict(),
    },
    state,
)
save('module.pt', net, state)

base = torch.arange(24, dtype=torch.float32)
views = {
    'transposed': base.reshape(4, 6).t(),
    'offset': base[5:11].reshape(2, 3),
    'stepped': base[1::5],
    'expanded': base[3:4].expand(2, 4),
    'tied': base.reshape(2, 12),
    'scalar': torch.tensor(2.5),
    'empty': torch.zeros(0, 3),
    'half': base[:6].half() / 3,
    'brain': base[:6].bfloat16() / 3,
    'double': base[:6].double() / 3,
    'long': torch.tensor([-5, 7, 2**40]),
    'short': torch.tensor([-300, 300], dtype=torch.int16),
    'byte': torch.tensor([0, 255], dtype=torch.uint8),
    'char': torch.tensor([-128, 127], dtype=torch.int8),
    'yes': torch.tensor([True, False, True]),
    'complex': torch.tensor([1 + 2j]),
    'parameter': nn.Parameter(base[:4].reshape(2, 2)),
}
save('views.pt', views, views)
save('views-legacy.pt', views, views, _use_new_zipfile_serialization=False)

torch.jit.script(net).save(os.path.join(folder, 'script.pt'))
said('script.pt', state)

save('attack-beside.pt', {'state_dict': state, 'note': Call()}, state)
torch.save(Call(), os.path.join(folder, 'attack.pt'))
with open(os.path.join(folder, 'attack-legacy.pth'), 'wb') as file:
    torch.save({'x': Call()}, file, _use_new_zipfile_serialization=False)

with open(os.path.join(folder, 'expected.json'), 'w') as file:
    json.dump(expected, file)
print(torch.__version__, {name: os.path.getsize(os.path.join(folder, name)) for name in sorted(os.listdir(folder))})
