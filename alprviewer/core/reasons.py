"""Why a piece of input could not be used, or only after a repair: the sentences of problems.

A problem keeps its sentence in English, since the index cache and exports hold it, whatever language the
window had that day. What is shown is found again among these messages, and said in the language of today.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from string import Formatter

from alprviewer.language import spoken, tr

_ALL: list[str] = []


def _reason(message: str) -> str:
    """Mark a message for the catalogues. What is filled in is text already: no formats behind the names."""
    _ALL.append(message)
    return message


# What is found where something else was expected; parts of sentences.
NUMBER = _reason("the number {number}")
LONG_NUMBER = _reason("a number of more than 25 digits")
TEXT = _reason("the text {text}")
LIST = _reason("a list")
OBJECT = _reason("an object")

# The text of a value (``core.scan``, ``core.repair``, ``sources.framing``).
PLACED = _reason("{reason} (byte {place} of this value).")
NOT_JSON = _reason("Not JSON: {slip}.")
SLASH = _reason("an unexpected '/'")
NO_COLON = _reason("expected ':' after a member name")
NO_NAME = _reason("expected a member name in quotes")
NO_VALUE = _reason("expected a value")
FORBIDDEN = _reason("a character that JSON forbids inside a text")
NO_END = _reason("expected ',' or '{bracket}'")
SLIPS = _reason("Not JSON: it has more than {count} slips.")
LINE_END = _reason("A text breaks off at the end of its line.")
TOO_LARGE = _reason("The value is larger than {megabytes} MiB.")
CUT_OFF = _reason("The input ends inside this value.")
TOO_DEEP = _reason("The value is nested deeper than {count} levels.")
MORE_FOLLOWS = _reason("More follows after the value.")
COMMENT = _reason("A comment stands between the members; it was left out.")
MISSING_COMMA = _reason("A comma is missing; it was added.")
TRAILING_COMMA = _reason("A comma stands before a closing bracket; it was left out.")
DECIMAL_COMMA = _reason("A number has a decimal comma; it was read as a point.")
NUMBER_TOKEN = _reason("A number is not finite (nan, inf); it was taken as absent.")
ONE_SEQUENCE = _reason("1 byte sequence is not {encoding}; shown as \ufffd.")
SEQUENCES = _reason("{count} byte sequences are not {encoding}; shown as \ufffd.")
DAMAGED = _reason("The {compression} data is damaged or cut short here: {reason}.")
CUT_MEMBER = _reason("the last member is cut short")

# Its members (``core.fields``, ``core.decode``, ``core.siblings``).
MORE = _reason("There are more problems in this value; they are not listed.")
EXPECTED_NUMBER = _reason("Expected a number, found {found}.")
EXPECTED_WHOLE = _reason("Expected a whole number, found {found}.")
EXPECTED_TRUTH = _reason("Expected true or false, found {found}.")
EXPECTED_TEXT = _reason("Expected text, found {found}.")
EXPECTED_OBJECT = _reason("Expected an object, found {found}.")
EXPECTED_LIST = _reason("Expected a list, found {found}.")
EXPECTED_CORNERS = _reason("Expected four corners, found {found}.")
EXPECTED_TIME = _reason("Expected an ISO 8601 time, found {found}.")
NUMBER_AS_TEXT = _reason("A number was written as text.")
NUMBER_FOR_TEXT = _reason("A number stands where text belongs.")
FRACTION = _reason("A fraction of a pixel was rounded.")
OUTSIDE = _reason("Found {found}, outside {low} to {high}.")
NO_TIME = _reason("Found {found}: no time between 1973 and 2286.")
SECONDS = _reason("Seconds were taken for milliseconds: multiplied by 1000.")
LONG_TEXT = _reason("The text has {count} characters; at most {most} are used.")
SURROGATE = _reason("Half a character (a lone surrogate) was replaced by \ufffd.")
TWICE = _reason("The member came twice; the last one counts.")
MISSING = _reason("The member {member} is missing.")
LONG_LIST = _reason("The list has {count} elements; at most {most} are read.")
MANY_MEMBERS = _reason("The value has more than {count} members and elements.")
NO_RESULTS = _reason("The frame has no list of results.")
OTHER_TYPE = _reason("The value is valid JSON but holds no plate results: its data_type is {found}.")
NO_TYPE = _reason("The value is valid JSON but holds no plate results: it names no known data_type.")

# A crop (``core.crops``).
MENDED = _reason("The crop's text was mended: {repairs}.")
PREFIX = _reason("data: prefix removed")
LINE_BREAKS = _reason("line breaks removed")
ALPHABET = _reason("url-safe alphabet replaced")
PADDING_ADDED = _reason("padding added")
PADDING_REMOVED = _reason("padding removed")
EMPTY_CROP = _reason("The crop is empty.")
LONG_CROP = _reason("The crop's text is longer than {megabytes} MiB.")
NO_BASE64 = _reason("The crop is not base64: a placeholder, or damaged.")
NO_JPEG = _reason("The crop is not a JPEG picture.")


def shown_reason(reason: str) -> str:
    """A reason in the language that is spoken; one that is none of these (of another version) as it is."""
    return reason if spoken() == "en" else _translated(reason)


@lru_cache(1 << 12)
def _translated(reason: str) -> str:
    return _said(reason) or reason


def _said(reason: str) -> str:
    """The reason in the language that is spoken, with what is filled in; nothing for an unknown one."""
    for message, pattern in _patterns():
        found = pattern.fullmatch(reason)
        if found is not None:
            values = {name: _part(text) for name, text in found.groupdict().items()}
            return tr(message, **values)
    return ""


def _part(text: str) -> str:
    """What is filled into a reason: a reason itself, with or without its point, several of them, or data."""
    whole = _said(text) or _said(text + ".").removesuffix(".")
    if whole:
        return whole
    parts = [_said(part) for part in text.split(", ")]
    return ", ".join(parts) if all(parts) else text


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Every message with what it looks like once it is filled in, those with most own words first."""
    by_words = sorted(_ALL, key=lambda message: -sum(len(text) for text, *_ in Formatter().parse(message)))
    return [(message, re.compile(_pattern(message), re.DOTALL)) for message in by_words]


def _pattern(message: str) -> str:
    return "".join(
        re.escape(text) + (f"(?P<{name}>.+?)" if name else "")
        for text, name, _, _ in Formatter().parse(message)
    )
