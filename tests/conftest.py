"""What holds for every test: a home of its own, no display, fixed zone and language, fixed examples.

Qt is not imported here: the tests of the lower layers run where it cannot be.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=30,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "explore",
    deadline=None,
    max_examples=5_000,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

# What could make a run here differ from a run elsewhere.
UNWANTED = (
    "DBUS_SESSION_BUS_ADDRESS",  # the desktop of whoever runs the tests
    "LANGUAGE",
    "QT_FONT_DPI",
    "QT_LOGGING_RULES",
    "QT_QPA_PLATFORMTHEME",
    "QT_SCALE_FACTOR",
    "QT_SCREEN_SCALE_FACTORS",
    "QT_STYLE_OVERRIDE",
)

# Coverage makes a child process slower by half, so it counts in these only: what runs in children alone is
# below the first two; the last one starts the program by its entry point.
CHILDREN_COUNT_IN = ("tests/capture/", "tests/sources/", "tests/test_translations.py")


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Know pytest-qt's settings also where it is left out."""
    if not pluginmanager.has_plugin("pytest-qt"):
        for name in ("qt_api", "qt_log_level_fail"):
            parser.addini(name, "of pytest-qt, which is left out of this run")
        parser.addini("qt_log_ignore", "of pytest-qt, which is left out of this run", "linelist")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give the run a home that goes away with it."""
    home = tempfile.TemporaryDirectory(prefix="alprviewer-tests-", ignore_cleanup_errors=True)
    config.add_cleanup(home.cleanup)
    folders = {
        "HOME": "home",
        "XDG_CACHE_HOME": "cache",
        "XDG_CONFIG_HOME": "config",
        "XDG_DATA_HOME": "data",
        "XDG_RUNTIME_DIR": "runtime",
        "XDG_STATE_HOME": "state",
    }
    for variable, name in folders.items():
        folder = Path(home.name, name)
        folder.mkdir(mode=0o700)
        os.environ[variable] = str(folder)
    for variable in UNWANTED:
        os.environ.pop(variable, None)
    os.environ["LC_ALL"] = "C.UTF-8"
    os.environ["TZ"] = "UTC"
    time.tzset()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let coverage pass over a test that is marked so: some take five times as long with it."""
    coverage = sys.modules.get("coverage")
    stopped = []
    # In a process that xdist has started there are two: as in any child, and that of pytest-cov.
    while coverage and item.get_closest_marker("uncounted") and (counting := coverage.Coverage.current()):
        counting.stop()
        stopped.append(counting)
    try:
        return (yield)
    finally:
        for counting in reversed(stopped):
            counting.start()


@pytest.fixture(autouse=True)
def uncounted_children(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave child processes out of coverage where nothing depends on them."""
    counts = request.node.nodeid.startswith(CHILDREN_COUNT_IN)
    if not counts or request.node.get_closest_marker("uncounted"):
        monkeypatch.delenv("COVERAGE_PROCESS_CONFIG", raising=False)


@pytest.fixture
def environment_without_qt() -> dict[str, str]:
    """The environment for a child process that must do its work without Qt."""
    hook = str(Path(__file__).parent / "helpers" / "withoutqt")
    before = os.environ.get("PYTHONPATH")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([hook, before] if before else [hook])}
