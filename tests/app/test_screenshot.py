"""``alprviewer screenshot`` in a child process, as anybody would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage

from alprviewer.views.theme import DARK, LIGHT
from tests.helpers.opening import SAMPLE, frame, write


def shoot(tmp_path: Path, *arguments: object) -> tuple[subprocess.CompletedProcess[str], QImage]:
    output = tmp_path / "out.png"
    environment = {
        k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    command = [sys.executable, "-m", "alprviewer", "screenshot", *map(str, arguments), "-o", str(output)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    return done, QImage(str(output))


@pytest.fixture
def small(tmp_path):
    return write(tmp_path / "a.jsonl", [frame("A"), frame("B"), frame("C", results=[])])


@pytest.mark.parametrize(("scale", "theme"), [(1, "light"), (2, "dark"), (3, "light")])
def test_size_scale_and_theme(tmp_path, scale, theme):
    done, image = shoot(
        tmp_path, SAMPLE, "--size", "900x600", "--scale", scale, "--theme", theme, "--select", 5
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (image.width(), image.height()) == (900 * scale, 600 * scale)
    wanted = {"light": LIGHT, "dark": DARK}[theme]
    assert image.pixelColor(4 * scale, 200 * scale) in (QColor(wanted.surface), QColor(wanted.selection))


def test_no_source_draws_the_start_page(tmp_path):
    done, image = shoot(tmp_path, "--size", "800x600")
    assert (done.returncode, done.stderr) == (0, "")
    assert (image.width(), image.height()) == (800, 600)


@pytest.mark.parametrize("tab", ["reads", "frames", "groups", "problems"])
def test_tabs_differ_and_need_no_row(tmp_path, small, tab):
    done, image = shoot(tmp_path, small, "--tab", tab, "--size", "720x480")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert not image.isNull()


def test_the_selected_row_is_marked_and_shown(tmp_path, small):
    _, first = shoot(tmp_path, small, "--tab", "reads", "--select", 0)
    _, second = shoot(tmp_path, small, "--tab", "reads", "--select", 1)
    assert first != second
    assert shoot(tmp_path, small, "--tab", "reads", "--select", 1)[1] == second, "the same picture each time"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--select", 2], 2, "no row 2"),
        (["--tab", "groups", "--select", 0], 2, "no row 0"),
        (["--size", "5x5"], 2, "expected WIDTHxHEIGHT"),
        (["--scale", 4], 2, "invalid choice"),
        (["--select", -1], 2, ""),
        (["--theme", "pink"], 2, "invalid choice"),
    ],
)
def test_wrong_usage(tmp_path, small, arguments, code, words):
    done, image = shoot(tmp_path, small, *arguments)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert image.isNull()


def test_what_cannot_be_read(tmp_path):
    done, image = shoot(tmp_path, tmp_path / "gone.jsonl")
    assert done.returncode == 1
    assert "gone.jsonl" in done.stderr
    assert "Traceback" not in done.stderr
    assert image.isNull()


def test_a_picture_that_cannot_be_written(tmp_path, small):
    (tmp_path / "out.png").mkdir()
    done, _ = shoot(tmp_path, small)
    assert done.returncode == 1
    assert "could not be written" in done.stderr


def test_nothing_is_remembered(tmp_path, small, monkeypatch):
    for name in ("CONFIG", "STATE", "CACHE", "DATA"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name))
    done, _ = shoot(tmp_path, small)
    assert done.returncode == 0
    assert [
        path for path in (tmp_path / "home").rglob("*") if path.is_file() and "alprviewer" in str(path)
    ] == []
