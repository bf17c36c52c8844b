"""Times taken side by side: rounds in which every contender runs once, and the figures made of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

ROUNDS = 3
PATIENCE = 60.0
"""Seconds after which a contender is not run again. This holds for all of them, ourselves included."""


class MeasureError(Exception):
    """Something cannot be measured here; the text is the reason."""


@dataclass(frozen=True)
class Samples:
    """What one contender took in each round."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The value in the middle."""
        return statistics.median(self.values)

    def plain(self) -> dict[str, object]:
        """For JSON."""
        return {"median": self.median, "values": list(self.values)}


@dataclass(frozen=True)
class Rounds:
    """What came of all rounds: samples by name, and why some contenders have none."""

    samples: dict[str, Samples]
    failures: dict[str, str]

    def of(self, name: str) -> Samples:
        """A contender's samples.

        Raises:
            MeasureError: it has none.
        """
        if name not in self.samples:
            raise MeasureError(f"{name}: {self.failures.get(name, 'not run')}")
        return self.samples[name]


def interleaved(
    contenders: Mapping[str, Callable[[], float]],
    *,
    rounds: int = ROUNDS,
    patience: float = PATIENCE,
    say: Callable[[str], None],
) -> Rounds:
    """Run every contender once a round, each round beginning with another one.

    Whatever disturbs the machine for a while so disturbs them all. A contender that has used up its patience
    sits out the rounds that follow; how often each ran stands in its samples. One that raises a
    ``MeasureError`` is left out.

    Args:
        contenders: names and what to run; each returns its seconds, or whatever else is measured.
        rounds: how many at most.
        patience: seconds in all after which a contender is not run again.
        say: told of each run.
    """
    names = list(contenders)
    taken: dict[str, list[float]] = {name: [] for name in names}
    spent = dict.fromkeys(names, 0.0)
    failures: dict[str, str] = {}
    for number in range(rounds):
        first = number % max(len(names), 1)
        for name in (*names[first:], *names[:first]):
            if name in failures or spent[name] > patience:
                continue
            begun = time.perf_counter()
            try:
                taken[name].append(contenders[name]())
            except MeasureError as error:
                failures[name] = str(error)
                say(f"round {number + 1}, {name}: {error}")
                continue
            spent[name] += time.perf_counter() - begun
            say(f"round {number + 1}, {name}: {taken[name][-1]:.3g}")
    samples = {name: Samples(tuple(values)) for name, values in taken.items() if name not in failures}
    return Rounds(samples, failures)


@dataclass(frozen=True)
class Spread:
    """Percentiles of many measurements."""

    count: int
    p50: float
    p95: float
    p99: float
    longest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread:
        """The percentiles; all NaN where there is nothing."""
        if not len(values):
            return cls(0, *(float("nan"),) * 4)
        return cls(len(values), *(float(value) for value in np.percentile(values, (50, 95, 99, 100))))

    def plain(self) -> dict[str, float]:
        """For JSON."""
        return {"count": self.count, "p50": self.p50, "p95": self.p95, "p99": self.p99, "max": self.longest}

    def text(self, unit: str = "ms") -> str:
        """In one line."""
        return (
            f"50 % {self.p50:.1f}, 95 % {self.p95:.1f}, 99 % {self.p99:.1f}, "
            f"longest {self.longest:.1f} {unit} (n = {self.count:,})"
        )
