"""Finding values in a stream: spans, noise, resynchronisation, chunks."""

import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alprviewer.core.decode import decode_strict
from alprviewer.core.encoding import Encoding
from alprviewer.core.errors import ProblemKind
from alprviewer.sources import framing
from alprviewer.sources.framing import Framer
from alprviewer.sources.pieces import Piece, PieceKind
from tests.helpers.reading import frame_value, joined, of_kind, pieces, values

GOOD = json.dumps(frame_value(1)).encode()
OTHER = json.dumps(frame_value(2, ("XYZ987", "QRS456"))).encode()
PRETTY = json.dumps(frame_value(3), indent=2).encode()


def kinds(data: bytes) -> list[tuple[str, bytes]]:
    return [(p.kind.value, data[p.offset : p.offset + p.length]) for p in pieces(data)]


def problems(data: bytes) -> list[tuple[ProblemKind, bytes]]:
    found = of_kind(pieces(data), PieceKind.PROBLEM)
    return [(p.problem.kind, data[p.offset : p.offset + p.length]) for p in found]


def test_every_byte_has_one_owner():
    data = b"\xef\xbb\xbfnoise\r\n" + GOOD + b",\r\n [" + OTHER + b"]\n{bad\n" + GOOD
    assert kinds(data) == [
        ("separator", b"\xef\xbb\xbf"),
        ("noise", b"noise"),
        ("separator", b"\r\n"),
        ("value", GOOD),
        ("separator", b",\r\n ["),
        ("value", OTHER),
        ("separator", b"]\n"),
        ("problem", b"{bad"),
        ("separator", b"\n"),
        ("value", GOOD),
    ]


@pytest.mark.parametrize(
    "data", [b"", b" ", b"\n\r\n \t", b"[]", b"[ ]", b"[[],[]]", b"\xef\xbb\xbf", b",,]"]
)
def test_nothing_but_separators(data):
    assert {kind for kind, _ in kinds(data)} <= {"separator"}


@pytest.mark.parametrize(
    "data",
    [b"[1,2,3]", b"12", b'"text"', b"null", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"<html><b>No</b>", b"\0" * 9],
)
def test_what_is_no_object_is_noise(data):
    assert {kind for kind, _ in kinds(data)} <= {"noise", "separator"}


@pytest.mark.parametrize(
    ("broken", "kind"),
    [
        (GOOD[:-30], ProblemKind.SYNTAX),
        (GOOD[:40], ProblemKind.SYNTAX),
        (GOOD.replace(b"7,", b"seven,", 1), ProblemKind.SYNTAX),
        (b"{not json}", ProblemKind.SYNTAX),
        (b'{"a":' * 65 + b"1" + b"}" * 65, ProblemKind.DEPTH),
        (PRETTY[: len(PRETTY) // 2].rstrip(b", \n"), ProblemKind.SYNTAX),
    ],
)
@pytest.mark.parametrize("following", [GOOD, PRETTY, b"[" + GOOD + b",\n" + OTHER + b"]"])
def test_a_broken_value_costs_itself_alone(broken, kind, following):
    data = OTHER + b"\n" + broken + b"\n" + following + b"\n" + GOOD
    assert problems(data) == [(kind, broken)]
    assert values(data) == [OTHER, *values(following), GOOD]


def test_brackets_around_values_have_a_limit_too():
    data = b"[" * 70 + b"{}" + b"]" * 70 + b"\n" + GOOD
    assert problems(data) == [(ProblemKind.DEPTH, data[64:142])]
    assert values(data) == [GOOD]
    assert values(b"[" * 64 + GOOD + b"]" * 64) == [GOOD]


def test_reading_resumes_at_a_line_start_only():
    data = b'{bad {"a":1}\n x {"b":1}\n\t{"c":1}\n{"d":1}'
    assert problems(data) == [(ProblemKind.SYNTAX, b'{bad {"a":1}\n x {"b":1}\n\t{"c":1}')]
    assert values(data) == [b'{"d":1}']


def test_a_cut_value_never_swallows_its_neighbour():
    for end in range(1, len(GOOD)):
        data = GOOD[:end] + b"\n" + OTHER + b"\n" + PRETTY + b"\n"
        assert values(data) == [OTHER, PRETTY], GOOD[:end]


def test_a_cut_tail_is_one_problem():
    data = OTHER + b"\n" + GOOD[:100]
    assert problems(data) == [(ProblemKind.TRUNCATED, GOOD[:100])]


def test_places_in_reasons_count_from_the_value():
    data = OTHER + b'\n{"a":bad}\n'
    (piece,) = of_kind(pieces(data), PieceKind.PROBLEM)
    assert "byte 5 of this value" in piece.problem.reason


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n"])
@pytest.mark.parametrize(
    "name", [b"plate.jpg", b"/a b/[1].PNG", b"C:\\x\\y.jpeg", b"relative/d\xc3\xa9.bmp  "]
)
def test_a_path_line_belongs_to_the_next_value(name, line_end):
    data = OTHER + line_end + name + line_end + GOOD + line_end + PRETTY
    found = of_kind(pieces(data), PieceKind.VALUE)
    assert [piece.picture_back for piece in found] == [0, len(name + line_end), 0]


@pytest.mark.parametrize("noise", [b"No license plates found.", b"x.txt", b"jpg", b"see x.jpg for more"])
def test_other_lines_are_no_paths(noise):
    (piece,) = of_kind(pieces(noise + b"\n" + GOOD), PieceKind.VALUE)
    assert piece.picture_back == 0


@pytest.mark.parametrize("between", [b"{bad\n", b"noise\n", OTHER + b"\n"])
def test_a_path_does_not_skip_what_stands_between(between):
    found = of_kind(pieces(b"x.jpg\n" + between + GOOD), PieceKind.VALUE)
    assert found[-1].picture_back == 0


def test_the_rest_of_a_line_is_no_path():
    data = GOOD + b" x.jpg\n" + GOOD + b"\n" + b"y" * 70_000 + b".jpg\n" + GOOD
    for step in (1000, 65_536, 70_000, 10**6):
        found = of_kind(pieces(data, range(0, len(data), step)), PieceKind.VALUE)
        assert [piece.picture_back for piece in found] == [0, 0, 0]


def test_a_path_line_behind_a_broken_value_is_kept():
    (piece,) = of_kind(pieces(b"{bad\n\nx.jpg\n" + GOOD), PieceKind.VALUE)
    assert piece.picture_back == 6


def test_values_in_the_middle_of_lines_are_found():
    data = b"INFO " + GOOD + b" and " + OTHER + b" done\nplate: {\n" + PRETTY[2:]
    assert values(data) == [GOOD, OTHER, b"{\n" + PRETTY[2:]]


def test_utf16_with_an_odd_byte_at_the_end():
    data = GOOD.decode().encode("utf-16") + b"\n"
    found = pieces(data)
    assert [(p.kind.value, p.length) for p in found] == [
        ("separator", 2),
        ("value", len(data) - 3),
        ("noise", 1),
    ]


# --- chunks ---


def undecoded(found: list[Piece]) -> list[Piece]:
    """Whether a line is decoded at once depends on whether its end is there yet; nothing else may."""
    return [piece._replace(frame=None) for piece in found]


PARTS = st.lists(
    st.sampled_from(
        [
            GOOD,
            PRETTY,
            GOOD[:50],
            b"{bad",
            b'{"a":[',
            b'{"a":nan}',
            b'{"a":1,5}',
            b'{"a":1 "b":2}',
            b"noise",
            b"x.jpg",
            b"[",
            b"]",
            b",",
            b'{"a":/*c*/1}',
            b'{"a":1 # c',
            b"}",
            b'{"a":tru',
            b"\xef\xbb\xbf",
            b"plate: {\n",
            b'"a":1}',
            b"\0",
            b"\xe2\x80",
        ]
    ),
    max_size=8,
)
JOINTS = st.lists(st.sampled_from([b"\n", b"\n", b"\r\n", b"", b" ", b"\n\n"]), min_size=8, max_size=8)


@settings(max_examples=400)
@given(PARTS, JOINTS, st.data())
def test_chunks_do_not_matter(parts, joints, data):
    stream = b"".join(part + joint for part, joint in zip(parts, joints, strict=False))
    cuts = data.draw(st.lists(st.integers(0, len(stream)), max_size=6))
    assert undecoded(pieces(stream, cuts)) == undecoded(pieces(stream)) == pieces(stream, probe=False)


@settings(max_examples=60)
@given(PARTS, JOINTS)
def test_byte_by_byte_is_the_same(parts, joints):
    stream = b"".join(part + joint for part, joint in zip(parts, joints, strict=False))[:900]
    assert undecoded(pieces(stream, range(len(stream)))) == undecoded(pieces(stream))


@settings(max_examples=150)
@given(PARTS, JOINTS, st.sampled_from(["utf-16-le", "utf-16-be"]), st.data())
def test_utf16_is_framed_as_utf8_is(parts, joints, codec, data):
    text = b"".join(part + joint for part, joint in zip(parts, joints, strict=False)).decode("latin-1")
    stream = text.replace("\xef\xbb\xbf", "").replace("\0", "").encode(codec)
    framer = Framer(Encoding.UTF16_LE if codec.endswith("le") else Encoding.UTF16_BE)
    cut = data.draw(st.integers(0, len(stream)))
    found = [*framer.feed(stream[:cut]), *framer.feed(stream[cut:]), *framer.feed(b"", final=True)]
    plain = pieces(text.replace("\xef\xbb\xbf", "").replace("\0", "").encode("latin-1"), probe=False)
    shown = [(p.kind, p.offset, p.length, p.picture_back) for p in joined(found)]
    assert shown == [(p.kind, 2 * p.offset, 2 * p.length, 2 * p.picture_back) for p in plain]


@settings(max_examples=300)
@given(PARTS, JOINTS, st.sampled_from(["utf-8", "utf-8", "utf-16-le"]), st.data())
def test_another_framer_goes_on_where_one_stopped(parts, joints, name, data):
    """A file that grew is read on from a checkpoint: what is found is what one reader would have found."""
    stream = b"".join(part + joint for part, joint in zip(parts, joints, strict=False))
    stream = stream.decode("utf-8", "replace").encode(name)
    encoding = Encoding.UTF8 if name == "utf-8" else Encoding.UTF16_LE
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=5)))
    found, framer = [], Framer(encoding, decode_strict)
    for cut in cuts:
        found += framer.feed(stream[framer.checkpoint.position : cut])
        checkpoint = framer.checkpoint
        framer = Framer(encoding, decode_strict)
        framer.restore(checkpoint)
    found += framer.feed(stream[framer.checkpoint.position :])
    found += framer.feed(b"", final=True)
    whole = Framer(encoding, decode_strict)
    expected = [*whole.feed(stream), *whole.feed(b"", final=True)]
    assert undecoded(joined(found)) == undecoded(joined(expected))


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PARTS, PARTS, JOINTS, st.integers(1, 3000), st.booleans())
def test_nul_bytes_that_are_passed_over_are_as_those_that_are_read(
    monkeypatch, before, after, joints, count, is_line
):
    monkeypatch.setattr(framing, "_NULS", bytes(64))
    monkeypatch.setattr(framing, "_LOOK_BACK", 100)
    head, tail = (b"".join(a + b for a, b in zip(each, joints, strict=False)) for each in (before, after))
    tail = b"\n" * is_line + tail
    framer, other = Framer(), Framer()
    found = [*framer.feed(head), *framer.feed_nuls(count), *framer.feed(tail), *framer.feed(b"", final=True)]
    expected = [*other.feed(head + bytes(count) + tail), *other.feed(b"", final=True)]
    assert joined(found) == joined(expected)


def test_gigabytes_of_nul_bytes_are_no_work():
    for head in (b"", GOOD + b"\n", GOOD[:50], b"noise", b"x.jpg\n", b"["):
        framer = Framer()
        found = [*framer.feed(head), *framer.feed_nuls(1 << 40), *framer.feed(b"\n" + GOOD + b"\n")]
        assert of_kind(found, PieceKind.VALUE)[-1].offset == len(head) + (1 << 40) + 1
        assert sum(piece.length for piece in found) == len(head) + (1 << 40) + len(GOOD) + 2


@settings(max_examples=200)
@given(st.data())
def test_a_cut_file_loses_only_what_was_cut(data):
    texts = data.draw(
        st.lists(st.sampled_from([GOOD, OTHER, PRETTY, b"noise", b"x.jpg"]), min_size=1, max_size=6)
    )
    stream = b"".join(text + b"\n" for text in texts)
    cut = data.draw(st.integers(0, len(stream)))
    expected, place = [], 0
    for text in texts:
        place += len(text)
        if place <= cut and text.startswith(b"{"):
            expected.append(text)
        place += 1
    assert values(stream[:cut]) == expected


# --- limits ---


def test_a_value_that_is_too_large_costs_itself_alone(monkeypatch):
    monkeypatch.setattr(framing, "MAX_VALUE_BYTES", 5000)
    monkeypatch.setattr(framing, "_PATIENCE", 100)
    large = b'{"a":"' + b"x" * 6000 + b'"}'
    for data in (large + b"\n" + GOOD, large[:-2] + b"\n" + GOOD, large[:-2] + b" " * 9000 + b"\n" + GOOD):
        for step in (64, 777, 10**6):
            found = pieces(data, range(0, len(data), step))
            assert [p.problem.kind for p in of_kind(found, PieceKind.PROBLEM)] == [ProblemKind.SIZE]
            assert [p.data for p in of_kind(found, PieceKind.VALUE)] == [GOOD]


def test_the_size_is_counted_in_bytes_also_in_utf16(monkeypatch):
    monkeypatch.setattr(framing, "MAX_VALUE_BYTES", 5000)
    text = '{"a":"' + "x" * 3000 + '"}\n'
    framer = Framer(Encoding.UTF16_LE)
    found = [*framer.feed(text.encode("utf-16-le")), *framer.feed(b"", final=True)]
    assert [piece.kind for piece in found] == [PieceKind.PROBLEM, PieceKind.SEPARATOR]


def test_little_is_kept_of_an_endless_line():
    framer = Framer()
    chunk = b"x" * 1_000_000
    for _ in range(20):
        for piece in framer.feed(chunk):
            assert piece.kind is PieceKind.NOISE
        assert len(framer._data) <= 2 * len(chunk)
    framer = Framer()
    list(framer.feed(b"{bad " + chunk))
    for _ in range(20):
        assert list(framer.feed(chunk)) == []
        assert len(framer._data) + framer._waiting_bytes <= 3 * len(chunk)


STORMS = [
    b'{"a":[\n', b'{"a":\n', b"[", b"[\n", b'[{"a":\n', b"{", b"{\n", b"]}", b"[]", b"{/*\n",
    b'{"a":1/*\n', b"{#\n", b'{"a":nan,"b":[\n', b"[ \n\n\n", b'{"', b'{"\n', b'x{"\n', b"a\n", b"a.jpg\n",
    b'{"a":{\n', b",", b"\xef\xbb\xbf",
]  # fmt: skip


@pytest.mark.parametrize("storm", STORMS, ids=repr)
def test_storms_cost_no_more_than_their_bytes(storm):
    data = storm * (100_000 // len(storm))
    begun = time.process_time()
    found = pieces(data + b"\n" + GOOD)
    assert time.process_time() - begun < 10
    assert sum(piece.length for piece in found) == len(data) + 1 + len(GOOD)


@pytest.mark.parametrize("unit", [b'{"a":1}', b'x{"a":1}', b'[{"a":1}]'])
def test_many_small_values_on_one_line(unit):
    begun = time.process_time()
    assert len(values(unit * 30_000)) == 30_000
    assert time.process_time() - begun < 10
