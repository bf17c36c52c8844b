"""Makes Qt unimportable, in this interpreter and in every one it starts.

Python imports a module of this name when it starts, if it finds one: put this folder on PYTHONPATH.
"""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec

BLOCKED = frozenset({"PySide6", "shiboken6", "pyqtgraph", "pytestqt"})


class QtBlocker(MetaPathFinder):
    """Refuses to find Qt, whoever asks."""

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Raise for Qt and what is built on it; leave the rest to the finders behind."""
        if fullname.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(
                f"{fullname}: Qt is made unimportable in this run; layers below the models live without it",
                name=fullname,
            )
        return None


sys.meta_path.insert(0, QtBlocker())
