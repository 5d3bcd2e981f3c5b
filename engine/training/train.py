"""Trains the line recogniser on seeded pictures and writes models/mrz-ocrb.onnx. Run by hand; see README.md."""
from __future__ import annotations

import argparse
import hashlib
import json
import math
import multiprocessing
import threading
import time
from datetime import date
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from cuts import PRINTS, Glyphs
from lines import ALPHABET, BANDS, HEIGHT, LEGIBLE, make_line
from weights import convolutions

STRIDE = 4
BLANK = 0
HERE = Path(__file__).resolve().parent
MODELS = HERE.parent / "models"


def conv(inside: int, outside: int, stride=1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(inside, outside, 3, stride, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU())


class Separable(nn.Module):
    def __init__(self, inside: int, outside: int, kernel=(3, 3), stride=(1, 1)) -> None:
        super().__init__()
        pad = (kernel[0] // 2, kernel[1] // 2)
        self.body = nn.Sequential(
            nn.Conv2d(inside, inside, kernel, stride, pad, groups=inside, bias=False), nn.BatchNorm2d(inside), nn.ReLU(),
            nn.Conv2d(inside, outside, 1, bias=False), nn.BatchNorm2d(outside), nn.ReLU())
        self.same = inside == outside and stride == (1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.body(x) if self.same else self.body(x)


class Recogniser(nn.Module):
    """1 x 32 x W raw grey 0-255 -> W/4 columns of 38 logits (blank, A-Z, 0-9, filler). Fully convolutional."""

    def __init__(self) -> None:
        super().__init__()
        self.eyes = nn.Sequential(
            conv(1, 24, 2), conv(24, 48, 2), Separable(48, 64), Separable(64, 64), Separable(64, 96, stride=(2, 1)),
            Separable(96, 96), Separable(96, 112, stride=(2, 1)))
        self.flat = nn.Sequential(nn.Conv2d(224, 160, 1, bias=False), nn.BatchNorm2d(160), nn.ReLU())
        self.along = nn.Sequential(*[Separable(160, 160, (1, k)) for k in (5, 5, 7, 7)])
        self.head = nn.Conv2d(160, len(ALPHABET) + 1, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        mean = x.mean(dim=(2, 3), keepdim=True)
        spread = ((x - mean) ** 2).mean(dim=(2, 3), keepdim=True).sqrt()
        x = (x - mean) / (spread + 8)
        x = self.eyes(x)
        batch, channels, rows, columns = x.shape
        x = x.reshape(batch, channels * 2, 1, columns)
        x = self.head(self.along(self.flat(x)))
        return x.squeeze(2).transpose(1, 2)


def go_on_from(model: Recogniser, file: Path, pictures: torch.Tensor) -> None:
    """
    Puts the weights of a committed net into the model. Its batch normalisations are part of its convolutions there, so they are
    taken apart again, one after another: the mean and spread that these pictures have become theirs, and what they do to them nothing.
    """
    parts = [part for part in model.modules() if isinstance(part, (nn.Conv2d, nn.BatchNorm2d))]
    kept = iter(convolutions(file))
    model.eval()
    with torch.no_grad():
        for index, part in enumerate(parts):
            if not isinstance(part, nn.Conv2d):
                continue
            weight, bias = (torch.tensor(array) for array in next(kept))
            part.weight.copy_(weight)
            if part.bias is not None:
                part.bias.copy_(bias)
                continue
            norm = parts[index + 1]
            seen = {}
            hook = part.register_forward_hook(lambda _, __, out: seen.update(out=out))
            model(pictures)
            hook.remove()
            mean, var = seen["out"].mean((0, 2, 3)), seen["out"].var((0, 2, 3))
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(var)
            norm.weight.copy_((var + norm.eps).sqrt())
            norm.bias.copy_(bias + mean)
    model.train()


glyphs: Glyphs | None = None


def produce(seed: int):
    global glyphs
    if glyphs is None:
        import cv2
        cv2.setNumThreads(1)
        glyphs = Glyphs()
    line = make_line(seed, glyphs)
    return line.picture, line.text, line.centres, line.pitch


def batches(seed: int, size: int, steps: int, workers: int):
    """Chunks of 16 batches, sorted by width inside, so that little is padded. The workers stay three chunks ahead, no more."""
    pool = multiprocessing.Pool(workers)
    group = size * 16
    ahead = threading.Semaphore(group * 3)

    def seeds():
        for index in range(size * steps):
            ahead.acquire()
            yield seed + index

    pending = pool.imap(produce, seeds(), chunksize=24)
    shuffle = np.random.default_rng(seed)
    done = 0
    while done < steps:
        lines = []
        for _ in range(min(group, (steps - done) * size)):
            lines.append(next(pending))
            ahead.release()
        lines.sort(key=lambda item: item[0].shape[1])
        order = shuffle.permutation(len(lines) // size)
        for index in order:
            yield lines[index * size : (index + 1) * size]
            done += 1
    pool.close()


def pack(items):
    width = math.ceil(max(item[0].shape[1] for item in items) / 16) * 16
    pictures = np.zeros((len(items), 1, HEIGHT, width), np.float32)
    columns = np.full((len(items), width // STRIDE), -100, np.int64)
    for row, (picture, line, centres, pitch) in enumerate(items):
        w = picture.shape[1]
        pictures[row, 0, :, :w] = picture
        pictures[row, 0, :, w:] = picture[:, -1:]
        at = (np.arange(width // STRIDE) + 0.5) * STRIDE
        distance = np.abs(at[:, None] - centres[None, :])
        nearest = distance.argmin(1)
        away = distance.min(1) / pitch
        labels = np.array([ALPHABET.index(letter) + 1 for letter in line])
        inside = (centres > -0.2 * pitch) & (centres < w + 0.2 * pitch)
        columns[row] = np.where(away < 0.24, labels[nearest], np.where(away > 0.36, BLANK, -100))
        columns[row][(away < 0.36) & ~inside[nearest]] = -100
    targets = [torch.tensor([ALPHABET.index(letter) + 1 for letter in item[1]]) for item in items]
    return torch.from_numpy(pictures), torch.from_numpy(columns), targets


def greedy(logits: np.ndarray) -> str:
    best = logits.argmax(-1)
    out, last = "", BLANK
    for symbol in best:
        if symbol != last and symbol != BLANK:
            out += ALPHABET[symbol - 1]
        last = symbol
    return out


def distance(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def validate(model: Recogniser, seed: int, count: int) -> dict:
    """Character errors on legible lines, by cap height and print. A glance while it trains; `bench/lines.ts` measures."""
    model.eval()
    own = Glyphs()
    seen: dict[str, list[int]] = {}
    with torch.no_grad():
        for index in range(count):
            line = make_line(seed + index, own, LEGIBLE)
            pictures, _, _ = pack([(line.picture, line.text, line.centres, line.pitch)])
            wrong = distance(greedy(model(pictures)[0].numpy()), line.text)
            low, high = BANDS[(seed + index) % len(BANDS)]
            for key in ("all", f"{low}-{high} px", PRINTS[(seed + index) // len(BANDS) % len(PRINTS)]):
                entry = seen.setdefault(key, [0, 0])
                entry[0] += wrong
                entry[1] += len(line.text)
    model.train()
    return {key: round(wrong / letters, 5) for key, (wrong, letters) in sorted(seen.items())}


def export(model: Recogniser, folder: Path, seed: int, steps: int, origin: str | None) -> None:
    model.eval()
    folder.mkdir(exist_ok=True)
    file = folder / "mrz-ocrb.onnx"
    torch.onnx.export(model, torch.zeros(1, 1, HEIGHT, 320), str(file), opset_version=13, input_names=["line"],
                      output_names=["logits"], dynamic_axes={"line": {0: "batch", 3: "width"}, "logits": {0: "batch", 1: "columns"}})
    data = file.read_bytes()
    card = {
        "input": {"name": "line", "shape": ["batch", 1, HEIGHT, "width"], "type": "float32", "range": "raw grey 0-255, dark print on light",
                  "widthMultiple": 16, "padding": "repeat the last column"},
        "output": {"name": "logits", "shape": ["batch", "width / 4", 38], "meaning": "logits; softmax gives probabilities"},
        "alphabet": ALPHABET, "blankIndex": BLANK, "firstSymbolIndex": 1, "columnStridePx": STRIDE,
        "seed": seed, "steps": steps, **({"goesOnFrom": origin} if origin else {}), "parameters": sum(p.numel() for p in model.parameters()),
        "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "trained": date.today().isoformat(),
    }
    (folder / "mrz-ocrb.json").write_text(json.dumps(card, indent=2) + "\n")
    model.train()


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--steps", type=int, default=3000)
    options.add_argument("--batch", type=int, default=48)
    options.add_argument("--seed", type=int, default=20261126)
    options.add_argument("--from", dest="origin", type=Path, help="an earlier net to go on from, at a third of the rate")
    options.add_argument("--out", type=Path, default=MODELS)
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--threads", type=int, default=2)
    given = options.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    model = Recogniser()
    origin = hashlib.sha256(given.origin.read_bytes()).hexdigest() if given.origin else None
    if given.origin:
        own = Glyphs()
        first = [make_line(given.seed - 1 - index, own) for index in range(64)]
        go_on_from(model, given.origin, pack([(line.picture, line.text, line.centres, line.pitch) for line in first])[0])
    optimiser = torch.optim.AdamW(model.parameters(), lr=1.2e-3 if given.origin else 4e-3, weight_decay=1e-3)
    warm = 150

    def rate(step: int) -> float:
        return min(1, (step + 1) / warm) * (0.5 + 0.5 * math.cos(math.pi * min(1, step / given.steps))) + 1e-4

    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, rate)
    started = time.time()
    for step, items in enumerate(batches(given.seed, given.batch, given.steps, given.workers)):
        pictures, columns, targets = pack(items)
        logits = model(pictures)
        places = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), columns.reshape(-1), ignore_index=-100)
        progress = step / given.steps
        loss = places
        if progress > 0.12 or given.origin:
            logs = F.log_softmax(logits, -1).transpose(0, 1)
            lengths = torch.full((len(items),), logits.shape[1], dtype=torch.long)
            ctc = F.ctc_loss(logs, torch.cat(targets), lengths, torch.tensor([len(t) for t in targets]), blank=BLANK, zero_infinity=True)
            weight = 1.0 if progress < 0.3 and not given.origin else 0.3
            loss = weight * places + ctc * 0.3
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2)
        optimiser.step()
        schedule.step()
        if step % 20 == 0:
            print(json.dumps({"step": step, "loss": round(float(loss), 4), "places": round(float(places), 4), "seconds": round(time.time() - started)}), flush=True)
        if step % 300 == 299:
            print(json.dumps({"step": step, "legible": validate(model, 900_000_000, 144)}), flush=True)
            export(model, given.out, given.seed, step + 1, origin)
    export(model, given.out, given.seed, given.steps, origin)
    print(json.dumps({"legible": validate(model, 900_000_000, 600)}), flush=True)


if __name__ == "__main__":
    main()
