"""Draws the sample inputs of the lab: nothing here is taken from anywhere. Run: python3 models/recipe/samples.py"""

import json
import math
import pathlib

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "static" / "samples"
SIDE = 96


def arc(cx, cy, rx, ry, start, end, n=24):
    angles = [math.radians(start + (end - start) * i / n) for i in range(n + 1)]
    return [(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in angles]


DIGITS = {
    "0": [arc(0.5, 0.5, 0.2, 0.32, 0, 360)],
    "1": [[(0.42, 0.28), (0.54, 0.18), (0.5, 0.82)]],
    "2": [arc(0.49, 0.34, 0.19, 0.16, 200, 380) + [(0.3, 0.8), (0.74, 0.78)]],
    "3": [arc(0.47, 0.33, 0.18, 0.15, 210, 440) + arc(0.47, 0.64, 0.21, 0.17, 280, 500)],
    "4": [[(0.36, 0.2), (0.3, 0.54), (0.72, 0.52)], [(0.62, 0.2), (0.56, 0.84)]],
    "5": [[(0.68, 0.2), (0.38, 0.22), (0.35, 0.48)] + arc(0.48, 0.62, 0.2, 0.19, 240, 500)],
    "6": [[(0.6, 0.17), (0.44, 0.34)] + arc(0.49, 0.63, 0.18, 0.19, 210, 575)],
    "7": [[(0.28, 0.22), (0.7, 0.2), (0.46, 0.84)]],
    "8": [arc(0.5, 0.34, 0.15, 0.15, 90, 450) + arc(0.5, 0.66, 0.19, 0.17, 270, 630)],
    "9": [arc(0.5, 0.36, 0.17, 0.17, 0, 360) + [(0.67, 0.36), (0.63, 0.6), (0.55, 0.84)]],
}
NAMES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def digit(strokes, rng, side=112):
    big = side * 4
    image = Image.new("L", (big, big), 0)
    draw = ImageDraw.Draw(image)
    slant, width = rng.uniform(-0.12, 0.05), int(big * rng.uniform(0.075, 0.095))
    for stroke in strokes:
        points = [((x - slant * (y - 0.5)) * big, y * big) for x, y in stroke]
        draw.line(points, fill=255, width=width, joint="curve")
        for x, y in points:
            draw.ellipse([x - width / 2, y - width / 2, x + width / 2, y + width / 2], fill=255)
    return image.filter(ImageFilter.GaussianBlur(big / 160)).resize((side, side), Image.LANCZOS)


class Scene:
    """A small painted picture: a background with a slope of light, shapes, then grain and blur like a photo."""

    def __init__(self, rng, top, bottom, horizon=1.0, ground=None):
        self.rng, self.big = rng, SIDE * 4
        rows = np.linspace(0, 1, self.big)[:, None, None]
        sky = np.array(top) * (1 - rows) + np.array(bottom) * rows
        pixels = np.repeat(sky, self.big, axis=1)
        if ground is not None:
            at = int(self.big * horizon)
            depth = np.linspace(0.85, 1.1, self.big - at)[:, None, None]
            pixels[at:] = np.array(ground) * depth
        pixels = pixels + self.clouds(18)[:, :, None]
        self.image = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        self.draw = ImageDraw.Draw(self.image)

    def clouds(self, strength):
        noise = np.zeros((self.big, self.big))
        for cells in (6, 14, 40):
            small = Image.fromarray(self.rng.normal(0, 1, (cells, cells)).astype(np.float32))
            noise += np.asarray(small.resize((self.big, self.big), Image.BICUBIC)) * strength / math.sqrt(cells)
        return noise

    def poly(self, points, fill):
        self.draw.polygon([(x * self.big, y * self.big) for x, y in points], fill=fill)

    def oval(self, cx, cy, rx, ry, fill):
        b = self.big
        self.draw.ellipse([(cx - rx) * b, (cy - ry) * b, (cx + rx) * b, (cy + ry) * b], fill=fill)

    def line(self, points, fill, width):
        self.draw.line([(x * self.big, y * self.big) for x, y in points], fill=fill, width=int(width * self.big), joint="curve")

    def done(self):
        soft = self.image.filter(ImageFilter.GaussianBlur(self.big / 130)).resize((SIDE, SIDE), Image.LANCZOS)
        grain = np.asarray(soft, dtype=np.float32) + self.rng.normal(0, 5, (SIDE, SIDE, 1))
        return Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8))


def ship(rng):
    s = Scene(rng, (150, 185, 220), (205, 220, 230), 0.62, (40, 80, 120))
    s.poly([(0.1, 0.56), (0.9, 0.56), (0.8, 0.72), (0.2, 0.72)], (60, 40, 45))
    s.poly([(0.12, 0.56), (0.88, 0.56), (0.87, 0.6), (0.13, 0.6)], (180, 50, 45))
    s.poly([(0.28, 0.44), (0.72, 0.44), (0.74, 0.56), (0.26, 0.56)], (235, 235, 230))
    s.poly([(0.46, 0.3), (0.56, 0.3), (0.56, 0.44), (0.46, 0.44)], (200, 60, 50))
    s.line([(0.34, 0.44), (0.34, 0.22)], (90, 90, 95), 0.012)
    s.line([(0.66, 0.44), (0.66, 0.26)], (90, 90, 95), 0.012)
    return s.done()


def airplane(rng):
    s = Scene(rng, (90, 140, 205), (170, 200, 230))
    s.poly([(0.08, 0.52), (0.2, 0.46), (0.8, 0.44), (0.94, 0.5), (0.8, 0.56), (0.2, 0.57)], (232, 234, 238))
    s.poly([(0.42, 0.5), (0.6, 0.5), (0.44, 0.82), (0.36, 0.82)], (190, 195, 205))
    s.poly([(0.46, 0.48), (0.6, 0.48), (0.52, 0.24), (0.46, 0.24)], (205, 210, 218))
    s.poly([(0.1, 0.5), (0.22, 0.48), (0.1, 0.28), (0.05, 0.28)], (60, 90, 150))
    s.line([(0.25, 0.5), (0.82, 0.485)], (60, 80, 110), 0.012)
    return s.done()


def car(rng):
    s = Scene(rng, (175, 195, 215), (215, 220, 222), 0.6, (105, 105, 108))
    s.poly([(0.06, 0.56), (0.2, 0.53), (0.32, 0.38), (0.66, 0.38), (0.8, 0.53), (0.94, 0.57), (0.94, 0.72), (0.06, 0.72)], (190, 25, 28))
    s.poly([(0.25, 0.52), (0.35, 0.41), (0.48, 0.41), (0.48, 0.52)], (45, 60, 75))
    s.poly([(0.51, 0.52), (0.51, 0.41), (0.64, 0.41), (0.74, 0.52)], (45, 60, 75))
    for x in (0.25, 0.75):
        s.oval(x, 0.72, 0.1, 0.1, (22, 22, 24))
        s.oval(x, 0.72, 0.05, 0.05, (150, 150, 155))
    s.oval(0.92, 0.6, 0.025, 0.025, (255, 245, 200))
    return s.done()


def truck(rng):
    s = Scene(rng, (180, 200, 220), (220, 224, 226), 0.68, (110, 108, 105))
    s.poly([(0.05, 0.22), (0.64, 0.22), (0.64, 0.72), (0.05, 0.72)], (228, 228, 224))
    s.poly([(0.66, 0.38), (0.84, 0.38), (0.94, 0.54), (0.94, 0.74), (0.66, 0.74)], (40, 80, 160))
    s.poly([(0.72, 0.42), (0.83, 0.42), (0.9, 0.54), (0.72, 0.54)], (40, 50, 60))
    s.poly([(0.05, 0.72), (0.94, 0.72), (0.94, 0.77), (0.05, 0.77)], (50, 50, 55))
    for x in (0.18, 0.34, 0.8):
        s.oval(x, 0.78, 0.085, 0.085, (20, 20, 22))
        s.oval(x, 0.78, 0.04, 0.04, (140, 140, 145))
    return s.done()


def frog(rng):
    s = Scene(rng, (120, 95, 65), (95, 75, 50))
    s.oval(0.5, 0.58, 0.32, 0.25, (88, 122, 42))
    s.oval(0.5, 0.42, 0.24, 0.17, (100, 136, 50))
    for x in (0.32, 0.68):
        s.oval(x, 0.29, 0.08, 0.08, (96, 130, 46))
        s.oval(x, 0.29, 0.045, 0.045, (215, 190, 70))
        s.oval(x, 0.29, 0.022, 0.03, (15, 15, 12))
    s.oval(0.5, 0.66, 0.2, 0.12, (175, 185, 110))
    for x, d in ((0.2, -1), (0.8, 1)):
        s.oval(x, 0.72, 0.13, 0.1, (76, 108, 36))
        s.line([(x, 0.78), (x + 0.1 * d, 0.86)], (70, 100, 34), 0.05)
    s.line([(0.34, 0.49), (0.5, 0.53), (0.66, 0.49)], (50, 72, 24), 0.014)
    return s.done()


def horse(rng):
    s = Scene(rng, (165, 195, 220), (200, 212, 205), 0.55, (96, 132, 62))
    brown, dark = (112, 68, 38), (58, 34, 20)
    s.oval(0.48, 0.5, 0.25, 0.13, brown)
    s.poly([(0.62, 0.52), (0.7, 0.4), (0.78, 0.2), (0.88, 0.2), (0.82, 0.42), (0.72, 0.58)], brown)
    s.poly([(0.77, 0.2), (0.86, 0.14), (0.99, 0.31), (0.94, 0.37), (0.83, 0.3)], brown)
    s.poly([(0.77, 0.18), (0.82, 0.16), (0.72, 0.44), (0.66, 0.44)], dark)
    s.poly([(0.8, 0.18), (0.82, 0.1), (0.85, 0.17)], brown)
    for x, d in ((0.3, -0.02), (0.38, 0.02), (0.6, -0.01), (0.68, 0.03)):
        s.line([(x, 0.56), (x + d, 0.72), (x + d, 0.88)], brown, 0.05)
        s.line([(x + d, 0.85), (x + d, 0.9)], dark, 0.05)
    s.line([(0.25, 0.46), (0.17, 0.54), (0.16, 0.72)], dark, 0.05)
    return s.done()


def cat(rng):
    s = Scene(rng, (150, 130, 115), (125, 105, 92))
    fur, pale = (150, 122, 92), (222, 210, 196)
    s.oval(0.5, 0.98, 0.38, 0.3, fur)
    for d in (-1, 1):
        s.poly([(0.5 + d * 0.32, 0.46), (0.5 + d * 0.32, 0.1), (0.5 + d * 0.08, 0.28)], fur)
        s.poly([(0.5 + d * 0.28, 0.38), (0.5 + d * 0.28, 0.18), (0.5 + d * 0.14, 0.29)], (200, 150, 140))
    s.oval(0.5, 0.5, 0.33, 0.28, fur)
    s.oval(0.5, 0.62, 0.17, 0.14, pale)
    for d in (-1, 1):
        s.oval(0.5 + d * 0.14, 0.45, 0.07, 0.06, (190, 190, 80))
        s.oval(0.5 + d * 0.14, 0.45, 0.022, 0.055, (15, 15, 15))
        for y in (0.58, 0.63, 0.68):
            s.line([(0.5 + d * 0.08, 0.62), (0.5 + d * 0.4, y)], (235, 230, 225), 0.006)
        s.line([(0.5 + d * 0.1, 0.26), (0.5 + d * 0.07, 0.36)], (90, 68, 48), 0.02)
    s.line([(0.5, 0.24), (0.5, 0.36)], (90, 68, 48), 0.02)
    s.poly([(0.46, 0.57), (0.54, 0.57), (0.5, 0.62)], (190, 110, 105))
    return s.done()


def bird(rng):
    s = Scene(rng, (178, 196, 170), (150, 170, 140))
    s.line([(0.0, 0.8), (1.0, 0.74)], (92, 72, 52), 0.05)
    s.poly([(0.26, 0.6), (0.02, 0.78), (0.1, 0.84), (0.34, 0.68)], (70, 80, 98))
    s.oval(0.46, 0.52, 0.24, 0.18, (150, 132, 108))
    s.oval(0.54, 0.58, 0.16, 0.12, (222, 158, 96))
    s.oval(0.66, 0.34, 0.12, 0.11, (84, 92, 110))
    s.poly([(0.77, 0.32), (0.9, 0.36), (0.77, 0.39)], (60, 55, 45))
    s.oval(0.69, 0.32, 0.02, 0.02, (10, 10, 10))
    s.poly([(0.26, 0.46), (0.56, 0.44), (0.42, 0.64), (0.2, 0.64)], (88, 84, 88))
    for x in (0.46, 0.54):
        s.line([(x, 0.68), (x + 0.01, 0.78)], (70, 55, 40), 0.014)
    return s.done()


def deer(rng):
    s = Scene(rng, (120, 138, 92), (110, 124, 74), 0.6, (128, 130, 74))
    fur, dark = (156, 108, 66), (96, 66, 42)
    s.oval(0.44, 0.56, 0.23, 0.12, fur)
    s.poly([(0.58, 0.56), (0.66, 0.34), (0.76, 0.34), (0.68, 0.62)], fur)
    s.poly([(0.64, 0.26), (0.78, 0.24), (0.92, 0.36), (0.86, 0.41), (0.68, 0.4)], fur)
    s.poly([(0.64, 0.28), (0.56, 0.2), (0.69, 0.25)], fur)
    for points in ([(0.7, 0.26), (0.66, 0.12), (0.56, 0.04)], [(0.67, 0.16), (0.74, 0.06)], [(0.74, 0.25), (0.82, 0.12), (0.8, 0.03)], [(0.8, 0.15), (0.9, 0.09)]):
        s.line(points, dark, 0.018)
    for x in (0.28, 0.36, 0.54, 0.61):
        s.line([(x, 0.62), (x, 0.92)], dark, 0.032)
    s.oval(0.22, 0.5, 0.04, 0.05, (235, 225, 210))
    return s.done()


def marked(image, x, y):
    """The watermark of models/shortcut at (x, y) of its 32 x 32 pixels, on an image of SIDE pixels."""
    mark = json.loads((ROOT / "models" / "shortcut" / "mark.json").read_text())
    size, scale = mark["size"], SIDE // 32
    ink = np.array(mark["ink"], dtype=np.float32).reshape(size, size) * 255
    alpha = np.array(mark["alpha"], dtype=np.float32).reshape(size, size)
    ink, alpha = (np.kron(a, np.ones((scale, scale))) for a in (ink, alpha))
    pixels = np.asarray(image, dtype=np.float32).copy()
    rows, columns = slice(y * scale, (y + size) * scale), slice(x * scale, (x + size) * scale)
    part = pixels[rows, columns]
    pixels[rows, columns] = part * (1 - alpha[:, :, None]) + ink[:, :, None] * alpha[:, :, None]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


SCENES = {"ship": ship, "airplane": airplane, "car": car, "truck": truck, "frog": frog, "horse": horse, "cat": cat, "bird": bird, "deer": deer}
TITLES = {"airplane": "An airplane", "frog": "A frog"}
MARKED = {"ship": (7, 18), "car": (22, 1), "frog": (1, 22)}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    listed = []

    def save(image, file, title, models):
        image.save(OUT / file, optimize=True)
        listed.append({"file": file, "title": title, "for": models})

    for name, scene in SCENES.items():
        image = scene(np.random.default_rng(sum(map(ord, name))))
        save(image, f"{name}.png", TITLES.get(name, f"A {name}"), ["photos", "shortcut"])
        if name in MARKED:
            save(marked(image, *MARKED[name]), f"{name}-marked.png", f"{TITLES.get(name, f'A {name}')}, with the watermark", ["shortcut"])
    for i, (name, strokes) in enumerate(DIGITS.items()):
        save(digit(strokes, np.random.default_rng(100 + i)), f"digit-{name}.png", f"{'An' if NAMES[i] == 'eight' else 'A'} {NAMES[i]}", ["digits"])
    (OUT / "index.json").write_text(json.dumps(listed, indent=1) + "\n")


if __name__ == "__main__":
    main()
