"""Writes seeded strips of photographs with one line each, for `bench/lines.ts`: never lines that training saw, nor cuts of its own.

    /usr/bin/python3 make_set.py legible 1200 /tmp/legible
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2

from cuts import Glyphs
from lines import BANDS, LEGIBLE, SCENES, photograph

# `legible` compares nets; on `fit` confidence is calibrated, on `test` it is judged. Whole lines, as hard as training's.
SETS = {"legible": (LEGIBLE, 900_000_000), "fit": (SCENES, 950_000_000), "test": (SCENES, 970_000_000)}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("set", choices=SETS)
    options.add_argument("count", type=int)
    options.add_argument("folder", type=Path)
    given = options.parse_args()
    cv2.setNumThreads(1)
    purpose, seed = SETS[given.set]
    glyphs = Glyphs()
    given.folder.mkdir(parents=True, exist_ok=True)
    lines = []
    with open(given.folder / "strips.grey", "wb") as strips:
        for index in range(given.count):
            photo = photograph(seed + index, glyphs, purpose)
            height, width = photo.picture.shape
            low, high = BANDS[(seed + index) % len(BANDS)]
            lines.append({
                "text": photo.text, "width": width, "height": height, "cap": f"{low}-{high}", "print": photo.style, "offset": strips.tell(),
                "slant": {"cx": (photo.left + photo.right) / 2, "cy": photo.middle, "length": photo.right - photo.left, "height": photo.height, "angle": 0},
            })
            strips.write(photo.picture.tobytes())
    (given.folder / "lines.json").write_text(json.dumps({"set": given.set, "lines": lines}, default=float))


if __name__ == "__main__":
    main()
