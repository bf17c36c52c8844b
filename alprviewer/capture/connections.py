"""The live sources that the user has saved, and their secrets.

A connection is saved without its secret. That goes to the keyring of the system where there is one, and is
forgotten with the program where there is none.
"""

from __future__ import annotations

import logging
import threading
import tomllib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import tomli_w

from alprviewer.core.errors import UserError
from alprviewer.core.masking import mask_passwords
from alprviewer.language import tr
from alprviewer.settings import connections_file

_log = logging.getLogger(__name__)
_SERVICE = "alprviewer"
_GOOD_PRIORITY = 1.0
"""Keyrings below it keep secrets where anybody may read them, or nowhere."""


@dataclass(frozen=True)
class Connection:
    """A live source: its URL and the files for encrypted connections, in PEM."""

    url: str
    certificate: str = ""
    key: str = ""
    authority: str = ""


def can_be_kept(url: str) -> bool:
    """False for a URL with a secret in it: it is not written anywhere."""
    return mask_passwords(url) == url


def load(path: Path | None = None) -> list[Connection]:
    """The saved connections; what is not understood is passed over."""
    try:
        values = tomllib.loads((path or connections_file()).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    listed = values.get("connection")
    found = [_connection(each) for each in listed] if isinstance(listed, list) else []
    return [each for each in found if each is not None]


def _connection(value: Any) -> Connection | None:
    if not isinstance(value, dict) or not isinstance(value.get("url"), str):
        return None
    names = [name for name in Connection.__dataclass_fields__ if isinstance(value.get(name), str)]
    return Connection(**{name: value[name] for name in names})


def save(connections: Iterable[Connection], path: Path | None = None) -> None:
    """Write the connections, replacing the file in one step.

    Raises:
        UserError: it cannot be written.
    """
    path = path or connections_file()
    values = [
        {name: text for name, text in asdict(each).items() if text or name == "url"} for each in connections
    ]
    temporary = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(tomli_w.dumps({"connection": values}).encode("utf-8"))
        temporary.replace(path)
    except OSError as error:
        text = tr("The connections could not be saved in {file}: {reason}.", file=path, reason=error.strerror)
        raise UserError(text) from error


class Secrets:
    """The tokens of live sources, by their URLs. A keyring may make its caller wait: ask from a thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._session: dict[str, str] = {}
        self._keyring: Any = None
        self._looked = False

    def _found(self) -> Any:
        """The system's keyring; None where there is none that is worth the name."""
        with self._lock:
            if not self._looked:
                self._looked = True
                try:
                    import keyring

                    found = keyring.get_keyring()
                    self._keyring = found if float(found.priority) >= _GOOD_PRIORITY else None
                except Exception:  # noqa: BLE001 - backends fail in as many ways as there are desktops
                    _log.info("There is no usable keyring.", exc_info=True)
            return self._keyring

    @property
    def are_kept(self) -> bool:
        """True if there is a keyring that keeps secrets from one run to the next."""
        return self._found() is not None

    def get(self, url: str) -> str:
        """The secret of a source; empty where none is known."""
        if url in self._session:
            return self._session[url]
        found = self._found()
        try:
            return str(found.get_password(_SERVICE, url) or "") if found is not None else ""
        except Exception:  # noqa: BLE001 - see above; it may be locked, or its service gone
            _log.info("The keyring did not give a secret.", exc_info=True)
            return ""

    def use(self, url: str, secret: str) -> None:
        """Know a secret until the program ends."""
        self._session[url] = secret

    def keep(self, url: str, secret: str) -> bool:
        """Know a secret for good. False where no keyring takes it: it lasts for this run then."""
        self.use(url, secret)
        found = self._found()
        try:
            if found is not None:
                found.set_password(_SERVICE, url, secret)
        except Exception:  # noqa: BLE001 - see above
            _log.info("The keyring did not take a secret.", exc_info=True)
            return False
        return found is not None

    def forget(self, url: str) -> None:
        """Know no secret of a source any more."""
        self._session.pop(url, None)
        found = self._found()
        try:
            if found is not None and found.get_password(_SERVICE, url) is not None:
                found.delete_password(_SERVICE, url)
        except Exception:  # noqa: BLE001 - see above
            _log.info("The keyring did not forget a secret.", exc_info=True)
