"""Rows in a file: they come back as they were, or not at all."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.errors import Cancelled
from alprviewer.core.states import FIRST_CODE
from alprviewer.core.texts import NewTexts, Texts
from alprviewer.store import arrayfile, indexcache
from alprviewer.store.arrayfile import ArrayFile, ArrayWriter, Unusable
from alprviewer.store.block import TABLES, Facts, remap, restore
from alprviewer.store.columns import Columns
from alprviewer.store.fingerprint import fingerprint, prefix_digest
from alprviewer.store.indexcache import load, rows_of, save
from alprviewer.store.tables import Table

OWNED = {"frame": 5_000_000_000, "separator": 1}
FACTS = Facts(9_000_000_000, 1, "d", "", OWNED, None)


def filled(plates: int = 40) -> Columns:
    """A store with rows of one source, some of them beyond 4 GiB."""
    columns = Columns()
    for name, dictionary in columns.dictionaries.items():
        if isinstance(dictionary, Texts):
            dictionary.extend(NewTexts(np.arange(plates, dtype="u8") + 0x4141, []))
            dictionary.code("a long plate that fits nowhere")
            dictionary.code("ü")
        elif name != "envelope":
            dictionary.extend([f"{name} {number}" for number in range(5)])
        else:
            dictionary.extend([indexcache.Envelope(camera_id=number) for number in range(5)])
    rng = np.random.default_rng(1)
    for table, dtype in TABLES.items():
        count = {"candidates": 60, "reads": 30, "named": 30}.get(table, 15)
        rows = {name: rng.integers(2, 7, (count, *dtype[name].shape)) for name in dtype.names}
        rows["offset"] = 6_000_000_000 + np.arange(count)
        rows["source"] = np.zeros(count, "u4")
        rows["first_read"], rows["first_candidate"] = np.arange(count) * 2, np.arange(count) * 2
        if table == "frames":
            rows["reads"] = np.full(count, 2)
        if table == "reads":
            rows["candidates"], rows["frame"] = np.full(count, 2), np.arange(count) // 2
        if table == "siblings":
            rows["uuids"], rows["first_named"] = np.full(count, 2), np.arange(count) * 2
        getattr(columns, table).append(rows, count)
    return columns


def kept(path, columns=None):
    columns = columns or filled()
    rows = rows_of(columns, 0)
    assert rows is not None
    save(path, columns, rows, FACTS, [(7, "Gate")])
    return columns


def values(columns: Columns) -> dict:
    return {
        (table, name): getattr(columns, table).column(name).tolist()
        for table, dtype in TABLES.items()
        for name in dtype.names
    } | {
        name: dictionary.ranks().tolist()
        for name, dictionary in columns.dictionaries.items()
        if name != "envelope"
    }


def test_rows_come_back_with_their_codes(tmp_path):
    columns = kept(tmp_path / "a")
    block = load(tmp_path / "a")
    assert (block.facts, block.streams) == (FACTS, [(7, "Gate")])
    again = Columns()
    change = restore(again, block, 0)
    assert (change.frames, change.reads, change.siblings) == (range(15), range(30), range(15))
    assert values(again) == values(columns)
    assert again.problems.column("offset")[0] == 6_000_000_000
    assert again.envelopes() == columns.envelopes()
    plates = again.dictionaries["plate"]
    assert plates.find("ü") == columns.dictionaries["plate"].find("ü")
    assert plates.code("NEW") == FIRST_CODE + len(plates) - 1


def test_rows_are_mapped_not_copied_until_the_table_grows(tmp_path):
    kept(tmp_path / "a")
    block = load(tmp_path / "a")
    columns = Columns()
    restore(columns, block, 0)
    mapped = block.tables["reads"]["plate"]
    view = columns.reads.column("plate")
    assert np.shares_memory(view, mapped)
    assert not view.flags.writeable
    restore(columns, block, 1)
    assert np.shares_memory(columns.reads.part("plate", 0, 30), mapped)
    assert columns.reads.part("plate", 25, 35).tolist() == [*view[25:], *view[:5]]
    assert columns.reads.part("plate", 30, 60).tolist() == view.tolist()
    assert columns.reads.column("plate").tolist() == [*view, *view]
    assert columns.reads.column("frame").tolist() == [row // 2 for row in range(60)]
    assert not np.shares_memory(columns.reads.column("plate"), mapped)
    assert columns.frames.column("source").tolist() == [0] * 15 + [1] * 15


@pytest.mark.parametrize("grown", [False, True])
def test_rows_in_memory_become_those_of_the_file(tmp_path, grown):
    columns = kept(tmp_path / "a")
    block = load(tmp_path / "a")
    expected = filled()
    if grown:
        for each in (columns, expected):
            restore(each, block, 1)
    view = columns.reads.column("plate")
    remap(columns, block)
    mapped = block.tables["reads"]["plate"]
    assert np.shares_memory(columns.reads.part("plate", 0, 30), mapped)
    assert not np.shares_memory(view, mapped)  # who has a view keeps what is in it
    assert view.tolist() == columns.reads.column("plate").tolist()
    columns.release()
    assert values(columns) == values(expected)
    for each in (columns, expected):
        restore(each, block, 2)
    assert values(columns) == values(expected)
    assert columns.dictionaries["plate"].find("ü") == expected.dictionaries["plate"].find("ü")


def test_problems_that_were_taken_back_stay_so(tmp_path):
    columns = kept(tmp_path / "a")
    columns.take_back(range(3, 5))
    offsets = columns.problems.column("offset").tolist()
    remap(columns, load(tmp_path / "a"))
    assert columns.problems.column("offset").tolist() == offsets


def test_of_several_sources_each_is_kept_alone(tmp_path):
    kept(tmp_path / "a", filled(40))
    kept(tmp_path / "b", filled(3000))
    both = Columns()
    restore(both, load(tmp_path / "a"), 4)
    restore(both, load(tmp_path / "b"), 5)
    for source, name, plates in ((4, "a", 40), (5, "b", 3000)):
        save(tmp_path / f"{name}2", both, rows_of(both, source), FACTS, [])
        one, other = Columns(), Columns()
        restore(one, load(tmp_path / f"{name}2"), 0)
        restore(other, filled_block(tmp_path / name), 0)
        for table, dtype in TABLES.items():
            for column in dtype.names:
                if column not in indexcache.CODED:
                    assert values(one)[table, column] == values(other)[table, column]
        texts = [
            [store.text("plate", code) for code in store.candidates.column("plate")] for store in (one, other)
        ]
        assert texts[0] == texts[1]
        assert len(one.dictionaries["plate"]) < plates


def filled_block(path):
    return load(path)


def test_rows_that_stand_apart_are_told():
    columns = filled()
    columns.siblings.append({name: np.zeros(2, "u4") + [[1], [0]][0] for name in columns.siblings.names}, 2)
    columns.siblings.append({name: np.zeros(1, "u4") for name in columns.siblings.names}, 1)
    assert rows_of(columns, 0) is None


def test_writing_can_be_stopped_and_leaves_nothing(tmp_path):
    columns = filled()
    with pytest.raises(Cancelled):
        save(tmp_path / "a", columns, rows_of(columns, 0), FACTS, [], lambda: True)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    path = tmp_path_factory.mktemp("good") / "a"
    kept(path)
    return path


@given(st.data())
def test_a_changed_byte_is_noticed_or_harmless(good, data):
    content = bytearray(good.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    damaged = good.with_name("damaged")
    damaged.write_bytes(content)
    try:
        block = load(damaged)
    except Unusable:
        return
    columns = Columns()
    restore(columns, block, 0)
    assert values(columns) == values(filled())  # it was one of the bytes between two arrays


@given(st.data())
def test_a_file_that_is_cut_short_or_longer_is_noticed(good, data):
    content = good.read_bytes()
    damaged = good.with_name("damaged")
    damaged.write_bytes(content[: data.draw(st.integers(0, len(content) - 1))])
    with pytest.raises(Unusable):
        load(damaged)
    damaged.write_bytes(content + b"\0")
    with pytest.raises(Unusable):
        load(damaged)


def test_another_version_of_the_program_or_the_format_is_foreign(good, monkeypatch):
    monkeypatch.setattr(indexcache, "code_version", lambda: "9.9 of another code")
    with pytest.raises(Unusable, match="version"):
        load(good)
    monkeypatch.setattr(arrayfile, "FORMAT", 99)
    with pytest.raises(Unusable, match="version"):
        load(good)


def test_of_large_files_some_blocks_are_checked(tmp_path, monkeypatch):
    monkeypatch.setattr(arrayfile, "CHECKED_BYTES", 1 << 20)
    path = tmp_path / "a"
    numbers = np.arange(12_000_000, dtype="u4")
    with ArrayWriter(path) as writer:
        writer.add("big", numbers.dtype, [numbers[:5], numbers[5:]])
        writer.add("small", np.dtype(("i2", (2,))), [np.array([[1, 2], [3, 4]], "i2")])
        writer.add("none", np.dtype("f4"), [])
        writer.finish(FACTS)
    file = ArrayFile(path)
    assert file.array("small", np.dtype(("i2", (2,)))).tolist() == [[1, 2], [3, 4]]
    assert len(file.array("none", np.dtype("f4"))) == 0
    assert (file.array("big", numbers.dtype) == numbers).all()
    for name, dtype in (("gone", "u4"), ("big", "i4"), ("small", "i2")):
        with pytest.raises(Unusable):
            file.array(name, np.dtype(dtype))
    file.check(["small"])
    content = bytearray(path.read_bytes())
    content[-5000] ^= 1  # in the last block of all, or in the header
    content[64] ^= 1  # in the first block
    path.write_bytes(content)
    with pytest.raises(Unusable):
        ArrayFile(path).check(["small"])


def test_columns_may_not_differ_in_length(tmp_path):
    columns = filled()
    columns.reads._columns["plate"] = columns.reads._columns["plate"]._replace(base=np.zeros(3, "u4"))
    with ArrayWriter(tmp_path / "a") as writer:
        for table, dtype in TABLES.items():
            for name in dtype.names:
                writer.add(f"{table}.{name}", dtype[name], [np.zeros((len(name), *dtype[name].shape))])
        writer.add("plate.words", np.dtype("u8"), [np.zeros(2)])
        writer.add("plate.slots", np.dtype("u4"), [np.zeros(2048)])
        writer.add("texts", np.dtype("u1"), [])
        writer.finish(FACTS)
    with pytest.raises(Unusable, match="length"):
        load(tmp_path / "a")


def test_a_table_joins_its_parts_once():
    table = Table(np.dtype([("a", "u4")]))
    table.restore({"a": np.arange(5, dtype="u4")}, 5)
    table.append({"a": np.arange(5, 8)}, 3)
    first = table.column("a")
    assert first.tolist() == list(range(8))
    assert np.shares_memory(first, table.column("a"))
    table.append({"a": np.arange(8, 2000)}, 1992)
    assert (table.column("a") == np.arange(2000)).all()
    assert first.tolist() == list(range(8))


def test_fingerprints(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(bytes(range(256)) * 10_000)
    before = fingerprint(path)
    assert prefix_digest(path, before.size) == before.digest
    with path.open("ab") as file:
        file.write(b"more")
    after = fingerprint(path)
    assert (after.head, after.size) == (before.head, before.size + 4)
    assert prefix_digest(path, before.size) == before.digest != after.digest
    for size in (0, 1, 70_000):
        path.write_bytes(bytes(size))
        assert fingerprint(path).digest == prefix_digest(path, size) != prefix_digest(path, size + 1)
