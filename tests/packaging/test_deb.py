"""What the Debian package is made from. Whether it works in a bare system ``make test-package`` tries."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from alprviewer import cli
from alprviewer.sources.paths import RESULT_SUFFIXES

ROOT = Path(__file__).parents[2]
LINUX = ROOT / "packaging" / "linux"


def manual_page() -> str:
    done = subprocess.run(
        [sys.executable, LINUX / "manpage.py", "2026-01-01"], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_manual_page_has_every_verb_and_option():
    page = manual_page().replace(r"\-", "-")
    (verbs,) = [each for each in cli.parser()._actions if isinstance(each, argparse._SubParsersAction)]
    for name, verb in verbs.choices.items():
        assert f".SS {name}\n" in page
        shown = [each for each in verb._actions if each.help != argparse.SUPPRESS and each.dest != "help"]
        for option in (word for action in shown for word in action.option_strings):
            assert option in page, (name, option)


@pytest.mark.skipif(shutil.which("groff") is None, reason="needs groff")
def test_the_manual_page_is_sound():
    done = subprocess.run(
        ["groff", "-man", "-ww", "-Tutf8"], input=manual_page(), capture_output=True, text=True, check=True
    )
    assert done.stderr == ""


def test_the_desktop_knows_the_endings_that_the_program_reads():
    types = ET.parse(LINUX / "alprviewer.xml")
    patterns = [each.get("pattern") for each in types.iter() if each.tag.endswith("glob")]
    assert "*.alpr.jsonl" in patterns
    assert all(pattern.endswith(RESULT_SUFFIXES) for pattern in patterns)
    name = next(each.get("type") for each in types.iter() if each.tag.endswith("mime-type"))
    assert f"MimeType={name};" in (LINUX / "alprviewer.desktop").read_text()
    assert name in (LINUX / "alprviewer.metainfo.xml").read_text()


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="needs desktop-file-utils")
def test_the_menu_entry_is_valid():
    done = subprocess.run(
        ["desktop-file-validate", LINUX / "alprviewer.desktop"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_what_the_package_depends_on_is_what_the_set_up_script_installs():
    done = subprocess.run(
        [ROOT / "packaging" / "system-libraries.sh", "names", "run"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "libxcb-cursor0" in done.stdout.split()
    assert "libglib2.0-0t64|libglib2.0-0" in done.stdout.split()
