"""Which language is spoken, and how messages are translated."""

from __future__ import annotations

import subprocess
import sys

import pytest

from alprviewer.language import VARIABLE, language_of, speak, tr, trn


@pytest.mark.parametrize(
    ("wanted", "environment", "language"),
    [
        ("es", {"LANG": "de_DE.UTF-8"}, "es"),
        ("system", {"LANG": "de_DE.UTF-8"}, "de"),
        ("system", {"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ("system", {"LANG": "en_GB.UTF-8", "LC_MESSAGES": "es_MX@euro"}, "es"),
        ("system", {"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:de:es"}, "de"),
        ("system", {"LANG": "fr_FR.UTF-8"}, "en"),
        ("system", {}, "en"),
    ],
)
def test_the_language_is_the_wanted_one_or_that_of_the_system(wanted, environment, language):
    assert language_of(wanted, environment) == language


def test_values_are_filled_in_and_braces_alone_stay():
    assert tr("{count:,} of {name}", count=1234, name="{x}") == "1,234 of {x}"
    assert tr("as {this}") == "as {this}"
    assert trn("{count} read in {name}", "{count:,} reads in {name}", 1234, name="x") == "1,234 reads in x"
    assert trn("{count} read", "{count} reads", 1) == "1 read"


def test_it_is_too_late_once_something_was_said():
    tr("Open")
    with pytest.raises(RuntimeError, match="Too late to speak de"):
        speak("de")


def test_a_process_speaks_the_language_that_it_was_started_in(monkeypatch):
    monkeypatch.setenv(VARIABLE, "de")
    code = "from alprviewer.language import tr; print(tr('Light, dark, or as the system has it.'))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert said == "Hell, dunkel oder wie das System.\n"
