"""Seeded pictures of machine-readable lines, with the place of every glyph.

Nothing real is used: texts are made up, fonts are free, pages and cameras are simulated. See README.md for the recipe.
"""
from __future__ import annotations

import math
import random
from dataclasses import dataclass

import cv2
import numpy as np

from cuts import CAP, CELL, FONTS, HELD_OUT, OCR_B, PRINTS, TRAINED, Glyphs

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
HEIGHT = 32
PITCH = 42.5  # nominal pitch in canvas pixels: OCR-B's 2.54 mm to its cap height of about 2.4 mm
BANDS = ((6, 8), (8, 12), (12, 20), (20, 32))  # cap heights at the camera, pixels


@dataclass(frozen=True)
class Purpose:
    """What lines are for. `legible`: a person could read every symbol. `whole`: lines of a zone, cut as the engine cuts them."""

    legible: bool
    whole: bool
    cuts: range


TRAINING = Purpose(legible=False, whole=False, cuts=TRAINED)
LEGIBLE = Purpose(legible=True, whole=False, cuts=HELD_OUT)
SCENES = Purpose(legible=False, whole=True, cuts=HELD_OUT)

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
ALIKE = "O0 O0 OQ0D I1 I1L7 B8 S5 Z2 Z27 G6 GC6 UV MNW KX< DB0".split()


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
    letters = rng.choice(["0123456789", "0123456789", ALPHABET[:36], LOOKALIKES[:-1]])
    begin = "".join(rng.choice(rng.choice(ALIKE)[:2]) for _ in range(rng.randint(1, 4))) if rng.random() < 0.25 else ""
    return fit(begin + "".join(rng.choice(letters) for _ in range(rng.randint(6, length))), length)


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
    letters = rng.choice(choices) if rng.random() < 0.75 else rng.choice(ALIKE)
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


@dataclass
class Photo:
    """A strip of a photograph with one line, and the rectangle in it that a reader would cut out."""

    picture: np.ndarray  # uint8
    text: str
    centres: np.ndarray  # x of each glyph
    pitch: float  # mean distance of glyphs
    cap: float  # cap height, pixels
    style: str  # how it is printed, one of PRINTS
    left: float
    right: float
    middle: float
    height: float


@dataclass
class Line:
    picture: np.ndarray  # uint8, HEIGHT x W
    text: str
    centres: np.ndarray  # x of each glyph in the picture
    pitch: float  # mean distance of glyphs in the picture


def choose_face(rng: random.Random, purpose: Purpose, style: str) -> tuple:
    """A font file with a stroke added or taken, or a cut of our own; needles and lasers have fewer, as they are drawn anew for each."""
    dots = 0 if style == "ink" else rng.choice([4, 5, 6, 7, 7]) if style == "dots" else rng.choice([3, 4, 5])
    if rng.random() < 0.5:
        return ("cut", rng.choice(purpose.cuts if style == "ink" else purpose.cuts[:16]), 0, style, dots)
    weights = [weight for _, weight in FONTS]
    font = rng.choices(range(len(FONTS)), weights)[0] if purpose is TRAINING else rng.choices(range(OCR_B), weights[:OCR_B])[0]
    stroke = rng.choices([-4, -2, 0, 2, 4, 6], [4, 10, 34, 30, 17, 5])[0] if style == "ink" else rng.choice([0, 0, 2])
    return ("font", font, stroke, style, dots)


def draw_row(canvas: np.ndarray, glyphs: Glyphs, rng: random.Random, line: str, face: tuple, left: float,
             base: float, pitch: float, jitter: float) -> list[float]:
    centres = []
    half = CELL // 2
    for index, letter in enumerate(line):
        x = left + (index + 0.5) * pitch + rng.gauss(0, jitter)
        y = base + rng.gauss(0, jitter)
        mask = glyphs.mask(face, letter)
        x0, y0 = round(x) - half, round(y) - 60
        xs, ys = max(0, x0), max(0, y0)
        xe, ye = min(canvas.shape[1], x0 + CELL), min(canvas.shape[0], y0 + CELL)
        if xe > xs and ye > ys:
            part = canvas[ys:ye, xs:xe]
            np.maximum(part, mask[ys - y0 : ye - y0, xs - x0 : xe - x0], out=part)
        centres.append(x)
    return centres


def smooth_noise(npr: np.random.Generator, height: int, width: int, cell: float) -> np.ndarray:
    small = npr.standard_normal((max(2, int(height / cell) + 2), max(2, int(width / cell) + 2)), np.float32)
    return cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC)


def draw_page(rng: random.Random, npr: np.random.Generator, height: int, width: int, scale: float, ground: float, clutter: float) -> np.ndarray:
    """Paper with waves, hatch, circles, texture and stamps. Lengths are drawn in canvas pixels, the page at the camera's scale."""
    page = np.full((height, width), ground, np.float32)
    ys = np.arange(height, dtype=np.float32)[:, None] / scale
    xs = np.arange(width, dtype=np.float32)[None, :] / scale
    for _ in range(rng.choice([0, 1, 1, 2])):
        bend = rng.uniform(5, 40) * np.sin(ys * rng.uniform(0.01, 0.06)) + ys * rng.uniform(-0.3, 0.3)
        page += np.sin(xs * rng.uniform(0.02, 0.35) + bend) * (rng.uniform(0.01, 0.11) * clutter)
    if rng.random() < 0.2:
        page += (np.sin((xs + ys * rng.uniform(-1, 1)) * rng.uniform(0.3, 0.9)) > rng.uniform(0.3, 0.9)) * (rng.uniform(-0.18, 0.1) * clutter)
    if rng.random() < 0.25:
        for _ in range(rng.randint(1, 5)):
            thick = rng.uniform(1, 4) * scale
            cv2.circle(page, (rng.randint(0, width), rng.randint(0, height)), max(1, round(rng.uniform(20, 200) * scale)),
                       ground - rng.uniform(0.03, 0.25) * clutter * min(1, thick), max(1, round(thick)), cv2.LINE_AA)
    if rng.random() < 0.4:
        page += smooth_noise(npr, height, width, rng.randint(20, 120) * scale) * (rng.uniform(0.01, 0.07) * clutter)
    if rng.random() < 0.04:
        cv2.line(page, (0, rng.randint(0, height)), (width, rng.randint(0, height)), ground - 0.35 * clutter, max(1, round(rng.uniform(3, 9) * scale)), cv2.LINE_AA)
    return page


def draw_rule(image: np.ndarray, from_: tuple[float, float], to: tuple[float, float], shade: float, ground: float, thick: float) -> None:
    """A straight rule; one thinner than a pixel is paler instead."""
    shade = ground + (shade - ground) * min(1, thick)
    cv2.line(image, (round(from_[0]), round(from_[1])), (round(to[0]), round(to[1])), max(0.0, shade), max(1, round(thick)), cv2.LINE_AA)


def photograph(seed: int, glyphs: Glyphs, purpose: Purpose = TRAINING) -> Photo:
    rng = random.Random(seed)
    npr = np.random.default_rng(seed)
    legible = purpose.legible
    line = valid_line(rng) if purpose.whole else text(rng)
    n = len(line)
    style = rng.choices(PRINTS, [0.8, 0.09, 0.11])[0] if purpose is TRAINING else PRINTS[seed // len(BANDS) % len(PRINTS)]
    if purpose.whole and rng.random() < 0.6:
        style = "ink"
    face = choose_face(rng, purpose, style)
    draw = rng.random()
    cap = rng.uniform(5, 9) if draw < 0.18 else rng.uniform(8, 34) if draw < 0.75 else rng.uniform(10, 20)
    if purpose is not TRAINING:
        cap = rng.uniform(*BANDS[seed % len(BANDS)])
    scale = cap / CAP
    # What is this small must be taken well to be read at all.
    small = cap < 9

    # Ink, in canvas pixels.
    pitch = PITCH * (rng.uniform(0.97, 1.03) if rng.random() < 0.6 else rng.uniform(0.86, 1.16))
    jitter = rng.uniform(0, 0.9)
    pad = 3.2 * pitch
    height = CAP * 7
    width = math.ceil(n * pitch + 2 * pad)
    base = height / 2 + CAP / 2
    canvas = np.zeros((height, width), np.uint8)
    centres = draw_row(canvas, glyphs, rng, line, face, pad, base, pitch, jitter)
    # Of a piece of a line the neighbours go on outside; where the crop shows a rim of them it is no symbol.
    goes_on = [not purpose.whole and rng.random() < 0.22 for _ in range(2)]
    for side, present in enumerate(goes_on):
        if present:
            draw_row(canvas, glyphs, rng, rng.choice(ALPHABET), face, pad - pitch if side == 0 else pad + n * pitch, base, pitch, jitter)
    for side in (-1, 1):
        if rng.random() < 0.55:
            other = text(rng)
            while len(other) < n:
                other += text(rng)
            draw_row(canvas, glyphs, rng, other[:n], face, pad, base + side * CAP * rng.uniform(1.75, 3), pitch, jitter)

    # From here on at the camera's scale.
    w, h = max(8, round(width * scale)), max(8, round(height * scale))
    ink = cv2.resize(canvas, (w, h), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    ground = rng.uniform(0.6, 1.0) if legible else rng.uniform(0.4, 1.0)
    darkness = rng.uniform(0.7, 1.0) if legible else rng.uniform(0.4, 1.0)
    if style == "laser":
        darkness = rng.uniform(0.65, 0.95) if legible else rng.uniform(0.4, 0.95)
        ink *= np.clip(0.95 + rng.uniform(0.05, 0.25) * npr.standard_normal((h, w), np.float32), 0, 1)
    page = draw_page(rng, npr, h, w, scale, ground, 0.4 if legible else 0.7 if small else 1)
    if rng.random() < 0.25:
        ink *= np.clip(0.8 + (0.12 if legible else 0.25) * smooth_noise(npr, h, w, rng.randint(6, 40) * scale), 0.25, 1)
    image = page * (1 - ink * darkness) + 0.02 * ink
    for side in (0, 1):
        beyond = rng.uniform(0.15, 1.4) * pitch
        end = (pad - beyond if side == 0 else pad + n * pitch + beyond) * scale
        draw = 1.0 if goes_on[side] else rng.random()
        if draw < 0.22:
            draw_rule(image, (end, 0), (end + rng.gauss(0, 6) * scale, h), ground - rng.uniform(0.2, 0.7), ground, rng.uniform(2, 7) * scale)
        elif draw < 0.42:
            noise = smooth_noise(npr, h, w, rng.randint(4, 50) * scale) * 0.12 + rng.uniform(0, 1)
            edge = max(0, round(end))
            part = slice(0, edge) if side == 0 else slice(edge, w)
            image[:, part] = noise[:, part]
    if rng.random() < 0.12:
        row = (base - CAP / 2 + rng.choice([-1, 1]) * CAP * rng.uniform(0.9, 1.6)) * scale
        draw_rule(image, (0, row), (w, row), ground - 0.4, ground, rng.uniform(1, 4) * scale)
    if rng.random() < 0.12:
        for _ in range(rng.choice([1, 1, 1, 2, 3])):
            column = rng.uniform(0, w)
            draw_rule(image, (column, 0), (column + rng.gauss(0, 5) * scale, h), ground - rng.uniform(0.15, 0.5), ground, rng.uniform(1, 3) * scale)
    if rng.random() < (0.04 if purpose is TRAINING else 0):
        image = 1 - image * 0.9

    # The camera: slope, slant, perspective.
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
    matrix = cv2.getPerspectiveTransform(corners, np.float32([place(*corner) for corner in corners]))
    image = cv2.warpPerspective(image, matrix, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    middle = (base - CAP / 2) * h / height
    points = np.float32([[[x * w / width, middle]] for x in centres])
    points = cv2.perspectiveTransform(points, matrix)[:, 0, :]
    if rng.random() < 0.25:
        # Paper is not flat and print not even: a slight wave of its own in every line.
        reach = cap * rng.uniform(0.01, 0.04)
        gy, gx = np.mgrid[0:h, 0:w].astype(np.float32)
        cell = max(3.0, cap * rng.uniform(0.6, 4))
        image = cv2.remap(image, gx + reach * smooth_noise(npr, h, w, cell), gy + reach * smooth_noise(npr, h, w, cell),
                          cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    if rng.random() < 0.45:
        sigma = cap * rng.uniform(0, 0.05 if legible else 0.08 if small else 0.13)
        if sigma > 0.25:
            image = cv2.GaussianBlur(image, (0, 0), sigma)
    elif rng.random() < 0.27 and not legible and not small:
        size = max(2, round(cap * rng.uniform(0.11, 0.28)))
        kernel = np.zeros((size, size), np.float32)
        if rng.random() < 0.6:
            kernel[size // 2, :] = 1 / size
        else:
            np.fill_diagonal(kernel, 1 / size)
        image = cv2.filter2D(image, -1, kernel)
    gy, gx = np.arange(h, dtype=np.float32)[:, None], np.arange(w, dtype=np.float32)[None, :]
    if rng.random() < 0.5:
        image = image * (1 + rng.uniform(-0.4, 0.4) * (gx / w - 0.5) + rng.uniform(-0.3, 0.3) * (gy / h - 0.5))
    if rng.random() < 0.12 and not legible:
        radius = cap * rng.uniform(0.6, 3)
        across = np.exp(-(((gx - rng.uniform(0, w)) / (radius * rng.uniform(0.6, 2))) ** 2))
        image = image + across * np.exp(-(((gy - middle) / radius) ** 2)) * rng.uniform(0.2, 0.9)
    contrast = rng.uniform(0.65, 1) if legible else rng.uniform(0.4, 1)
    image = np.clip((image - 0.5) * contrast + rng.uniform(0.4, 0.6), 0, 1) ** rng.uniform(0.6, 1.7)
    image = image + npr.standard_normal(image.shape, np.float32) * rng.uniform(0, 0.02 if legible else 0.045 if small else 0.07)
    if rng.random() < 0.12:
        image = image + (image - cv2.GaussianBlur(image, (0, 0), 1.2)) * rng.uniform(0.5, 1.5)
    if rng.random() < 0.25:
        again = rng.uniform(1 if small or legible else 0.75, 1.9)
        resized = cv2.resize(image, (max(4, round(w * again)), max(4, round(h * again))), interpolation=rng.choice([cv2.INTER_LINEAR, cv2.INTER_AREA, cv2.INTER_CUBIC]))
        image = cv2.resize(resized, (w, h), interpolation=cv2.INTER_LINEAR)
    picture = np.clip(image * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        ok, coded = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, rng.randint(75 if legible else 45 if small else 22, 92)])
        if ok:
            picture = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)

    step = float(np.mean(np.diff(points[:, 0]))) if n > 1 else pitch * scale
    y = float(np.mean(points[:, 1]))
    if purpose.whole:
        # As the engine cuts: 1.75 pitches high, 0.95 pitches beyond the ends.
        margins = [0.95 + rng.gauss(0, 0.12) for _ in range(2)]
        crop, y = step * 1.75 * rng.uniform(0.96, 1.04), y + rng.gauss(0, 0.04) * cap
    else:
        crop, y = cap * rng.triangular(1.1, 2.6, 1.6), y + rng.gauss(0, 0.05 if legible else 0.075) * cap
        margins = [margin(rng, legible, present) for present in goes_on]
    return Photo(picture, line, points[:, 0], step, cap, style, points[0, 0] - step * (0.5 + margins[0]),
                 points[-1, 0] + step * (0.5 + margins[1]), y, crop)


def margin(rng: random.Random, legible: bool, goes_on: bool) -> float:
    """Pitches beyond the end of a glyph's place at which the crop ends; negative where it cuts the glyph."""
    draw = rng.random()
    if draw < (0.08 if legible else 0.14):
        return -rng.uniform(0, 0.18 if legible else 0.3)
    # A third of a neighbour at most, of which half is the gap.
    return rng.uniform(0, 0.33) if goes_on else rng.uniform(0.1, 1.9)


def make_line(seed: int, glyphs: Glyphs, purpose: Purpose = TRAINING) -> Line:
    """A line cut out to 32 pixels of height."""
    photo = photograph(seed, glyphs, purpose)
    zoom = HEIGHT / photo.height
    stretch = zoom * random.Random(f"stretch {seed}").uniform(0.93, 1.2)
    out = max(16, round((photo.right - photo.left) * stretch))
    matrix = np.float32([[stretch, 0, -photo.left * stretch], [0, zoom, HEIGHT / 2 - photo.middle * zoom]])
    picture = cv2.GaussianBlur(photo.picture, (0, 0), 0.45 / zoom) if zoom < 0.8 else photo.picture
    result = cv2.warpAffine(picture, matrix, (out, HEIGHT), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return Line(result, photo.text, (photo.centres - photo.left) * stretch, photo.pitch * stretch)
