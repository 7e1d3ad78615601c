"""python3 models/recipe/train.py NAME --data DIR: trains a sample model again and writes its files and figures.

Needs torch (1.13 or newer), numpy and Pillow. One recipe is one file, models/NAME/train.py, with a function
train(data, folder, torch, options) -> {figure: value}; the figures go into models/NAME/card.json.
"""

import argparse
import importlib.util
import json
import pathlib
import sys

import torch

HERE = pathlib.Path(__file__).resolve().parent
MODELS = HERE.parent


def recipe(name):
    path = MODELS / name / "train.py"
    if not path.exists():
        names = sorted(p.parent.name for p in MODELS.glob("*/train.py") if p.parent != HERE)
        sys.exit(f"There is no recipe {name!r}. There are: {', '.join(names)}.")
    spec = importlib.util.spec_from_file_location(f"recipe_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("name")
    options.add_argument("--data", required=True, help="folder with mnist/ and cifar10-jpeg/ (see README)")
    options.add_argument("--out", help="folder to write to, instead of models/NAME")
    options.add_argument("--epochs", type=int)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    folder = pathlib.Path(options.out or MODELS / options.name)
    folder.mkdir(parents=True, exist_ok=True)
    figures = recipe(options.name).train(options.data, folder, torch, options)
    print(json.dumps(figures, indent=1))
    card = folder / "card.json"
    if card.exists():
        content = json.loads(card.read_text())
        content["measured"] = {**content.get("measured", {}), **{k: round(v, 4) for k, v in figures.items()}}
        card.write_text(json.dumps(content, indent="\t", ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
