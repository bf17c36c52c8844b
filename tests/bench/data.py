"""Captures of any size for the benchmarks: the bundled sample, block after block, each one different.

A block is the sample's regular frames with other plates, times and uuids. Plates are changed by a permutation
of letters and one of digits for each block, so that reads of one vehicle, misreads and confusions stay what
they are; times move on by the sample's duration. Crops stay as they are. The same arguments give the same
bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

SAMPLE = Path(__file__).parents[2] / "resources" / "sample" / "sample.jsonl"

_PLATE = re.compile(rb'"plate":"([^"]*)"')
_TIME = re.compile(rb'(?:"epoch_time":|-)(1[0-9]{12})(?=[,"])')
_LIST = re.compile(rb'("candidates":\[\{)([^\]]*)(\}\])')
_DIGITS = 13
MILLIONS = 10_000_000
"""Reads of the largest capture that the goals speak of."""


class Block:
    """The sample's regular frames as bytes, with the places of what changes."""

    def __init__(self, *, crops: bool = True, candidates: int | None = None) -> None:
        lines = [line for line in SAMPLE.read_bytes().splitlines() if _is_regular(line)]
        if not crops:
            lines = [re.sub(rb',"plate_crop_jpeg":"[^"]*"', b"", line) for line in lines]
        if candidates is not None:
            lines = [_LIST.sub(lambda found: _first(found, candidates), line) for line in lines]
        self.text = b"\n".join(lines) + b"\n"
        self.frames = len(lines)
        self.reads = sum(len(json.loads(line)["results"]) for line in lines)
        spans = [match.span(1) for match in _PLATE.finditer(self.text)]
        self.plate_places = np.concatenate([np.arange(*span) for span in spans])
        starts = np.array([match.start(1) for match in _TIME.finditer(self.text)])
        self.time_places = starts[:, None] + np.arange(_DIGITS)
        self.times = np.array([int(self.text[start : start + _DIGITS]) for start in starts])
        self.duration = int(self.times.max() - self.times.min()) + 60_000

    def variant(self, number: int, seed: int) -> bytes:
        """Block ``number`` of a capture; 0 is the sample itself."""
        if number == 0:
            return self.text
        random = np.random.default_rng((seed, number))
        table = np.arange(256, dtype=np.uint8)
        for first, count in ((ord("A"), 26), (ord("0"), 10)):
            table[first : first + count] = first + random.permutation(count)
        data = np.frombuffer(self.text, np.uint8).copy()
        data[self.plate_places] = table[data[self.plate_places]]
        moved = self.times + number * self.duration
        powers = 10 ** np.arange(_DIGITS - 1, -1, -1)
        data[self.time_places] = (moved[:, None] // powers % 10 + ord("0")).astype(np.uint8)
        return data.tobytes()


def _first(found: re.Match[bytes], count: int) -> bytes:
    """A list of candidates with the first ones only."""
    return found[1] + b"},{".join(found[2].split(b"},{")[:count]) + found[3]


def _is_regular(line: bytes) -> bool:
    try:
        return json.loads(line).get("data_type") == "alpr_results" and line.count(b'"img_width"') == 1
    except ValueError:
        return False


def blocks(
    reads: int, *, seed: int = 1, crops: bool = True, candidates: int | None = None
) -> Iterator[bytes]:
    """Blocks with at least so many reads in all; of the candidates all, or the first ones."""
    block = Block(crops=crops, candidates=candidates)
    for number in range(-(-reads // block.reads)):
        yield block.variant(number, seed)


def write_capture(
    path: Path, reads: int, *, seed: int = 1, crops: bool = True, candidates: int | None = None
) -> int:
    """Write a JSON Lines capture with at least so many reads. Returns its size in bytes."""
    with path.open("wb") as file:
        for block in blocks(reads, seed=seed, crops=crops, candidates=candidates):
            file.write(block)
    return path.stat().st_size
