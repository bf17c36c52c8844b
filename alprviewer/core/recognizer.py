"""How a recognizer errs, and what the columns of a pass therefore say of the plate.

Characters of the plate are left out, and some are put in (``presence``). What is shown instead of a character
depends on how alike characters look. All rates begin at first values and are learned from the capture itself,
by comparing reads with what their passes are found to say (expectation-maximisation, see ``consensus``); the
first values count as so many characters seen (``_PRIOR_CHARACTERS``, ``_PRIOR_LOOKS``), so a small capture
hardly moves them.

Reads of one pass are not independent: what makes one err makes the next one err alike. So the shown
characters of a column follow a Dirichlet-multinomial distribution (Polya's urn; Minka, "Estimating a
Dirichlet distribution", 2000): the tenth repetition of an error says less than the first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from alprviewer.core import presence
from alprviewer.core.alignment import WIDEST, Columns, tally
from alprviewer.core.batch import Array
from alprviewer.core.numeric import log_gamma
from alprviewer.core.presence import Presence
from alprviewer.core.spellings import BASIC, Spellings

_URN = 3.0
"""Pseudo-reads of a column that shows a character of the plate: the smaller, the more alike errors are."""
_URN_INVENTED = 20.0
"""The same for a column that stands for nothing: inventions do not repeat."""
_LEFT_OUT, _WRONG = 0.15, 0.08
"""First guess of the share of characters left out, and shown wrongly."""
_PRIOR_CHARACTERS = 20.0
_PRIOR_LOOKS = 20.0
_PRIOR_JUDGED = 60.0
"""More than the first rates count: what a capture has taught knows the reads that are judged afterwards."""
REPEATS = 2.0
"""What the reads of one column count together when looks are learned."""
_STRICTNESS = 2.0
_BINS = 10
_BIN_READS = 30
"""Reads that a bin of confidence has at least."""
_SAME_LOOK = (("0O", 0.25), ("1I", 0.16))
_LIKE = ("2Z", "5S", "6G", "8B", "1L", "DO", "0D", "0Q", "OQ")
_RATHER_LIKE = tuple(
    "CG UV VY MW MN HN EF PR KX 4A 38 3B 7T 7Z IL I7 T1 1J IJ 9G HM HW 69 QC OC 0C DB 0U DU DQ".split()
)
_LIKE_RATE, _RATHER_RATE, _ANY_RATE = 0.04, 0.015, 0.05


def first_looks(symbols: int) -> Array:
    """``(symbols, symbols)``: how often one character is shown for another, before anything is learned.

    The diagonal is 0. The classes are those on which all descriptions of plate recognition agree (0/O/D/Q,
    1/I/L, 2/Z, 5/S, 6/G, 8/B), then shapes that differ by a stroke.
    """
    looks = np.full((symbols, symbols), _ANY_RATE / symbols)
    for pairs, rate in ((_RATHER_LIKE, _RATHER_RATE), (_LIKE, _LIKE_RATE)):
        for pair in pairs:
            _set(looks, pair, rate)
    for pair, rate in _SAME_LOOK:
        _set(looks, pair, rate)
    np.fill_diagonal(looks, 0)
    return looks


def _set(looks: Array, pair: str, rate: float) -> None:
    a, b = BASIC.index(pair[0]), BASIC.index(pair[1])
    looks[a, b] = looks[b, a] = rate


@dataclass(frozen=True)
class Recognizer:
    """What is known of the errors.

    Attributes:
        looks: rates as ``first_looks`` gives.
        counted: ``(symbols, symbols)``: how often each character (row) was shown as which where looks were
            learned, so that what a pass has taught can be taken out again.
        edges: percents of confidence between the bins, ascending.
        left_out, wrong: by bin: share of a plate's characters, and of those shown.
        presence: which characters are left out together, and what is put in.
    """

    looks: Array
    counted: Array
    edges: Array
    left_out: Array
    wrong: Array
    presence: Presence

    @classmethod
    def first(cls, symbols: int) -> Recognizer:
        """Before anything is learned."""
        left_out = np.array([_LEFT_OUT])
        known = Presence.first(left_out, symbols)
        counted = np.zeros((symbols, symbols))
        return cls(first_looks(symbols), counted, np.empty(0), left_out, np.array([_WRONG]), known)

    def grown(self, symbols: int) -> Recognizer:
        """The same with room for further characters."""
        looks = first_looks(symbols)
        looks[: len(self.looks), : len(self.looks)] = self.looks
        more = (0, symbols - len(self.looks))
        counted = np.pad(self.counted, (more, more))
        return replace(self, looks=looks, counted=counted, presence=self.presence.grown(symbols))

    def judged(self, counts: Array) -> Recognizer:
        """The same with what people decided.

        What is shown for a character follows a Dirichlet distribution: these rates count as so many
        characters seen before (``_PRIOR_JUDGED``), and those that were compared with decided plates are
        added. A character that was decided often has the rates that were measured, a rare one its old ones.

        Args:
            counts: ``(symbols, symbols)`` how often each character of a plate (row) was read as which.
        """
        met = counts.sum(axis=1, keepdims=True)
        wrong = counts.astype(np.float64)
        np.fill_diagonal(wrong, 0)
        return replace(self, looks=(wrong + _PRIOR_JUDGED * self.looks) / (met + _PRIOR_JUDGED))

    @property
    def shows(self) -> Array:
        """``(symbols, symbols)``: what is shown for each character of a plate; rows sum to 1."""
        return _shows(self.looks)

    def shows_without(self, own: Array) -> Array:
        """``(passes, symbols, symbols)``: the same without what each pass has taught (``taught_by``)."""
        return _shows(_looks(np.maximum(self.counted - own, 0.0)))

    def bins(self, confidence: Array) -> Array:
        """Of each read: the bin of its confidence."""
        return np.searchsorted(self.edges, confidence, side="right")

    def rate_left_out(self, confidence: Array) -> Array:
        """Of each read: the share of characters left out."""
        rates: Array = self.left_out[self.bins(confidence)]
        return rates

    def trust(self, confidence: Array) -> Array:
        """Of each read: what a character that it shows counts, 1 for the best reads."""
        wrong = self.wrong[self.bins(confidence)]
        best = np.log((1 - 0.04) / 0.04)
        trust: Array = np.clip(np.log((1 - wrong) / wrong) / best, 0.1, 1.0)
        return trust


def support(spellings: Spellings, columns: Columns, symbols: int) -> Array:
    """``(passes, WIDEST, symbols)``: how many reads show what in each column."""
    return tally(spellings, columns, np.ones(len(spellings.read_pass)), symbols)


def unseen(recognizer: Recognizer, spellings: Spellings) -> Array:
    """``(passes, UNSEEN)``: the probability that all reads leave out the same one, two … characters."""
    return presence.unseen(recognizer.presence, spellings, recognizer.bins(spellings.confidence))


def trusted(recognizer: Recognizer, spellings: Spellings, lengths: Array) -> Array:
    """``(passes, hypotheses)``: the probability that the best read of a pass shows all characters.

    Squared, as much does the pass teach of formats: reads that all leave out the same character are common,
    and would teach shorter formats than there are.
    """
    rate = np.ones(spellings.passes)
    np.minimum.at(rate, spellings.read_pass, recognizer.rate_left_out(spellings.confidence))
    return (1 - rate[:, None]) ** (_STRICTNESS * lengths)


def column_likelihoods(
    recognizer: Recognizer, spellings: Spellings, columns: Columns, own: Array | None = None
) -> Array:
    """``(passes, WIDEST, symbols + 1)``: log-likelihood of what each column shows.

    One for each character that the plate may have there; the last one is for none. ``own``: what each pass
    has taught of looks (``taught_by``), which is taken out.
    """
    symbols, known = len(recognizer.looks), recognizer.presence
    shown = tally(spellings, columns, recognizer.trust(spellings.confidence), symbols)
    count = support(spellings, columns, symbols).sum(axis=2)
    of_bin = recognizer.bins(spellings.confidence)
    at_levels = presence.shown_at_levels(known, spellings, columns, of_bin)
    found = np.empty((spellings.passes, WIDEST, symbols + 1))
    shows = recognizer.shows if own is None else recognizer.shows_without(own)
    found[:, :, :symbols] = _urn(shown, shows * _URN)
    found[:, :, :symbols] += presence.of_characters(known, at_levels)
    found[:, :, symbols] = _urn(shown, known.invented[None] * _URN_INVENTED)[:, :, 0]
    found[:, :, symbols] += presence.of_nothing(known, count, spellings.counts().astype(float))
    return found


def _urn(shown: Array, urns: Array) -> Array:
    """Log-likelihood of counts under each of several urns.

    Args:
        shown: ``(passes, places, symbols)``.
        urns: ``(urns, symbols)``, or for each pass its own ``(passes, urns, symbols)``.

    Returns:
        ``(passes, places, urns)``.
    """
    cells = np.nonzero(shown > 1e-6)
    counts = shown[cells]
    filled = np.broadcast_to(urns, (len(shown), *urns.shape[-2:]))[cells[0], :, cells[2]].T
    each = log_gamma(filled + counts) - log_gamma(filled)
    place = cells[0] * shown.shape[1] + cells[1]
    size = shown.shape[0] * shown.shape[1]
    found = np.stack([np.bincount(place, row, minlength=size) for row in each], axis=1)
    total, urn = shown.sum(axis=2)[:, :, None], urns.sum(axis=-1)[..., None, :]
    result: Array = found.reshape(*shown.shape[:2], -1) + log_gamma(urn) - log_gamma(urn + total)
    return result


def learned(before: Recognizer, spellings: Spellings, columns: Columns, meant: Array) -> Recognizer:
    """The rates that fit what the passes mean.

    Args:
        before: what was known.
        spellings: of the passes to learn from.
        columns: of these.
        meant: ``(passes, WIDEST, symbols)`` probability of each character in each column.
    """
    symbols = meant.shape[2]
    reads = len(spellings.read_pass)
    bins = max(1, min(_BINS, reads // _BIN_READS))
    edges = np.quantile(spellings.confidence, np.linspace(0, 1, bins + 1)[1:-1]) if reads else np.empty(0)
    of_bin = np.searchsorted(edges, spellings.confidence, side="right")
    shown, letter = np.nonzero(columns.places >= 0)
    cell = spellings.spelling_pass[shown], columns.places[shown, letter].astype(np.int64)
    is_character = meant.sum(axis=2)
    size = len(spellings.lengths)
    seen = np.bincount(shown, is_character[cell], minlength=size)
    right = np.bincount(shown, meant[(*cell, spellings.letters[shown, letter])], minlength=size)
    said = spellings.read
    read_seen = np.bincount(said, spellings.weight * seen[spellings.spelling], minlength=reads)
    read_right = np.bincount(said, spellings.weight * right[spellings.spelling], minlength=reads)
    # Those that no read shows are left out as well, by all of them (see ``presence``).
    hidden = presence.never_shown(before.presence, spellings, before.bins(spellings.confidence))
    whole = is_character.sum(axis=1) + (meant.sum(axis=1) * hidden / (1 - hidden)).sum(axis=1)
    there = whole[spellings.read_pass]
    left_out = _rates(of_bin, bins, there - read_seen, there, _LEFT_OUT)
    wrong = _rates(of_bin, bins, read_seen - read_right, read_seen, _WRONG)
    supported = support(spellings, columns, symbols)
    known = presence.learned(before.presence, left_out, spellings, columns, of_bin, supported, meant)
    counted = meant.reshape(-1, symbols).T @ _once(supported).reshape(-1, symbols)
    return Recognizer(_looks(counted), counted, edges, left_out, wrong, known)


def taught_by(spellings: Spellings, columns: Columns, meant: Array) -> Array:
    """``(passes, symbols, symbols)``: what each pass adds to ``counted``, if it means that."""
    found: Array = meant.transpose(0, 2, 1) @ _once(support(spellings, columns, meant.shape[2]))
    return found


def _rates(of_bin: Array, bins: int, hits: Array, trials: Array, first: float) -> Array:
    """A rate for each bin, smoothed with its neighbours, that does not rise with confidence."""
    near = np.ones(3) if bins > 2 else np.ones(1)
    hit, tried = (
        np.convolve(np.bincount(of_bin, each, minlength=bins), near, "same") for each in (hits, trials)
    )
    rates = (np.maximum(hit, 0) + _PRIOR_CHARACTERS * first) / (tried + _PRIOR_CHARACTERS)
    return np.clip(_falling(rates), 0.005, 0.9)


def _falling(values: Array) -> Array:
    """The nearest sequence that does not rise (pool adjacent violators: Ayer et al. 1955)."""
    pools: list[tuple[float, int]] = []
    for value in values.tolist():
        pools.append((value, 1))
        while len(pools) > 1 and pools[-2][0] < pools[-1][0]:
            (first, m), (second, n) = pools[-2:]
            pools[-2:] = [((first * m + second * n) / (m + n), m + n)]
    return np.concatenate([np.full(count, value) for value, count in pools])


def _once(shown: Array) -> Array:
    """What columns show, the reads of one together counting as ``REPEATS`` at most."""
    total = shown.sum(axis=2, keepdims=True)
    found: Array = shown / np.maximum(total, 1e-9) * np.minimum(total, REPEATS)
    return found


def _looks(counted: Array) -> Array:
    """Rates as ``first_looks`` gives, from ``(…, symbols, symbols)`` counts."""
    symbols = counted.shape[-1]
    met = counted.sum(axis=-1, keepdims=True)
    wrong = np.where(np.eye(symbols, dtype=bool), 0.0, counted)
    found: Array = (wrong + _PRIOR_LOOKS * first_looks(symbols)) / (met + _PRIOR_LOOKS)
    return found


def _shows(looks: Array) -> Array:
    right = np.maximum(1 - looks.sum(axis=-1), 0.3)[..., None]
    found: Array = np.where(np.eye(looks.shape[-1], dtype=bool), right, looks)
    found /= found.sum(axis=-1, keepdims=True)
    return found
