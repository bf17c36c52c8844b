"""The list of plates from the settings and from a file."""

import json

import pytest

from alprviewer.capture.passfilter import asks_consensus, matching_rows
from alprviewer.core.errors import UserError
from alprviewer.core.passes import PassRules
from alprviewer.core.query.parse import parse
from alprviewer.core.query.times import Clock
from alprviewer.review import listing
from alprviewer.review.commands import hand_in_listed
from alprviewer.review.listing import listed_plates
from alprviewer.settings import Settings, save
from tests.helpers.reading import capture_of, frame_value


def test_what_was_typed_comes_before_the_file(tmp_path):
    path = tmp_path / "plates.txt"
    path.write_bytes("\ufeff# wanted\r\n~2:AB1\r\n\r\n%CD2".encode())
    found = listed_plates(["=EF3", " "], str(path))
    assert [line.text for line in found.lines] == ["=EF3", "~2:AB1", "%CD2"]
    assert len(listed_plates([], "")) == 0


def test_files_that_cannot_be_used(tmp_path, monkeypatch):
    with pytest.raises(UserError, match=r"none\.txt cannot be read"):
        listed_plates([], str(tmp_path / "none.txt"))
    path = tmp_path / "plates.txt"
    path.write_bytes(b"AB\xff\n")
    with pytest.raises(UserError, match="not UTF-8"):
        listed_plates([], str(path))
    path.write_text("AB1\nconf>\n")
    with pytest.raises(UserError, match=r"Line 2 of .*plates\.txt"):
        listed_plates([], str(path))
    monkeypatch.setattr(listing, "MAX_LIST_BYTES", 5)
    with pytest.raises(UserError, match="larger than"):
        listed_plates([], str(path))
    with pytest.raises(UserError, match="Line 1 of the listed plates"):
        listed_plates(["conf>"], "")


def test_queries_of_the_command_line_know_the_list(tmp_path):
    path = tmp_path / "a.jsonl"
    plates = ["ABC123", "A8C123", "ZZ9"]
    values = [frame_value(100_000 * number, (plate,)) for number, plate in enumerate(plates)]
    path.write_text("".join(json.dumps(value) + "\n" for value in values))
    capture = capture_of(path)
    capture.find_passes(PassRules())
    save(Settings(listed_plates=("=ABC123",)))
    hand_in_listed(capture)
    for query, rows in (("listed:exact", [0]), ("listed:near", [1]), ("-listed:*", [2])):
        assert asks_consensus(parse(query))
        for what in ("reads", "passes"):
            assert matching_rows(capture, what, parse(query), Clock()).tolist() == rows
