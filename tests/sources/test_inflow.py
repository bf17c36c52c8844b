"""What comes through a pipe is in a file at once, not at its end."""

import asyncio
import os
import time
from pathlib import Path

import pytest

from alprviewer.core.errors import UserError
from alprviewer.sources.inflow import begun
from tests.helpers.live import until


def test_what_comes_is_in_the_file_while_more_may_come(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    (name, other), wait = begun([str(pipe), "a.jsonl"], tmp_path / "kept")
    assert other == "a.jsonl"
    with pipe.open("wb", buffering=0) as writer:
        for number in range(3):
            writer.write(b"%d\n" % number)
            asyncio.run(until(lambda number=number: Path(name).stat().st_size == 2 * (number + 1)))
    wait()
    assert Path(name).read_bytes() == b"0\n1\n2\n"


def test_what_came_long_ago_is_thrown_away(tmp_path):
    old, new, other = (tmp_path / name for name in ("input-old.jsonl", "input-new.jsonl", "other.jsonl"))
    for file in (old, new, other):
        file.write_bytes(b"{}\n")
    month_ago = time.time() - 31 * 86400
    for file in (old, other):
        os.utime(file, (month_ago, month_ago))
    begun(["a.jsonl"], tmp_path)
    assert sorted(tmp_path.iterdir()) == [new, other]


def test_where_there_is_no_room_it_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="found no room"):
        begun(["-"], tmp_path / "file")
