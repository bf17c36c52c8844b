"""The language of what people read: messages are written in English and translated where they are made.

The catalogues are ``resources/translations/*.po`` (GNU gettext), compiled when the project is installed. A
process speaks one language from its start to its end, and its children speak the same: that is why texts in
tables that are made at import can be translated like all others.

Translated is what the window shows. Names that others rely on are not: words of the query language, columns
of exports, what the journal holds, everything on the command line.
"""

from __future__ import annotations

import gettext
import os
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from alprviewer.resourcefiles import resource

LANGUAGES = {"en": "English", "de": "Deutsch", "es": "Español"}
"""What the program speaks, by ISO 639 code, each named in itself."""

VARIABLE = "ALPRVIEWER_LANGUAGE"
"""The environment variable that tells children the language."""

_OF_THE_SYSTEM = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where a system names the languages that its user wants; the first that is set counts, as for gettext."""


def language_of(wanted: str, environment: Mapping[str, str] = os.environ) -> str:
    """The language to speak: the one ``wanted``, or for ``system`` the first of the user's that we have."""
    if wanted in LANGUAGES:
        return wanted
    named = next((environment[name] for name in _OF_THE_SYSTEM if environment.get(name)), "")
    return _first_known(named.split(":"))


def _first_known(locales: Iterable[str]) -> str:
    codes = (locale.partition("_")[0].partition(".")[0].partition("@")[0].lower() for locale in locales)
    return next((code for code in codes if code in LANGUAGES), "en")


def speak(language: str) -> None:
    """Speak this language of ``LANGUAGES`` from now on, here and in processes started from here.

    Raises:
        RuntimeError: something has been said already; what it said would stay in the other language.
    """
    if _catalogue.cache_info().currsize:
        raise RuntimeError(f"Too late to speak {language}: a text has been made already.")
    os.environ[VARIABLE] = language


def spoken() -> str:
    """The language that is spoken, one of ``LANGUAGES``."""
    return _first_known([os.environ.get(VARIABLE, "")])


@cache
def _catalogue() -> gettext.NullTranslations:
    if spoken() == "en":
        return gettext.NullTranslations()
    return gettext.translation("alprviewer", resource("translations"), [spoken()], fallback=True)


def tr(message: str, /, **values: Any) -> str:
    """A message in the language that is spoken.

    Args:
        message: in English, a literal: the catalogues are made from the calls. ``{name}`` stands for a value,
            with a format if need be: ``{count:,}``.
        values: by name; without any, braces in the message mean themselves.
    """
    text = _catalogue().gettext(message)
    return text.format(**values) if values else text


def trc(context: str, message: str, /, **values: Any) -> str:
    """The same for a message that means several things in English: the context says which one."""
    text = _catalogue().pgettext(context, message)
    return text.format(**values) if values else text


def trn(one: str, many: str, count: int, /, **values: Any) -> str:
    """The same for a message that depends on a count, which stands in it as ``{count}``.

    Args:
        one: the English message for one.
        many: and for any other count.
        count: how many there are.
        values: further values by name.
    """
    return _catalogue().ngettext(one, many, count).format(count=count, **values)
