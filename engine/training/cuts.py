"""Cuts of OCR-B beyond the few font files that there are, and print that is not printed: every glyph as a mask.

A cut is a font drawn with another pen: each glyph is thinned to its skeleton and drawn again with a stroke of any width, round or
square ends, more or less contrast, another width and height, and a slight wave of its own. A print is what puts the cut on the
page: `ink`, `dots` (needle printers of visas) or `laser` (engraved cards: soft dots, some missing).
"""
from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

CAP = 40  # cap height in canvas pixels
CELL = 88  # a glyph's cell in canvas pixels, its baseline at row 60
FINE = 2  # glyphs are made at twice the canvas' resolution
SIDE = CELL * FINE
PRINTS = ("ink", "dots", "laser")

ROOT = Path(__file__).resolve().parents[2]
FONTS = [
    ("/usr/share/fonts/opentype/ocr-b/OCRB.otf", 0.45),
    ("/usr/share/fonts/opentype/ocr-b/OCRBS.otf", 0.22),
    (str(ROOT / "node_modules/bwip-js/fonts/OCRB7.ttf"), 0.24),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 0.04),
    ("/usr/share/fonts/truetype/noto/NotoSansMono-Regular.ttf", 0.05),
]
OCR_B = 3  # of these the first are OCR-B

# Numbers of cuts: training draws from the first, pictures that measure draw from those that it never saw.
TRAINED = range(0, 120)
HELD_OUT = range(10_000, 10_060)


@dataclass(frozen=True)
class Pen:
    """How one cut is drawn. Lengths in fine pixels: a stroke of OCR-B is about 10."""

    font: int
    thinned: bool
    width: float
    square: bool
    contrast: float  # thickness of horizontal strokes by that of vertical ones
    wide: float
    tall: float
    wave: float
    round: float


def pen(number: int) -> Pen:
    rng = random.Random(f"cut {number}")
    return Pen(
        font=rng.choices(range(OCR_B), [0.4, 0.2, 0.4])[0],
        thinned=rng.random() < 0.8,
        width=rng.uniform(5.5, 14.5),
        square=rng.random() < 0.35,
        contrast=rng.uniform(0.7, 1.3) if rng.random() < 0.5 else 1.0,
        wide=rng.uniform(0.9, 1.08),
        tall=rng.uniform(0.93, 1.07),
        wave=rng.uniform(0, 1.8) if rng.random() < 0.6 else 0.0,
        round=rng.uniform(0, 1.6) if rng.random() < 0.5 else 0.0,
    )


def brush(shape: Pen) -> np.ndarray:
    across, along = shape.width, max(3.0, shape.width * shape.contrast)
    size = 2 * int(max(across, along) / 2 + 1) + 1
    ys, xs = (np.mgrid[0:size, 0:size] - size // 2).astype(np.float32)
    if shape.square:
        return ((abs(xs) <= across / 2) & (abs(ys) <= along / 2)).astype(np.uint8)
    return ((xs / (across / 2)) ** 2 + (ys / (along / 2)) ** 2 <= 1).astype(np.uint8)


class Glyphs:
    """Glyph masks, each drawn once. A face is a font file with a stroke added or taken, or a cut by its number."""

    def __init__(self) -> None:
        self.fonts = []
        for path, _ in FONTS:
            if not Path(path).exists():
                raise SystemExit(f"missing font: {path}")
            size = 60
            for _ in range(3):
                font = ImageFont.truetype(path, size)
                box = font.getbbox("H", anchor="ls")
                size = max(8, round(size * CAP * FINE / (box[3] - box[1])))
            self.fonts.append(ImageFont.truetype(path, size))
        self.outlines: dict[tuple[int, str], np.ndarray] = {}
        self.skeletons: dict[tuple[int, str], np.ndarray] = {}
        self.cache: dict[tuple, np.ndarray] = {}

    def outline(self, font: int, letter: str) -> np.ndarray:
        key = (font, letter)
        if key not in self.outlines:
            image = Image.new("L", (SIDE, SIDE), 0)
            ImageDraw.Draw(image).text((SIDE // 2, 60 * FINE), letter, font=self.fonts[font], fill=255, anchor="ms")
            self.outlines[key] = np.asarray(image)
        return self.outlines[key]

    def skeleton(self, font: int, letter: str) -> np.ndarray:
        key = (font, letter)
        if key not in self.skeletons:
            solid = ((self.outline(font, letter) > 127) * 255).astype(np.uint8)
            self.skeletons[key] = cv2.ximgproc.thinning(solid)
        return self.skeletons[key]

    def cut(self, number: int, letter: str) -> np.ndarray:
        shape = pen(number)
        if shape.thinned:
            big = cv2.dilate(self.skeleton(shape.font, letter), brush(shape))
            big = cv2.GaussianBlur(big, (0, 0), 1.2 + shape.round)
        else:
            big = self.outline(shape.font, letter)
            grow = round((shape.width - 10) / 3)
            if grow:
                kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(grow) * 2 + 1,) * 2)
                big = cv2.dilate(big, kernel) if grow > 0 else cv2.erode(big, kernel)
            big = cv2.GaussianBlur(big, (0, 0), 0.6 + shape.round)
        own = np.random.default_rng([number, ord(letter)])
        ys, xs = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32)
        xs = SIDE / 2 + (xs - SIDE / 2) / shape.wide
        ys = 60 * FINE + (ys - 60 * FINE) / shape.tall
        if shape.wave:
            for grid in (xs, ys):
                grid += cv2.resize(own.standard_normal((6, 6)).astype(np.float32) * shape.wave, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC)
        big = cv2.remap(big, xs, ys, cv2.INTER_LINEAR).astype(np.float32)
        return np.clip((big - 127) * 4 + 127, 0, 255).astype(np.uint8)

    def mask(self, face: tuple, letter: str) -> np.ndarray:
        """`face`: ("font", font, stroke) or ("cut", number), then the print's name and, but for ink, the dots' distance in fine pixels."""
        key = (*face, letter)
        if key not in self.cache:
            kind, first, second, style, pitch = face
            if kind == "cut":
                big = self.cut(first, letter)
            else:
                big = self.outline(first, letter)
                if second:
                    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(second) * 2 + 1,) * 2)
                    big = cv2.dilate(big, kernel) if second > 0 else cv2.erode(big, kernel)
            if style != "ink":
                big = dotted(big, pitch, style)
            self.cache[key] = cv2.resize(big, (CELL, CELL), interpolation=cv2.INTER_AREA)
        return self.cache[key]


def dotted(mask: np.ndarray, pitch: int, style: str) -> np.ndarray:
    """The mask in dots, `pitch` fine pixels apart: needles strike where the glyph covers enough, a laser burns weaker at its rims."""
    cells = SIDE // pitch + 1
    whole = np.zeros((cells * pitch, cells * pitch), np.float32)
    whole[:SIDE, :SIDE] = mask
    shares = cv2.resize(whole, (cells, cells), interpolation=cv2.INTER_AREA) / 255
    shares = (shares > 0.38).astype(np.float32) if style == "dots" else np.clip(shares * 1.3, 0, 1)
    level = np.kron(shares, np.ones((pitch, pitch), np.float32))
    at = (np.arange(cells * pitch) % pitch + 0.5) / pitch - 0.5
    away = np.sqrt(at[:, None] ** 2 + at[None, :] ** 2)
    dot = np.clip((0.56 - away) * pitch * 0.8, 0, 1)
    out = cv2.GaussianBlur(level * dot * 255, (0, 0), 0.8 if style == "dots" else 1.6)
    return np.clip(out, 0, 255)[:SIDE, :SIDE].astype(np.uint8)
