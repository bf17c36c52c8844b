"""A real window while frames with crops arrive: its heartbeat, and how far behind the present it is."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.bench.options import Options
from tests.bench.places import home
from tests.bench.processes import ProcessError, Talker
from tests.bench.report import Row
from tests.bench.timing import Spread
from tests.helpers.display import display
from tests.helpers.live import free_port

_SESSION = (sys.executable, "-m", "tests.bench.inside.session")
_GOAL_MS = 33.0
_RATES = (100, 1500)
_CONNECTIONS = 16
_WARM_FRAMES = 100


def _row(options: Options, rate: int) -> Row:
    url = f"http-listen://127.0.0.1:{free_port()}"
    with display() as screen, home() as places, Talker(_SESSION, {**places, **screen.environment}) as window:
        window.ask({"do": "settle"})
        target = window.ask({"do": "listen", "url": url})["place"].replace("http-listen", "http") + "/"
        seconds = options.seconds + 2
        words = [target, str(rate), str(seconds), str(_CONNECTIONS)]
        command = [sys.executable, "-m", "tests.bench.inside.sending", *words]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
            # The children import what they need with the first rows; that is measured as starting.
            window.ask({"do": "receive", "seconds": 0, "frames": _WARM_FRAMES})
            found = window.ask({"do": "receive", "seconds": options.seconds})
            said, _ = sender.communicate()
            if sender.returncode:
                raise ProcessError(f"the sender failed with exit code {sender.returncode}")
        report = json.loads(said)
        last = window.ask({"do": "receive", "seconds": 0, "frames": report["acknowledged"]})
    beats, own = _spread(found["gaps"]), _spread(found["own"])
    return Row(
        f"heartbeat while {rate:,} frames a second arrive (HTTP), 95 %",
        beats.p95,
        "ms",
        goal=f"under {_GOAL_MS:.0f} ms",
        met=beats.p95 < _GOAL_MS,
        note=(
            f"{beats.text()}; its thread took {found['own_ms'] / options.seconds:.0f} ms of a processor "
            f"a second, between two beats {own.text()}; {found['shown'] / options.seconds:,.0f} frames a "
            f"second shown in {found['batches'] / options.seconds:.1f} batches, "
            f"{report['acknowledged']:,} acknowledged and {last['frames']:,} in the tables in the end"
        ),
        bound="receiver, reader, window and sender on the same processors",
        details={"while": found, "sent": report, "last": last},
    )


def _spread(values: dict[str, float]) -> Spread:
    return Spread(int(values["count"]), values["p50"], values["p95"], values["p99"], values["max"])


def rows(options: Options) -> list[Row]:
    """The window at each rate."""
    found = []
    for rate in _RATES:
        options.say(f"the window while {rate:,} frames a second arrive")
        found.append(_row(options, rate))
    return found
