"""Writes test/cases/weights/quantised.gguf and the numbers in it, computed on whole arrays at once (numpy).

    python3 test/loaders/recipes/gguf.py test/cases/weights
"""

import json
import os
import struct
import sys

import numpy as np

folder = sys.argv[1]
rng = np.random.default_rng(16)
u8, f32 = np.uint8, np.float32


def halves(blocks, at):
    return blocks[:, at : at + 2].copy().view(np.float16).astype(f32)


def shifted(parts, shifts, mask):
    return (parts[:, :, None, :] >> np.array(shifts, u8)[None, None, :, None]) & u8(mask)


def nibbles(blocks, at):
    return shifted(blocks[:, at : at + 16].reshape(-1, 1, 16), [0, 4], 15).reshape(-1, 32).astype(np.int16)


def fifth(blocks, at):
    words = blocks[:, at : at + 4].copy().view(np.uint32)
    return (((words >> np.arange(32, dtype=np.uint32)) & 1) << 4).astype(np.int16)


def k_scales(packed):
    d, m, both = np.split(packed.reshape(-1, 3, 4), 3, axis=1)
    scale = np.concatenate([d & 63, (both & 15) | ((d >> 2) & 48)], axis=2).reshape(-1, 8)
    low = np.concatenate([m & 63, (both >> 4) | ((m >> 2) & 48)], axis=2).reshape(-1, 8)
    return scale.astype(f32), low.astype(f32)


def q2(b):
    scales, d, m = b[:, :16], halves(b, 80), halves(b, 82)
    q = shifted(b[:, 16:80].reshape(-1, 2, 32), [0, 2, 4, 6], 3).reshape(-1, 16, 16).astype(f32)
    return (d * (scales & 15))[:, :, None] * q - (m * (scales >> 4))[:, :, None]


def q3(b):
    low = ((b[:, 96:104][:, None, :] >> np.array([0, 4], u8)[None, :, None]) & 15).reshape(-1, 16)
    high = ((b[:, 104:108][:, None, :] >> np.array([0, 2, 4, 6], u8)[None, :, None]) & 3).reshape(-1, 16)
    scales = halves(b, 108) * ((low | (high << 4)).astype(np.int16) - 32)
    q = shifted(b[:, 32:96].reshape(-1, 2, 32), [0, 2, 4, 6], 3).reshape(-1, 16, 16).astype(np.int16)
    h = (shifted(b[:, :32].reshape(-1, 1, 32), range(8), 1).reshape(-1, 16, 16) ^ 1).astype(np.int16)
    return scales[:, :, None] * (q - 4 * h).astype(f32)


def q4(b):
    scale, low = k_scales(b[:, 4:16])
    q = shifted(b[:, 16:].reshape(-1, 4, 32), [0, 4], 15).reshape(-1, 8, 32).astype(f32)
    return (halves(b, 0) * scale)[:, :, None] * q - (halves(b, 2) * low)[:, :, None]


def q5(b):
    scale, low = k_scales(b[:, 4:16])
    h = shifted(b[:, 16:48].reshape(-1, 1, 32), range(8), 1).reshape(-1, 8, 32)
    q = shifted(b[:, 48:].reshape(-1, 4, 32), [0, 4], 15).reshape(-1, 8, 32) | (h << 4)
    return (halves(b, 0) * scale)[:, :, None] * q.astype(f32) - (halves(b, 2) * low)[:, :, None]


def q6(b):
    low = shifted(b[:, :128].reshape(-1, 2, 64), [0, 4], 15).reshape(-1, 8, 32)
    high = shifted(b[:, 128:192].reshape(-1, 2, 32), [0, 2, 4, 6], 3).reshape(-1, 8, 32)
    q = ((low | (high << 4)).astype(np.int16) - 32).reshape(-1, 16, 16).astype(f32)
    return (halves(b, 208) * b[:, 192:208].copy().view(np.int8).astype(f32))[:, :, None] * q


def signed(b, at, count):
    return b[:, at : at + count].copy().view(np.int8).astype(f32)


# Name, number of the type, numbers and bytes of a block, where halves stand, and the numbers of blocks.
TYPES = [
    ('Q4_0', 2, 32, 18, [0], lambda b: halves(b, 0) * (nibbles(b, 2) - 8)),
    ('Q4_1', 3, 32, 20, [0, 2], lambda b: halves(b, 0) * nibbles(b, 4) + halves(b, 2)),
    ('Q5_0', 6, 32, 22, [0], lambda b: halves(b, 0) * ((nibbles(b, 6) | fifth(b, 2)) - 16)),
    ('Q5_1', 7, 32, 24, [0, 2], lambda b: halves(b, 0) * (nibbles(b, 8) | fifth(b, 4)) + halves(b, 2)),
    ('Q8_0', 8, 32, 34, [0], lambda b: halves(b, 0) * signed(b, 2, 32)),
    ('Q8_1', 9, 32, 36, [0, 2], lambda b: halves(b, 0) * signed(b, 4, 32)),
    ('Q2_K', 10, 256, 84, [80, 82], q2),
    ('Q3_K', 11, 256, 110, [108], q3),
    ('Q4_K', 12, 256, 144, [0, 2], q4),
    ('Q5_K', 13, 256, 176, [0, 2], q5),
    ('Q6_K', 14, 256, 210, [208], q6),
]


def text(words):
    return struct.pack('<Q', len(words)) + words.encode()


head = b'GGUF' + struct.pack('<IQQ', 3, len(TYPES), 1) + text('general.name') + struct.pack('<I', 8) + text('Quantised')
data = b''
expected = {}
for name, kind, numbers, size, places, values in TYPES:
    blocks = rng.integers(0, 256, (2, size), dtype=u8)
    for at in places:
        blocks[:, at : at + 2] = rng.normal(0, 0.1, (2, 1)).astype(np.float16).view(u8).reshape(2, 2)
    head += text(name) + struct.pack('<IQQIQ', 2, numbers, 2, kind, len(data))
    data += blocks.tobytes().ljust((2 * size + 31) // 32 * 32, b'\0')
    expected[name] = [float(f'{value:.6g}') for value in values(blocks).astype(f32).flatten()]
head = head.ljust((len(head) + 31) // 32 * 32, b'\0')
with open(os.path.join(folder, 'quantised.gguf'), 'wb') as file:
    file.write(head + data)
with open(os.path.join(folder, 'quantised.json'), 'w') as file:
    json.dump(expected, file)
