"""Reads the convolutions of a committed ONNX file, so that training can go on from it. Debian has no package for ONNX; this much is enough."""
from __future__ import annotations

from pathlib import Path

import numpy as np


def fields(data: memoryview):
    """The fields of a protocol buffer message: number and value, an integer or bytes."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        tag = varint()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, varint()
        else:
            size = varint() if kind == 2 else 8 if kind == 1 else 4
            yield tag >> 3, data[at : at + size]
            at += size


def convolutions(file: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Weights and biases in the order they are used. The export has put the batch normalisations into them."""
    graph = next(value for number, value in fields(memoryview(file.read_bytes())) if number == 7)
    tensors: dict[str, np.ndarray] = {}
    used: list[list[str]] = []
    for number, value in fields(graph):
        if number == 1:
            node = list(fields(value))
            if any(key == 4 and bytes(part) == b"Conv" for key, part in node):
                used.append([bytes(part).decode() for key, part in node if key == 1])
        elif number == 5:
            shape, name, raw = [], "", b""
            for key, part in fields(value):
                if key == 1:
                    shape.append(part)
                elif key == 8:
                    name = bytes(part).decode()
                elif key == 9:
                    raw = bytes(part)
            if len(raw) == 4 * int(np.prod(shape)):
                tensors[name] = np.frombuffer(raw, np.float32).reshape(shape)
    return [(tensors[inputs[1]], tensors[inputs[2]]) for inputs in used]
