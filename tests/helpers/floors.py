"""Compares the coverage of each layer with its floor: python -m tests.helpers.floors COVERAGE.json.

The floors are data, in pyproject.toml under [tool.alprviewer.coverage].
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections import Counter
from pathlib import Path, PurePath

ROOT = Path(__file__).parents[2]


def layer_of(path: str) -> str:
    """The top-level module or package of a file of ours."""
    return PurePath(path).relative_to("alprviewer").parts[0].removesuffix(".py")


def reached(report: dict) -> dict[str, float]:
    """Percent of the lines and branches that ran, by layer."""
    possible: Counter[str] = Counter()
    covered: Counter[str] = Counter()
    for path, entry in report["files"].items():
        summary = entry["summary"]
        layer = layer_of(path)
        possible[layer] += summary["num_statements"] + summary.get("num_branches", 0)
        covered[layer] += summary["covered_lines"] + summary.get("covered_branches", 0)
    return {
        layer: 100.0 * covered[layer] / total if total else 100.0 for layer, total in sorted(possible.items())
    }


def complaints(percents: dict[str, float], floors: dict[str, float]) -> list[str]:
    """What is below its floor, has none, or has one without being there."""
    found = [
        f"{layer}: {percent:.1f} % covered, the floor is {floors[layer]} %"
        for layer, percent in percents.items()
        if layer in floors and percent < floors[layer]
    ]
    found += [f"{layer}: has no floor in pyproject.toml" for layer in percents if layer not in floors]
    found += [f"{layer}: has a floor, but no code ran" for layer in floors if layer not in percents]
    return found


def main(report_path: str) -> int:
    """Print the table; 1 where a layer is below its floor."""
    percents = reached(json.loads(Path(report_path).read_text(encoding="utf-8")))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    floors = settings["tool"]["alprviewer"]["coverage"]
    lines = [f"{'layer':16}{'covered':>9}{'floor':>8}"]
    lines += [f"{layer:16}{percent:8.1f}%{floors.get(layer, '-'):>7}%" for layer, percent in percents.items()]
    wrong = complaints(percents, floors)
    sys.stdout.write("\n".join(lines + wrong) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
