"""The consensus of a pass: the plate that its reads support together, with a probability for every character.

The model, in the words of a noisy channel: a plate is drawn from the formats of the capture (``formats``); a
recognizer shows it to every read of the pass with characters left out, mistaken and rarely invented
(``recognizer``, ``presence``); a read tells several spellings with confidences (``spellings``). The spellings
of a pass are aligned into columns (``alignment``), each column gets a likelihood for every character and for
none, a beam search finds the plates that the columns may mean (``hypotheses``), and Bayes' rule weighs them:

    P(plate | reads) ∝ P(plate) · Π over columns of P(what is shown | character of the plate)

What no read shows is not forgotten: longer plates whose further characters every read left out would look the
same, and their probability is taken from the whole. So a pass of one doubtful read has no consensus.

Formats and rates are learned from the capture's own passes, without labels, by expectation-maximisation:
what passes probably mean tells formats and rates, these tell anew what passes mean. A pass is judged by what
the others have taught: its own share in formats and look-alikes is taken out. The alignment of several
readings before voting is that of ROVER (Fiscus 1997); the rest is put together here.

Everything is deterministic: the same passes give the same model and the same consensus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from alprviewer.core.alignment import WIDEST, Columns, aligned
from alprviewer.core.batch import Array
from alprviewer.core.errors import Cancelled
from alprviewer.core.formats import Formats, Plates, Prior, counted, prior
from alprviewer.core.hypotheses import Hypotheses, find_hypotheses
from alprviewer.core.numeric import log_sum
from alprviewer.core.recognizer import (
    Recognizer,
    column_likelihoods,
    learned,
    taught_by,
    trusted,
    unseen,
)
from alprviewer.core.spellings import Spellings

SPREAD = 1.5
"""Percent of confidence by which a candidate counts a third (1/e) of the best of its read."""
FLOOR = 0.1
"""Probability below which a pass has no consensus."""
_TEMPERED = 0.65
"""Exponent of the probabilities that are told: the model is simpler than recognizers are, and too sure."""
_SAMPLE = 1500
"""Passes of a capture that are learned from at most, taken evenly."""
_ROUNDS = 4
_FORMAT_ROUNDS = 4
_AT_ONCE = 1024


class Model(NamedTuple):
    """What a capture has taught."""

    recognizer: Recognizer
    formats: Formats
    sample: Array
    """Numbers of the passes that were learned from, ascending."""


class Weighed(NamedTuple):
    """Hypotheses of some passes and what speaks for them.

    Attributes:
        found: the hypotheses.
        prior: theirs.
        posterior: ``(passes, hypotheses)``; sums to what is left of 1 beside plates with unseen characters.
        columns, likelihoods: what they were made of.
    """

    found: Hypotheses
    prior: Prior
    posterior: Array
    columns: Columns
    likelihoods: Array


class Decided(NamedTuple):
    """The consensus of passes.

    ``letters`` ``(passes, WIDEST)`` and ``lengths`` of the likeliest plate, and its ``probability``; the
    length is 0 where there is none at all.
    """

    letters: Array
    lengths: Array
    probability: Array


def _plates(found: Hypotheses, group: Array) -> Plates:
    lengths = np.where(np.isfinite(found.log), found.lengths, 0)
    return Plates.of(found.letters, lengths, group)


def _posterior(found: Hypotheses, known: Prior, hidden: Array) -> Array:
    """Probabilities of hypotheses; ``hidden`` is the probability that one, two … characters stay unseen."""
    log = found.log + known.log
    longer = (hidden[:, None] * known.longer).sum(axis=2)
    whole = log_sum(log + np.log1p(longer), axis=1)
    shares: Array = np.exp(log - np.where(np.isfinite(whole), whole, 0.0)[:, None])
    return shares


def sample_of(passes: int) -> Array:
    """The passes that a capture is learned from: their numbers, spread evenly over all."""
    count = min(passes, _SAMPLE)
    found: Array = np.unique(np.linspace(0, passes - 1, count).astype(np.int64))
    return found


def learn(
    spellings: Spellings, group: Array, symbols: int, stopped: Callable[[], bool] = lambda: False
) -> Model:
    """Learn formats and rates.

    Args:
        spellings: of all passes; each has at least one spelling.
        group: of each pass, as in ``Plates``.
        symbols: size of the alphabet.
        stopped: asked now and then.

    Raises:
        Cancelled: ``stopped`` said so.
    """
    sample = sample_of(spellings.passes)
    known = Recognizer.first(symbols)
    if not len(sample):
        empty = np.zeros((0, 1), np.int64)
        plates = Plates.of(np.zeros((0, 1, WIDEST), np.uint8), empty, np.empty(0, np.int64))
        return Model(known, counted(plates, empty.astype(float), symbols), sample)
    taken = spellings.taken(sample)
    columns = _columns(taken, known.shows, stopped)
    formats: Formats | None = None
    for turn in range(_ROUNDS):
        found = _hypotheses(taken, columns, known, stopped)
        plates = _plates(found, group[sample])
        weight = np.exp(found.log - log_sum(found.log, axis=1)[:, None])
        hidden = unseen(known, taken)
        for _ in range(_FORMAT_ROUNDS):
            if stopped():
                raise Cancelled
            share = weight * trusted(known, taken, plates.lengths)
            formats = counted(plates, share, symbols)
            weight = _posterior(found, _prior_in_parts(formats, plates, share), hidden)
            weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-12)
        formats = counted(plates, weight * trusted(known, taken, plates.lengths), symbols)
        if turn < _ROUNDS - 1:
            known = learned(known, taken, columns, _meant(found, weight, symbols))
    assert formats is not None
    return Model(known, formats, sample)


def _parts(count: int) -> Iterator[Array]:
    for first in range(0, count, _AT_ONCE):
        yield np.arange(first, min(first + _AT_ONCE, count))


def _columns(spellings: Spellings, shows: Array, stopped: Callable[[], bool]) -> Columns:
    places = np.empty((len(spellings.lengths), spellings.letters.shape[1]), np.int8)
    widths = np.empty(spellings.passes, np.int64)
    for part in _parts(spellings.passes):
        if stopped():
            raise Cancelled
        found = aligned(spellings.taken(part), shows)
        widths[part] = found.widths
        mine = (spellings.spelling_pass >= part[0]) & (spellings.spelling_pass <= part[-1])
        places[mine] = found.places
    return Columns(places, widths)


def _hypotheses(
    spellings: Spellings, columns: Columns, known: Recognizer, stopped: Callable[[], bool]
) -> Hypotheses:
    found: list[Hypotheses] = []
    for part in _parts(spellings.passes):
        if stopped():
            raise Cancelled
        mine = (spellings.spelling_pass >= part[0]) & (spellings.spelling_pass <= part[-1])
        of_part = Columns(columns.places[mine], columns.widths[part])
        likelihoods = column_likelihoods(known, spellings.taken(part), of_part)
        found.append(find_hypotheses(likelihoods, of_part.widths))
    return Hypotheses(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _prior_in_parts(formats: Formats, plates: Plates, weight: Array) -> Prior:
    found = [
        prior(formats, Plates(*(each[part] for each in plates)), weight[part]) for part in _parts(len(weight))
    ]
    return Prior(*(np.concatenate(each) for each in zip(*found, strict=True)))


def _meant(found: Hypotheses, weight: Array, symbols: int) -> Array:
    """``(passes, WIDEST, symbols)``: how probably each column means each character."""
    passes, _, width = found.symbols.shape
    cell = (np.arange(passes)[:, None, None] * width + np.arange(width)) * (symbols + 1) + found.symbols
    value = np.broadcast_to(weight[:, :, None], cell.shape)
    total = np.bincount(cell.ravel(), value.ravel(), minlength=passes * width * (symbols + 1))
    meant = total.reshape(passes, width, symbols + 1)[:, :, :symbols]
    # What is next to nothing would be a denormal number in products, and these take a hundred times longer.
    return np.where(meant > 1e-9, meant, 0.0)


def weigh(spellings: Spellings, group: Array, model: Model, is_sample: Array) -> Weighed:
    """Hypotheses of some passes and their probabilities.

    Args:
        spellings: of these passes.
        group: of each.
        model: what the capture has taught.
        is_sample: True for passes that were learned from: their own share is taken out of what they taught.
    """
    own: Array | None = None
    if is_sample.any():
        few = np.flatnonzero(is_sample)
        taken = spellings.taken(few)
        before = _weighed(taken, group[few], model, is_sample[few], None)
        share = before.posterior / np.maximum(before.posterior.sum(axis=1, keepdims=True), 1e-12)
        symbols = len(model.recognizer.looks)
        own = np.zeros((spellings.passes, symbols, symbols))
        own[few] = taught_by(taken, before.columns, _meant(before.found, share, symbols))
    return _weighed(spellings, group, model, is_sample, own)


def _weighed(
    spellings: Spellings, group: Array, model: Model, is_sample: Array, own_looks: Array | None
) -> Weighed:
    columns = aligned(spellings, Recognizer.first(len(model.recognizer.looks)).shows)
    likelihoods = column_likelihoods(model.recognizer, spellings, columns, own_looks)
    found = find_hypotheses(likelihoods, columns.widths)
    plates = _plates(found, group)
    hidden = unseen(model.recognizer, spellings)
    known = prior(model.formats, plates, None)
    posterior = _posterior(found, known, hidden)
    mine = np.flatnonzero(is_sample)
    sure = trusted(model.recognizer, spellings, plates.lengths)
    if len(mine):
        few = Plates(*(each[mine] for each in plates))
        part = Hypotheses(*(each[mine] for each in found))
        log, longer = known.log.copy(), known.longer.copy()
        weight, own = posterior[mine], Prior(log[mine], longer[mine])
        for _ in range(2):
            weight = weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-12)
            own = prior(model.formats, few, weight * sure[mine])
            weight = _posterior(part, own, hidden[mine])
        log[mine], longer[mine], posterior[mine] = own.log, own.longer, weight
        known = Prior(log, longer)
    return Weighed(found, known, _tempered(posterior), columns, likelihoods)


def _tempered(posterior: Array) -> Array:
    """Probabilities, and what is left beside them, raised to ``_TEMPERED`` and made to sum to 1 again."""
    left = np.maximum(1 - posterior.sum(axis=1), 0.0)
    # Differences of rounding are nothing, and must not become something by the root.
    left = np.where(left > 1e-9, left, 0.0) ** _TEMPERED
    raised = posterior**_TEMPERED
    whole = raised.sum(axis=1) + left
    shares: Array = raised / np.where(whole > 0, whole, 1.0)[:, None]
    return shares


def decide(
    spellings: Spellings, group: Array, model: Model, stopped: Callable[[], bool] = lambda: False
) -> Decided:
    """The consensus of every pass.

    Raises:
        Cancelled: ``stopped`` said so.
    """
    in_sample = np.zeros(spellings.passes, bool)
    in_sample[model.sample] = True
    found: list[tuple[Array, Array, Array]] = []
    for part in _parts(spellings.passes):
        if stopped():
            raise Cancelled
        weighed = weigh(spellings.taken(part), group[part], model, in_sample[part])
        best = np.argmax(weighed.posterior, axis=1)
        rows = np.arange(len(part))
        hypotheses = weighed.found
        found.append(
            (hypotheses.letters[rows, best], hypotheses.lengths[rows, best], weighed.posterior[rows, best])
        )
    if not found:
        return Decided(np.empty((0, WIDEST), np.uint8), np.empty(0, np.int64), np.empty(0))
    return Decided(*(np.concatenate(each) for each in zip(*found, strict=True)))
