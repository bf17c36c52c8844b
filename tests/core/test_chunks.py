"""A chunk without its crops keeps every other byte, and knows where it came from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.chunks import cut
from alprviewer.core.crops import is_plain_base64

TEXTS = st.sampled_from(
    [
        b"/9j/",
        b"/9j/AAAA",
        b"/9j/AAA=",
        b"/9j/AA==",
        b"/9j/A===",
        b"/9j/A=AA",
        b"/9j/AAA",
        b"/9j/-_AA",
        b"/",
        b"",
        b"plate",
    ]
)
LINES = st.lists(
    st.tuples(
        st.lists(TEXTS, max_size=3).map(lambda texts: b",".join(b'"' + text + b'"' for text in texts)),
        st.sampled_from([b"", b",", b"\r", b",\r", b'"']),
    ).map(b"".join),
    min_size=1,
    max_size=6,
)


@given(LINES, st.binary(max_size=5))
def test_cut(lines: list[bytes], rest: bytes) -> None:
    data = b"".join(line + b"\n" for line in lines)
    chunk = cut(data + rest, len(data))
    left = chunk.buffer.data[: chunk.buffer.size]
    put_back, done = b"", 0
    crops = iter(zip(chunk.cuts.tolist(), chunk.crops.tolist(), strict=True))
    for place, length in crops:
        put_back += left[done:place]
        done = place
        crop = data[len(put_back) : len(put_back) + length]
        assert is_plain_base64(crop)
        put_back += crop
    assert put_back + left[done:] == data
    starts, ends = chunk.line_starts.tolist(), chunk.line_ends.tolist()
    assert [data[start:end] for start, end in zip(starts, ends, strict=True)] == lines
    for number, line in enumerate(lines):
        assert chunk.line(number) == line.removesuffix(b"\r").removesuffix(b",")
        inside = left[int(chunk.starts[number]) : int(chunk.ends[number])]
        assert inside.count(b'"') == chunk.line(number).count(b'"')
