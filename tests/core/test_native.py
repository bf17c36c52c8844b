"""The compiled part: found by its sources, left out without harm, and kept within its memory."""

import json
import subprocess

import numpy as np
import pytest

from alprviewer.core import native, texts
from alprviewer.core.builder import BatchBuilder
from alprviewer.core.texts import Texts
from alprviewer.sources import resultfile
from alprviewer.sources.bytestream import ByteStream
from tests.helpers import nativefuzz
from tests.helpers.reading import assert_same_rows, frame_value

SECONDS = 3


def test_the_name_follows_the_sources(monkeypatch, tmp_path):
    (tmp_path / "a.c").write_text("int a;\n")
    (tmp_path / "b.h").write_text("int b;\n")
    monkeypatch.setattr(native, "FOLDER", tmp_path)
    first = native.library_path()
    assert first.parent == tmp_path
    (tmp_path / "b.h").write_text("int c;\n")
    assert native.library_path() != first


def test_what_is_no_library_is_none(monkeypatch, tmp_path):
    monkeypatch.setattr(native, "FOLDER", tmp_path)
    native.library_path().write_bytes(b"no library")
    assert native.library.__wrapped__() is None


@pytest.mark.skipif(native.library() is None, reason="there is no compiled part to compare with")
def test_without_it_the_same_is_read(monkeypatch, tmp_path):
    path = tmp_path / "frames.jsonl"
    plates = [(f"ABC{number % 50}", f"가{number}", "ABCDEFGHIJ") for number in range(400)]
    path.write_text("\n".join(json.dumps(frame_value(n, each)) for n, each in enumerate(plates)))

    def batches():
        with ByteStream(path) as stream:
            return list(resultfile.read_batches(stream, BatchBuilder()))

    compiled = batches()
    monkeypatch.setattr(texts, "library", lambda: None)
    monkeypatch.setattr(resultfile, "is_available", lambda: False)
    plain = batches()
    assert sum(len(batch.frames) for batch in plain) == 400
    assert_same_rows(compiled, plain)


@pytest.mark.skipif(native.library() is None, reason="there is no compiled part to compare with")
def test_codes_are_the_same_without_it(monkeypatch):
    chance = np.random.default_rng(3)
    several = [np.unique(chance.integers(0, 9000, 3000, dtype=np.uint64)) for _ in range(8)]
    found = []
    for compiled in (native.library(), None):
        monkeypatch.setattr(texts, "library", lambda compiled=compiled: compiled)
        made = Texts()
        found.append([made.code_words(words).tolist() for words in several])
        assert made.find("never seen") is None
    assert found[0] == found[1]


def test_broken_input_stays_within_memory(tmp_path):
    """A build with sanitizers, in a process of its own, under a fuzzer; ``make soak`` does it for longer."""
    library = tmp_path / "sanitized.so"
    reason = nativefuzz.sanitized(library)
    if reason:
        pytest.skip(f"no build with sanitizers: {reason[-300:]}")
    command, environment = nativefuzz.command(library, SECONDS, seed=1)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-5000:]


BEHIND_THE_END = """
#include <stdint.h>
__attribute__((visibility("default"))) int32_t beyond(const char *data, int64_t size) { return data[size]; }
"""


def test_the_sanitizers_would_see_it(tmp_path):
    """One byte read behind the end ends the process."""
    (tmp_path / "beyond.c").write_text(BEHIND_THE_END)
    library = tmp_path / "sanitized.so"
    reason = nativefuzz.sanitized(library, tmp_path / "beyond.c")
    if reason:
        pytest.skip(f"no build with sanitizers: {reason[-300:]}")
    code = f"""
import ctypes
library = ctypes.CDLL({str(library)!r})
library.beyond((ctypes.c_char * 33).from_buffer_copy(bytes(33)), ctypes.c_int64(33))
"""
    command, environment = nativefuzz.command(library, 0, seed=0)
    done = subprocess.run(
        [command[0], "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "AddressSanitizer" in done.stderr
