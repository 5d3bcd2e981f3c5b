"""Fits how sure the engine may be of a symbol, on the symbols that `bench/lines.ts --symbols` wrote, and tells whether size matters.

    /usr/bin/python3 calibrate.py fit.json test.json            tells what it would write
    /usr/bin/python3 calibrate.py fit.json test.json --write    puts it into models/mrz-ocrb.json
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

CARD = Path(__file__).resolve().parents[1] / "models" / "mrz-ocrb.json"
EDGES = (0, 8.5, 12.75, 21.25, 10_000)  # distance of symbols in the photograph, pixels: cap heights of 8, 12 and 20


def load(file: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = json.loads(file.read_text())
    confidence = np.clip(np.array([row["confidence"] for row in rows]), 1e-6, 1 - 1e-6)
    return np.log(confidence / (1 - confidence)), np.array([row["right"] for row in rows], bool), np.array([row["pitch"] for row in rows])


def loss(odds: np.ndarray, right: np.ndarray, temperature: float) -> float:
    return float(np.mean(np.logaddexp(0, np.where(right, -odds, odds) / temperature)))


def fit(odds: np.ndarray, right: np.ndarray) -> float:
    return float(min(np.arange(0.4, 4.01, 0.02), key=lambda temperature: loss(odds, right, temperature)))


def told(odds: np.ndarray, right: np.ndarray) -> str:
    """How often symbols are right that are said to be right so often."""
    confidence = 1 / (1 + np.exp(-odds))
    edges = (0, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999, 1)
    parts = []
    for low, high in zip(edges, edges[1:]):
        inside = (confidence >= low) & (confidence < high)
        if inside.any():
            parts.append(f"{low}-{high}: {right[inside].mean():.3f} of {inside.sum()} (said {confidence[inside].mean():.3f})")
    return "; ".join(parts)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("fit", type=Path)
    options.add_argument("test", type=Path)
    options.add_argument("--write", action="store_true")
    given = options.parse_args()
    (odds, right, _), (odds_test, right_test, pitch_test) = load(given.fit), load(given.test)
    temperature = round(fit(odds, right), 2)
    print(json.dumps({
        "symbols": len(odds), "wrong": int((~right).sum()), "temperature": temperature,
        "test": {"symbols": len(odds_test), "wrong": int((~right_test).sum()), "lossBefore": round(loss(odds_test, right_test, 1), 5),
                 "lossAfter": round(loss(odds_test, right_test, temperature), 5)},
        "before": told(odds_test, right_test), "after": told(odds_test / temperature, right_test),
    }))
    for low, high in zip(EDGES, EDGES[1:]):
        own, other = [(pitch >= low) & (pitch < high) for pitch in (load(given.fit)[2], pitch_test)]
        band = fit(odds[own], right[own])
        print(json.dumps({
            "pitch": [low, high], "wrong": int((~right[own]).sum()), "temperature": round(band, 2),
            "test": {"wrong": int((~right_test[other]).sum()), "lossWithIt": round(loss(odds_test[other], right_test[other], band), 5),
                     "lossWithThatOfAll": round(loss(odds_test[other], right_test[other], temperature), 5)},
        }))
    if given.write:
        card = json.loads(CARD.read_text())
        card["confidence"] = {"temperature": temperature}
        CARD.write_text(json.dumps(card, indent=2) + "\n")


if __name__ == "__main__":
    main()
