"""Finding names by some of their letters, as command palettes do."""

from __future__ import annotations

_WORD_START, _FOLLOWS = 8, 10


def fuzzy_score(wanted: str, text: str) -> int | None:
    """How well a text matches letters that were typed in their order; higher is better, None is not at all.

    Case and spaces in ``wanted`` do not count. Letters at the starts of words, and such that follow each
    other, count most; of equal matches the shorter text is better. Of all ways to place the letters the best
    counts.
    """
    letters = "".join(wanted.casefold().split())
    folded = text.casefold()
    # best[i]: score of the best way to place the letters so far, the last of them at i.
    best: dict[int, int] = {-1: 0}
    for letter in letters:
        placed: dict[int, int] = {}
        for place, character in enumerate(folded):
            earlier = [
                score + _FOLLOWS * (before == place - 1 >= 0)
                for before, score in best.items()
                if before < place
            ]
            if character == letter and earlier:
                starts = place == 0 or not folded[place - 1].isalnum()
                placed[place] = max(earlier) + 1 + _WORD_START * starts
        best = placed
        if not best:
            return None
    return max(best.values()) * 100 - len(text)
