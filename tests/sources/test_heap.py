"""Memory that is free goes back to the system."""

import subprocess
import sys

import pytest

GROWN = """
import sys
from pathlib import Path
from alprviewer.sources.heap import give_back_large_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4

given = give_back_large_blocks() if sys.argv[1] == "told" else True
assert given
for megabytes in range(2, 20):
    bytearray(megabytes << 20)  # a freed block raises the size
before = resident()
large = b"x" * (8 << 20)
behind = b"x" * 4000  # nothing below it on the heap can be cut off
del large
print(resident() - before)
"""


SCATTERED = """
from pathlib import Path
from alprviewer.sources.heap import give_back_free_blocks

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4

blocks = [bytes(number) for number in range(60_000, 61_000)]  # below what is mapped by itself
kept = blocks[::10]
before = resident()
del blocks
assert give_back_free_blocks()
print(before - resident())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc only")
def test_large_blocks_are_given_back():
    def left_kb(how):
        done = subprocess.run([sys.executable, "-c", GROWN, how], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert left_kb("told") < 2000 < left_kb("by itself")


@pytest.mark.skipif(sys.platform != "linux", reason="glibc only")
def test_small_blocks_between_others_are_given_back():
    done = subprocess.run([sys.executable, "-c", SCATTERED], capture_output=True, text=True, check=True)
    assert int(done.stdout) > 30_000
