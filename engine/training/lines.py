"""Seeded pictures of machine-readable lines, with the place of every glyph.

Nothing real is used: texts are made up, fonts are free, pages and cameras are simulated. See README.md for the recipe.
"""
from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
HEIGHT = 32
CAP = 40  # cap height in canvas pixels
PITCH = 42.5  # nominal pitch in canvas pixels: OCR-B's 2.54 mm to its cap height of about 2.4 mm

ROOT = Path(__file__).resolve().parents[2]
FONTS = [
    ("/usr/share/fonts/opentype/ocr-b/OCRB.otf", 0.45),
    ("/usr/share/fonts/opentype/ocr-b/OCRBS.otf", 0.22),
    (str(ROOT / "node_modules/bwip-js/fonts/OCRB7.ttf"), 0.24),
    ("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", 0.04),
    ("/usr/share/fonts/truetype/noto/NotoSansMono-Regular.ttf", 0.05),
]

SURNAMES = (
    "SMITH MUELLER GARCIA KOWALSKI NGUYEN ROSSI SILVA IVANOV ANDERSSON DUBOIS OKONKWO YILMAZ TANAKA KIM WANG SINGH "
    "HANSEN VIRTANEN NOVAK HORVATH POPESCU PAPADOPOULOS COHEN HASSAN MBEKI TRAORE LOPEZ FERNANDEZ JANSSEN DE<VRIES "
    "VAN<DER<BERG O<CONNOR MACDONALD SCHMIDT WEBER BIANCHI MORETTI LINDQVIST JOHANSEN KOVACS DVORAK STEFANOVIC "
    "BALOGUN ADEYEMI HAILE TESFAYE KHAN CHOWDHURY PATEL SHARMA TRAN PHAM LEE PARK CHOI SATO SUZUKI WATANABE FERREIRA "
    "OLIVEIRA COSTA MARTINEZ RODRIGUEZ CASTRO VASQUEZ QUISPE MAMANI ZHANG LIU CHEN XU WEISS FISCHER WAGNER"
).split()
GIVEN = (
    "ANNA MARIA JOHN PETER MOHAMMED FATIMA LI WEI YUKI CARLOS JOSE LUCIA OLGA IVAN SOFIA EMMA LIAM NOAH AISHA KWAME "
    "CHIDI NGOZI RAJ PRIYA MIN<JUN SEO<YEON HIROSHI SAKURA PIERRE CLAIRE HANS GRETA LARS INGRID MATEO VALENTINA JAN EVA "
    "ZUZANA TOMAS ANDREI ELENA NIKOS DIMITRA DAVID SARAH OMAR LEILA THABO ZANELE QUENTIN XAVIER WILLEM JASMIJN"
).split()
STATES = (
    "D<< AUT CHE FRA ITA ESP PRT NLD BEL LUX DNK SWE NOR FIN POL CZE SVK HUN ROU BGR GRC GBR IRL USA CAN MEX BRA ARG "
    "CHL COL PER IND CHN JPN KOR VNM THA IDN AUS NZL ZAF NGA KEN EGY MAR TUR ISR UKR RUS UTO XXA EUE UNO"
).split()
LOOKALIKES = "0OQD1I7Z2S5B8G6UVKX<"


def check_digit(text: str) -> str:
    total = 0
    for index, letter in enumerate(text):
        value = 0 if letter == "<" else int(letter) if letter.isdigit() else ord(letter) - 55
        total += value * (7, 3, 1)[index % 3]
    return str(total % 10)


def fit(text: str, length: int) -> str:
    return (text + "<" * length)[:length]


def name(rng: random.Random) -> str:
    def word() -> str:
        return "".join(rng.choice(ALPHABET[:26]) for _ in range(rng.randint(2, 11)))

    last = rng.choice(SURNAMES) if rng.random() < 0.5 else word()
    first = "<".join(rng.choice(GIVEN) if rng.random() < 0.5 else word() for _ in range(rng.randint(1, 3)))
    return f"{last}<<{first}"


def date(rng: random.Random) -> str:
    return f"{rng.randint(0, 99):02d}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"


def number(rng: random.Random, length: int) -> str:
    letters = "0123456789" if rng.random() < 0.5 else ALPHABET[:36]
    return fit("".join(rng.choice(letters) for _ in range(rng.randint(6, length))), length)


def valid_line(rng: random.Random) -> str:
    state = rng.choice(STATES) if rng.random() < 0.8 else "".join(rng.choice(ALPHABET[:26]) for _ in range(3))
    no = number(rng, 9)
    birth, expiry, sex = date(rng), date(rng), rng.choice("FM<X")
    core = f"{no}{check_digit(no)}{state}{birth}{check_digit(birth)}{sex}{expiry}{check_digit(expiry)}"
    kind = rng.randrange(8)
    if kind <= 1:
        return fit(f"{rng.choice(['P<', 'P<', 'PO', 'PD', 'V<'])}{state}{name(rng)}", 44)
    if kind <= 3:
        personal = number(rng, 14) if rng.random() < 0.5 else "<" * 14
        tail = check_digit(personal)
        composite = core[:10] + core[13:20] + core[21:28] + personal + tail
        return core + personal + tail + check_digit(composite)
    if kind == 4:
        return fit(f"{rng.choice(['I<', 'ID', 'AC', 'C<', 'IR'])}{state}{name(rng)}", 36)
    if kind == 5:
        return fit(core, 35) + check_digit(core)
    if kind == 6:
        return fit(f"{rng.choice(['I<', 'ID', 'AC', 'C<', 'IR'])}{state}{no}{check_digit(no)}{fit(number(rng, 9) if rng.random() < 0.4 else '', 15)}", 30)
    return fit(name(rng), 30) if rng.random() < 0.5 else fit(
        f"{birth}{check_digit(birth)}{sex}{expiry}{check_digit(expiry)}{state}", 29) + rng.choice("0123456789")


def random_line(rng: random.Random) -> str:
    length = rng.randint(6, 44)
    choices = [ALPHABET, ALPHABET[:26], ALPHABET[26:36], "<" * 8 + ALPHABET, LOOKALIKES]
    letters = rng.choice(choices)
    out = ""
    while len(out) < length:
        if rng.random() < 0.7:
            out += "".join(rng.choice(letters) for _ in range(rng.randint(1, 12)))
        else:
            out += "<" * rng.randint(0, 14)
    return out[:length]


def text(rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.5:
        line = valid_line(rng)
    elif draw < 0.9:
        line = random_line(rng)
    else:
        line = "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 6)))
    if len(line) > 24 and rng.random() < 0.45:
        size = rng.randint(8, 22)
        start = rng.randint(0, len(line) - size)
        line = line[start : start + size]
    return line


class Glyphs:
    """Glyph masks by font, stroke and letter, drawn once: the baseline at row 60 of an 88 px cell."""

    def __init__(self) -> None:
        self.fonts = []
        for path, weight in FONTS:
            if not Path(path).exists():
                raise SystemExit(f"missing font: {path}")
            size = 60
            for _ in range(3):
                font = ImageFont.truetype(path, size)
                box = font.getbbox("H", anchor="ls")
                size = max(8, round(size * CAP * 2 / (box[3] - box[1])))
            self.fonts.append((ImageFont.truetype(path, size), weight))
        self.cache: dict[tuple[int, int, str], np.ndarray] = {}

    def choose(self, rng: random.Random) -> int:
        return rng.choices(range(len(self.fonts)), [weight for _, weight in self.fonts])[0]

    def mask(self, font: int, stroke: int, letter: str) -> np.ndarray:
        key = (font, stroke, letter)
        if key not in self.cache:
            image = Image.new("L", (176, 176), 0)
            ImageDraw.Draw(image).text((88, 120), letter, font=self.fonts[font][0], fill=255, anchor="ms")
            big = np.asarray(image)
            if stroke:
                kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(stroke) * 2 + 1,) * 2)
                big = cv2.dilate(big, kernel) if stroke > 0 else cv2.erode(big, kernel)
            self.cache[key] = cv2.resize(big, (88, 88), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
        return self.cache[key]


@dataclass
class Line:
    picture: np.ndarray  # uint8, HEIGHT x W
    text: str
    centres: np.ndarray  # x of each glyph in the picture
    pitch: float  # mean distance of glyphs in the picture
    cap: float  # cap height at the camera, pixels


def draw_row(canvas: np.ndarray, glyphs: Glyphs, rng: random.Random, line: str, font: int, stroke: int, left: float,
             base: float, pitch: float, jitter: float) -> list[float]:
    centres = []
    for index, letter in enumerate(line):
        x = left + (index + 0.5) * pitch + rng.gauss(0, jitter)
        y = base + rng.gauss(0, jitter)
        mask = glyphs.mask(font, stroke, letter)
        x0, y0 = round(x) - 44, round(y) - 60
        xs, ys = max(0, x0), max(0, y0)
        xe, ye = min(canvas.shape[1], x0 + 88), min(canvas.shape[0], y0 + 88)
        if xe > xs and ye > ys:
            part = canvas[ys:ye, xs:xe]
            np.maximum(part, mask[ys - y0 : ye - y0, xs - x0 : xe - x0], out=part)
        centres.append(x)
    return centres


def smooth_noise(npr: np.random.Generator, height: int, width: int, cell: int) -> np.ndarray:
    small = npr.standard_normal((max(2, height // cell + 2), max(2, width // cell + 2))).astype(np.float32)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def make_line(seed: int, glyphs: Glyphs, legible: bool = False) -> Line:
    rng = random.Random(seed)
    npr = np.random.default_rng(seed)
    line = text(rng)
    n = len(line)
    font = glyphs.choose(rng) if not legible else rng.choices([0, 1, 2], [0.5, 0.25, 0.25])[0]
    stroke = rng.choices([-4, -2, 0, 2, 4, 6], [4, 10, 34, 30, 17, 5])[0]
    pitch = PITCH * (rng.uniform(0.97, 1.03) if rng.random() < 0.6 else rng.uniform(0.86, 1.16))
    jitter = rng.uniform(0, 0.9)
    pad = 3.2 * pitch
    height = CAP * 9
    width = math.ceil(n * pitch + 2 * pad)
    base = height / 2 + CAP / 2
    ink = np.zeros((height, width), np.float32)
    centres = draw_row(ink, glyphs, rng, line, font, stroke, pad, base, pitch, jitter)
    for side in (-1, 1):
        if rng.random() < 0.55:
            other = text(rng)
            while len(other) < n:
                other += text(rng)
            draw_row(ink, glyphs, rng, other[:n], font, stroke, pad, base + side * CAP * rng.uniform(1.75, 3), pitch, jitter)

    # The page: colour, waves, hatch, circles, texture, uneven ink, frames and edges beyond the ends.
    ground = rng.uniform(0.4, 1.0)
    page = np.full((height, width), ground, np.float32)
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    for _ in range(rng.choice([0, 1, 1, 2])):
        wave = np.sin(xs * rng.uniform(0.02, 0.35) + rng.uniform(5, 40) * np.sin(ys * rng.uniform(0.01, 0.06)) + ys * rng.uniform(-0.3, 0.3))
        page += wave * rng.uniform(0.01, 0.11)
    if rng.random() < 0.2:
        page += (np.sin((xs + ys * rng.uniform(-1, 1)) * rng.uniform(0.3, 0.9)) > rng.uniform(0.3, 0.9)) * rng.uniform(-0.18, 0.1)
    if rng.random() < 0.25:
        for _ in range(rng.randint(1, 5)):
            cv2.circle(page, (rng.randint(0, width), rng.randint(0, height)), rng.randint(20, 200), ground - rng.uniform(0.03, 0.25), rng.randint(1, 4), cv2.LINE_AA)
    if rng.random() < 0.4:
        page += smooth_noise(npr, height, width, rng.randint(20, 120)) * rng.uniform(0.01, 0.07)
    if rng.random() < 0.04:
        cv2.line(page, (0, rng.randint(0, height)), (width, rng.randint(0, height)), ground - 0.35, rng.randint(3, 9), cv2.LINE_AA)
    darkness = rng.uniform(0.35, 1.0) if not legible else rng.uniform(0.6, 1.0)
    if rng.random() < 0.25:
        ink *= np.clip(0.8 + 0.25 * smooth_noise(npr, height, width, rng.randint(6, 40)), 0.25, 1)
    image = page * (1 - ink * darkness) + 0.02 * ink
    left_end, right_end = pad - rng.uniform(0.15, 1.4) * pitch, pad + n * pitch + rng.uniform(0.15, 1.4) * pitch
    for end, side in ((left_end, -1), (right_end, 1)):
        draw = rng.random()
        if draw < 0.22:
            cv2.line(image, (round(end), 0), (round(end + rng.gauss(0, 6)), height), max(0.0, ground - rng.uniform(0.2, 0.7)), rng.randint(2, 7), cv2.LINE_AA)
        elif draw < 0.42:
            edge = round(end)
            shade = rng.uniform(0, 1)
            noise = smooth_noise(npr, height, width, rng.randint(4, 50)) * 0.12 + shade
            if side < 0:
                image[:, : max(0, edge)] = noise[:, : max(0, edge)]
            else:
                image[:, edge:] = noise[:, edge:]
    if rng.random() < 0.12:
        row = round(base - CAP / 2 + rng.choice([-1, 1]) * CAP * rng.uniform(0.9, 1.6))
        cv2.line(image, (0, row), (width, row), max(0.0, ground - 0.4), rng.randint(1, 4), cv2.LINE_AA)
    if rng.random() < 0.05:
        column = rng.randint(0, width)
        cv2.line(image, (column, 0), (column, height), max(0.0, ground - rng.uniform(0.15, 0.5)), rng.randint(1, 3), cv2.LINE_AA)
    if rng.random() < 0.04:
        image = 1 - image * 0.9

    # The camera: size, slope, slant, perspective.
    draw = rng.random()
    cap = rng.uniform(5, 9) if draw < 0.12 else rng.uniform(8, 34) if draw < 0.75 else rng.uniform(10, 20)
    if legible:
        cap = rng.uniform(9, 30)
    scale = cap / CAP
    image = cv2.resize(image, (max(8, round(width * scale)), max(8, round(height * scale))), interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC)
    h, w = image.shape
    limit = math.atan2(0.45 * cap, max(cap, n * pitch * scale * 0.5))
    slope = max(-limit, min(limit, math.radians(rng.gauss(0, 0.5 if n > 22 else 1.4))))
    slant = math.radians(rng.gauss(0, 2.6))
    grow = rng.gauss(0, 0.05)
    cx, cy = w / 2, h / 2

    def place(x: float, y: float) -> tuple[float, float]:
        dx, dy = x - cx, y - cy
        factor = 1 + grow * dx / max(1, w)
        return cx + dx - math.tan(slant) * dy, cy + dy * factor + math.tan(slope) * dx

    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    target = np.float32([place(*corner) for corner in corners])
    matrix = cv2.getPerspectiveTransform(corners, target)
    image = cv2.warpPerspective(image, matrix, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    middle = (base - CAP / 2) * h / height
    points = np.float32([[[x * w / width, middle]] for x in centres])
    points = cv2.perspectiveTransform(points, matrix)[:, 0, :]

    if rng.random() < 0.45:
        sigma = cap * rng.uniform(0, 0.13 if not legible else 0.07)
        if sigma > 0.25:
            image = cv2.GaussianBlur(image, (0, 0), sigma)
    elif rng.random() < 0.27 and not legible:
        size = max(2, round(cap * rng.uniform(0.11, 0.28)))
        kernel = np.zeros((size, size), np.float32)
        if rng.random() < 0.6:
            kernel[size // 2, :] = 1 / size
        else:
            np.fill_diagonal(kernel, 1 / size)
        image = cv2.filter2D(image, -1, kernel)
    if rng.random() < 0.5:
        gy, gx = np.mgrid[0:h, 0:w].astype(np.float32)
        image = image * (1 + rng.uniform(-0.4, 0.4) * (gx / w - 0.5) + rng.uniform(-0.3, 0.3) * (gy / h - 0.5))
    if rng.random() < (0.12 if not legible else 0.0):
        gy, gx = np.mgrid[0:h, 0:w].astype(np.float32)
        radius = cap * rng.uniform(0.6, 3)
        blob = np.exp(-(((gx - rng.uniform(0, w)) / (radius * rng.uniform(0.6, 2))) ** 2 + ((gy - middle) / radius) ** 2))
        image = image + blob * rng.uniform(0.2, 0.9)
    contrast = rng.uniform(0.35, 1) if not legible else rng.uniform(0.6, 1)
    image = np.clip((image - 0.5) * contrast + rng.uniform(0.4, 0.6), 0, 1) ** rng.uniform(0.6, 1.7)
    image = image + npr.standard_normal(image.shape).astype(np.float32) * rng.uniform(0, 0.07 if not legible else 0.03)
    if rng.random() < 0.12:
        image = image + (image - cv2.GaussianBlur(image, (0, 0), 1.2)) * rng.uniform(0.5, 1.5)
    if rng.random() < 0.25:
        again = rng.uniform(0.75, 1.9)
        small = cv2.resize(image, (max(4, round(w * again)), max(4, round(h * again))), interpolation=rng.choice([cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_CUBIC]))
        image = cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)
    picture = np.clip(image * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        ok, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(22 if not legible else 50, 92)])
        if ok:
            picture = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)

    # The crop, to 32 pixels of height.
    step = float(np.mean(np.diff(points[:, 0]))) if n > 1 else pitch * scale
    crop = cap * rng.triangular(1.1, 2.6, 1.6)
    y = float(np.mean(points[:, 1])) + rng.gauss(0, 0.075) * cap

    def margin() -> float:
        return -rng.uniform(0, 0.3) if rng.random() < 0.12 else rng.uniform(0.1, 1.9)

    x0 = points[0, 0] - step * (0.5 + margin())
    x1 = points[-1, 0] + step * (0.5 + margin())
    zoom = HEIGHT / crop
    stretch = zoom * rng.uniform(0.93, 1.07)
    out = max(16, round((x1 - x0) * stretch))
    matrix = np.float32([[stretch, 0, -x0 * stretch], [0, zoom, HEIGHT / 2 - y * zoom]])
    if zoom < 0.8:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.45 / zoom)
    result = cv2.warpAffine(picture, matrix, (out, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Line(result, line, (points[:, 0] - x0) * stretch, step * stretch, cap)
