"""Rules of the tree that no linter knows."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "alprviewer"

# core computes: no files, no threads, no processes, no network, no clock, no chance.
IMPURE_MODULES = frozenset(
    "asyncio concurrent contextvars fcntl glob io logging mmap multiprocessing os pathlib queue random "
    "sched select selectors shutil signal socket socketserver subprocess tempfile threading time "
    "urllib http sqlite3 ctypes".split()
)
IMPURE_CALLS = frozenset({"open", "input", "print", "exec", "eval", "breakpoint"})
CLOCK_CALLS = frozenset({"now", "utcnow", "today"})

EXCEPTIONS = {
    "native": {"imports ctypes", "imports pathlib"},
    "threads": {"imports concurrent", "imports os"},
}
"""Of core, and about how it computes, not what: by what was compiled, by all processors."""

LONGEST_MODULE = 400
LONGEST_WINDOW = 300


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """Full names of the modules that the code imports (and of what it takes out of them)."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def impurities(tree: ast.AST) -> list[str]:
    found = [
        f"imports {name}" for name in {name.partition(".")[0] for name in imported(tree)} & IMPURE_MODULES
    ]
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in IMPURE_CALLS:
                found.append(f"line {node.lineno}: calls {name}()")
            case ast.Call(func=ast.Attribute(attr=name)) if name in CLOCK_CALLS:
                found.append(f"line {node.lineno}: reads the clock, .{name}()")
    return found


@pytest.mark.parametrize("path", sources(PACKAGE / "core"), ids=lambda path: path.stem)
def test_core_computes_and_does_nothing_else(path):
    found = impurities(ast.parse(path.read_text(encoding="utf-8")))
    assert set(found) == EXCEPTIONS.get(path.stem, set())


@pytest.mark.parametrize(
    "code",
    ["import os.path", "from time import sleep", "print(1)", "datetime.now()", "def f():\n import threading"],
)
def test_impurities_are_seen(code):
    assert len(impurities(ast.parse(code))) == 1


@pytest.mark.parametrize("path", sources(PACKAGE / "models"), ids=lambda path: path.stem)
def test_models_know_no_widgets(path):
    assert "PySide6.QtWidgets" not in imported(ast.parse(path.read_text(encoding="utf-8")))


def test_no_module_is_too_long():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in sources(PACKAGE)
    }
    limits = {"alprviewer/app/window.py": LONGEST_WINDOW}
    assert {p: n for p, n in lengths.items() if n > limits.get(p, LONGEST_MODULE)} == {}


def test_folders_beside_the_package_shadow_no_library():
    """The project root is on sys.path; `packaging` is also the name of a library that the tools need."""
    assert not (ROOT / "packaging" / "__init__.py").exists()
    assert not (ROOT / "resources" / "__init__.py").exists()


def test_the_lock_names_no_host():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert "--index" not in lock
    assert "--find-links" not in lock
