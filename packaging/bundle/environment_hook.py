"""Runs before the frozen program: what it starts later (other programs) must not load its libraries.

The libraries of this process are found already; a child that is the program itself finds them again.
"""

import os

if "LD_LIBRARY_PATH" in os.environ:
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", "")
    if before:
        os.environ["LD_LIBRARY_PATH"] = before
    else:
        del os.environ["LD_LIBRARY_PATH"]
