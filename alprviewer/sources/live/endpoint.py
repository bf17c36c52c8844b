"""The URLs of live sources and of what a replay sends to. Secrets never stand in one."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

from alprviewer.core.errors import UsageError
from alprviewer.language import tr

BEANSTALKD_PORT = 11300
BEANSTALKD_TUBE = "alprd"

_ADDRESSED = {
    "tcp": None,
    "tcp-listen": None,
    "ws": 80,
    "wss": 443,
    "ws-listen": None,
    "http": 80,
    "https": 443,
    "http-listen": None,
    "https-listen": None,
    "beanstalkd": BEANSTALKD_PORT,
}
"""Schemes with a host, and the port that is meant where none is given; None: one must be given."""
_PATHS = frozenset({"unix", "unix-listen"})
_WITH_PATH = frozenset(
    {"ws", "wss", "ws-listen", "http", "https", "http-listen", "https-listen", "beanstalkd"}
)

SOURCE_SCHEMES = (
    *("beanstalkd", "http-listen", "https-listen", "ws", "wss"),
    *("tcp", "tcp-listen", "unix", "unix-listen"),
)
TARGET_SCHEMES = (
    *("beanstalkd", "http", "https", "ws-listen"),
    *("tcp", "tcp-listen", "unix", "unix-listen"),
)
_SCHEME = re.compile(r"([a-z][a-z0-9-]*)://", re.IGNORECASE)


@dataclass(frozen=True)
class Endpoint:
    """A parsed URL.

    Attributes:
        scheme: one of ``SOURCE_SCHEMES`` or ``TARGET_SCHEMES``, or ``-`` for standard input.
        host, port: of the schemes that have them; port 0 lets the system choose one to listen at.
        path: of a socket file, of a web server (empty: any), or the name of a tube.
        mode: of a beanstalkd source, ``observe`` or ``consume``.
    """

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    mode: str = ""

    @property
    def is_listener(self) -> bool:
        """True if others connect to us."""
        return self.scheme.endswith("-listen")

    @property
    def is_encrypted(self) -> bool:
        """True if what goes over the wire is."""
        return self.scheme in ("wss", "https", "https-listen")

    @property
    def is_loopback(self) -> bool:
        """True if only this machine can be the other side."""
        if self.scheme not in _ADDRESSED or self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def name(self) -> str:
        """The beginning of the names of its spool files."""
        return slug(str(self)) if self.scheme != "-" else "stdin"

    def __str__(self) -> str:
        if self.scheme == "-":
            return "-"
        if self.scheme in _PATHS:
            return f"{self.scheme}://{self.path}"
        path = f"/{self.path}" if self.scheme == "beanstalkd" else self.path
        return f"{self.scheme}://{self.authority}{path}"

    @property
    def url(self) -> str:
        """All that tells this endpoint from others; ``str`` leaves out how a queue is used."""
        return f"{self}?mode={self.mode}" if self.mode else str(self)

    @property
    def authority(self) -> str:
        """Host and port as a URL has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def slug(text: str) -> str:
    """Text as a part of a file name."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", text).strip("-.")[:80] or "source"


def is_live(name: str) -> bool:
    """True if a source's name is a URL and no file name."""
    match = _SCHEME.match(name)
    return match is not None and match[1].lower() in SOURCE_SCHEMES


def parse(text: str, schemes: tuple[str, ...] = SOURCE_SCHEMES) -> Endpoint:
    """Read a URL.

    Raises:
        UsageError: it is none, or holds what does not belong into it.
    """
    if text == "-" and schemes is SOURCE_SCHEMES:
        return Endpoint("-")
    found = _SCHEME.match(text)
    scheme = found[1].lower() if found else ""
    if scheme not in schemes:
        known = ", ".join(f"{each}://" for each in schemes)
        raise UsageError(
            tr(
                "{address} is no address that works here; it has to begin with one of {known}.",
                address=_shown(text),
                known=known,
            )
        )
    if scheme in _PATHS:
        return _socket_file(scheme, text)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        message = tr("{address} is no address: {reason}.", address=_shown(text), reason=error)
        raise UsageError(message) from error
    if parts.username is not None or parts.password is not None:
        raise UsageError(
            tr(
                "{address} holds a name or password; "
                "put the secret into an environment variable and name that with --token-env.",
                address=_shown(text),
            )
        )
    if parts.fragment:
        ending = f"#{parts.fragment}"
        raise UsageError(
            tr("{address} ends in {ending}, which means nothing here.", address=_shown(text), ending=ending)
        )
    if port is None:
        port = _ADDRESSED[scheme]
    if port is None:
        raise UsageError(
            tr(
                "{address} names no port; write it as {scheme}://HOST:PORT.",
                address=_shown(text),
                scheme=scheme,
            )
        )
    if not host and not scheme.endswith("-listen"):
        raise UsageError(
            tr(
                "{address} names no host; write it as {scheme}://HOST:PORT.",
                address=_shown(text),
                scheme=scheme,
            )
        )
    if parts.path not in ("", "/") and scheme not in _WITH_PATH:
        raise UsageError(
            tr("{address}: {scheme}:// takes a host and a port alone.", address=_shown(text), scheme=scheme)
        )
    path, mode = _path_and_mode(scheme, parts.path, parts.query, text)
    return Endpoint(scheme, host or "127.0.0.1", port, path, mode)


def _shown(text: str) -> str:
    """A URL without what could be a secret."""
    return repr(re.sub(r"//[^/]*@", "//…@", text))


def _socket_file(scheme: str, text: str) -> Endpoint:
    path = unquote(text[len(scheme) + 3 :])
    if not path.startswith("/"):
        raise UsageError(
            tr(
                "{address!r}: write the whole path of the socket, as {scheme}:///run/alpr.sock.",
                address=text,
                scheme=scheme,
            )
        )
    if len(path.encode()) > 107:
        raise UsageError(tr("{address!r}: the path of a socket has at most 107 bytes.", address=text))
    return Endpoint(scheme, path=path)


def _path_and_mode(scheme: str, path: str, query: str, text: str) -> tuple[str, str]:
    if scheme != "beanstalkd":
        if query and scheme not in ("ws", "wss", "http", "https"):
            raise UsageError(
                tr(
                    "{address}: {scheme}:// takes nothing behind a question mark.",
                    address=_shown(text),
                    scheme=scheme,
                )
            )
        return path.removesuffix("/") + (f"?{query}" if query else ""), ""
    tube = unquote(path.strip("/")) or BEANSTALKD_TUBE
    if not re.fullmatch(r"[A-Za-z0-9+/;.$_()][A-Za-z0-9+/;.$_()-]{0,199}", tube):
        raise UsageError(tr("{name!r} is no name of a beanstalkd tube.", name=tube))
    options = dict(parse_qsl(query, keep_blank_values=True))
    mode = options.pop("mode", "observe")
    if options or mode not in ("observe", "consume"):
        raise UsageError(
            tr(
                "{address}: behind the question mark stands mode=observe or mode=consume.",
                address=_shown(text),
            )
        )
    return tube, mode
