"""The system's words on connections."""

import errno
import os

import pytest

from alprviewer.sources.live.systemwords import _WORDS, system_words


@pytest.mark.parametrize("number", sorted(_WORDS))
@pytest.mark.skipif(os.strerror(errno.EPIPE) != "Broken pipe", reason="another system says it otherwise")
def test_in_english_they_are_the_system_s_own(number):
    assert system_words(number) == os.strerror(number).lower()


def test_what_nobody_translated_is_said_nevertheless():
    assert system_words(errno.ELOOP) == os.strerror(errno.ELOOP).lower()
