"""The verbs ``record`` and ``replay``: their arguments, and what they print. Light to import."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alprviewer.core.errors import UsageError

if TYPE_CHECKING:
    from alprviewer.sources.live.counters import Counters
    from alprviewer.sources.live.endpoint import Endpoint
    from alprviewer.sources.live.sources import Tls
    from alprviewer.sources.paths import SourceFile
    from alprviewer.sources.replay.protocol import Sent
    from alprviewer.sources.spool.retention import Keeper

_SOURCES = """\
live sources:
  http-listen://[HOST]:PORT[/PATH]    agents and web servers post to us
  https-listen://[HOST]:PORT[/PATH]   the same, with --tls-cert
  beanstalkd://HOST[:PORT][/TUBE]     look at jobs and leave them to their consumer
      …?mode=consume                  take jobs away from every other consumer
  ws://HOST[:PORT][/PATH], wss://…    messages of a WebSocket server
  tcp://HOST:PORT, unix:///PATH       read from those who serve
  tcp-listen://[HOST]:PORT, unix-listen:///PATH
                                      others connect and write

Without a host, listeners are for this machine alone. beanstalkd:// means port 11300 and tube alprd. TCP,
WebSocket and Unix sockets have no acknowledgement: what is on its way when a connection breaks is lost unless
the sender sends it again."""
_TARGETS = """\
where to:
  http://HOST[:PORT][/PATH], https://…   as POST requests
  beanstalkd://HOST[:PORT][/TUBE]        as jobs
  tcp://HOST:PORT, unix:///PATH          as lines, to who listens
  ws-listen://[HOST]:PORT                as messages, to who connects to us
  tcp-listen://[HOST]:PORT, unix-listen:///PATH
                                         as lines, to who connects to us"""
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}


def _quantity(text: str, units: dict[str, int], what: str) -> float:
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([a-z]?)b?", text.strip().lower())
    if match is None or match[2] not in units or float(match[1]) <= 0:
        raise argparse.ArgumentTypeError(f"expected {what}, not {text!r}")
    return float(match[1]) * units[match[2]]


def _duration(text: str) -> float:
    return _quantity(text, _SECONDS, "a time such as 90, 60s, 10m or 2h")


def _size(text: str) -> int:
    return int(_quantity(text, _UNITS, "a size such as 500M or 20G"))


def _rate(text: str) -> float:
    return _quantity(text.lower().removesuffix("/s"), {"": 1}, "messages a second such as 100 or 100/s")


def _number(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"expected a number from 1 up, not {text!r}")
    return int(text)


def add_record(verbs: Any) -> argparse.ArgumentParser:
    """The arguments of ``record``."""
    verb: argparse.ArgumentParser = verbs.add_parser(
        "record",
        help="receive from live sources into files, without a window",
        description="Receives into files that open like any others. What it acknowledges is on the disk.",
        epilog=_SOURCES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument("urls", nargs="+", metavar="URL", help="live sources (below), or - for standard input")
    verb.add_argument("--out", required=True, metavar="DIR", type=Path, help="the folder for the files")
    verb.add_argument(
        "--for", dest="seconds", type=_duration, metavar="TIME", help="end after this (60s, 2h)"
    )
    verb.add_argument("--frames", type=_number, metavar="N", help="end after so many frames")
    verb.add_argument(
        "--limit",
        type=_size,
        metavar="SIZE",
        help="delete the oldest files of DIR beyond this size (20G), never those with reads that were judged",
    )
    add_secrets(verb)
    return verb


def add_replay(verbs: Any) -> None:
    """The arguments of ``replay``."""
    verb = verbs.add_parser(
        "replay",
        help="send a capture to a live endpoint, as an agent would",
        description="Sends every value of a capture, and again until it is taken.",
        epilog=_TARGETS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verb.add_argument("sources", nargs="+", metavar="SOURCE", help="result files, folders, globs, or -")
    verb.add_argument("--to", required=True, metavar="URL", help="where to (below)")
    pacing = verb.add_mutually_exclusive_group()
    pacing.add_argument("--rate", type=_rate, metavar="N/s", help="so many messages a second")
    pacing.add_argument("--realtime", action="store_true", help="spaced as they were seen (the default)")
    pacing.add_argument("--max", action="store_true", help="as fast as they are taken")
    verb.add_argument("--now", action="store_true", help="move the times in the messages to the present")
    add_secrets(verb)


def add_secrets(verb: argparse.ArgumentParser) -> None:
    """The arguments with which live sources are reached; secrets never stand in a URL."""
    verb.add_argument("--token-env", metavar="NAME", help="the environment variable that holds the token")
    verb.add_argument(
        "--tls-cert", metavar="FILE", default="", help="certificate to show to who connects (PEM)"
    )
    verb.add_argument("--tls-key", metavar="FILE", default="", help="its key, where it is a file of its own")
    verb.add_argument(
        "--tls-ca", metavar="FILE", default="", help="certificate to trust besides the system's"
    )


def token_of(options: argparse.Namespace) -> str:
    """The secret that ``--token-env`` names; empty without it.

    Raises:
        UsageError: there is none, or it cannot be one.
    """
    if options.token_env is None:
        return ""
    token = os.environ.get(options.token_env, "")
    if not token:
        raise UsageError(f"The environment variable {options.token_env} of --token-env is not set, or empty.")
    if not token.isascii() or not token.isprintable():
        raise UsageError(f"The token in {options.token_env} holds characters that no header can carry.")
    return token


def _tls(options: argparse.Namespace) -> Tls:
    from alprviewer.sources.live.sources import Tls

    return Tls(options.tls_cert, options.tls_key, options.tls_ca)


def say(text: str) -> None:
    """One sentence on standard error."""
    print(f"alprviewer: {text}", file=sys.stderr, flush=True)  # noqa: T201


def record(options: argparse.Namespace, keeper: Keeper) -> int:
    """Run ``record``. Returns the exit code.

    Args:
        options: of the command line.
        keeper: tells which files are never deleted.
    """
    import asyncio

    from alprviewer.sources.live.endpoint import parse
    from alprviewer.sources.live.recorder import Order, Recorder
    from alprviewer.sources.spool.retention import retention
    from alprviewer.sources.spool.writer import SpoolOptions

    endpoints = [parse(url) for url in options.urls]
    if len(set(map(str, endpoints))) < len(endpoints):
        raise UsageError("A source is named twice.")
    token, tls = token_of(options), _tls(options)
    with retention(options.out, options.limit, keeper, say) as wrote:
        order = Order(
            endpoints,
            options.out,
            token,
            tls,
            seconds=options.seconds,
            frames=options.frames,
            report_every=1.0 if sys.stderr.isatty() else 10.0,
            spool=SpoolOptions(wrote=wrote),
        )
        recorder = Recorder(order, say, _report)
        asyncio.run(recorder.run())
    return 0


def _report(found: Sequence[tuple[Endpoint, Counters]]) -> None:
    for endpoint, counters in found:
        say(f"{endpoint}: {summary(counters)}")


def summary(counters: Counters) -> str:
    """The counters as a line; what is zero and would only be noise is left out."""
    numbers = {
        "duplicates": counters.duplicates,
        "not understood": counters.unknown,
        "rejected": counters.rejected,
        "refused": counters.refused,
        "gone before they were looked at": counters.missed,
    }
    shown = [f"{count:,} {name}" for name, count in numbers.items() if count]
    parts = [
        counters.state,
        f"{counters.values:,} values ({counters.frames:,} frames)",
        f"{counters.spooled_bytes / 1e6:,.1f} MB",
        *shown,
    ]
    return ", ".join(parts)


def replay(options: argparse.Namespace, files: Sequence[SourceFile]) -> int:
    """Run ``replay`` on these files. Returns the exit code."""
    import asyncio

    from alprviewer.sources.live.endpoint import TARGET_SCHEMES, parse
    from alprviewer.sources.replay.messages import messages
    from alprviewer.sources.replay.replayer import Pacing, Schedule, make_target
    from alprviewer.sources.replay.replayer import replay as run

    endpoint = parse(options.to, TARGET_SCHEMES)
    pacing = Pacing.MAX if options.max else Pacing.RATE if options.rate else Pacing.REALTIME
    schedule = Schedule(pacing, options.rate or 0.0, options.now)
    token, tls = token_of(options), _tls(options)

    async def send() -> Sent:
        async with make_target(endpoint, token, tls, say) as target:
            await run(messages(files), target, schedule)
        return target.sent

    sent = asyncio.run(send())
    say(f"{endpoint}: {_account(sent, endpoint)}")
    return 1 if sent.refused and not sent.acknowledged else 0


def _account(sent: Sent, endpoint: Endpoint) -> str:
    parts = [f"{sent.sent:,} sent"]
    if endpoint.scheme in ("http", "https", "beanstalkd"):
        parts.append(f"{sent.acknowledged:,} acknowledged")
    if sent.refused:
        parts.append(f"{sent.refused:,} refused ({sent.last_error})")
    if sent.retries:
        parts.append(f"{sent.retries:,} attempts failed and were made again")
    return ", ".join(parts) + "."
