"""The manual holds everything, and its links and pictures lead somewhere."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtGui import QKeySequence

from alprviewer.app.actions import ACTIONS, sequences
from alprviewer.app.help.pages import FOLDER, ORDER, page, pages, plain, search
from alprviewer.app.panes import PANES
from alprviewer.core.query.fields import FIELDS
from alprviewer.resourcefiles import resource
from alprviewer.settings import Settings

# What keys an action has is asked of the platform.
pytestmark = pytest.mark.usefixtures("qapp")

HELP = resource(FOLDER)


def unescaped(text: str) -> str:
    return text.replace("\\", "")


def test_every_page_is_in_the_contents():
    assert sorted(ORDER) == sorted(path.stem for path in HELP.glob("*.md"))
    assert len({each.title for each in pages()}) == len(ORDER)


@pytest.mark.parametrize("name", ORDER)
def test_a_page_begins_with_its_title_and_leads_somewhere(name):
    shown = page(name)
    assert shown.text.startswith(f"# {shown.title}\n")
    assert "{{" not in shown.text
    for link in shown.links:
        assert link.endswith(".md"), link
        assert Path(link).stem in ORDER, link
    for picture in shown.pictures:
        assert (HELP / "pictures" / picture).is_file(), picture


def test_every_picture_is_used_and_small():
    used = {picture for each in pages() for picture in each.pictures}
    files = {path.name: path.stat().st_size for path in (HELP / "pictures").iterdir()}
    assert set(files) == used
    assert sum(files.values()) < 1_000_000


def test_the_first_page_leads_to_all_others():
    reached, waiting = set(), [ORDER[0]]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += [Path(link).stem for link in page(name).links]
    assert reached == set(ORDER)


@pytest.mark.parametrize("pane", [spec.name for spec in PANES])
def test_every_pane_has_a_page(pane):
    assert pane in ORDER


@pytest.mark.parametrize("item", fields(Settings), ids=lambda item: item.name)
def test_every_setting_is_documented(item):
    (line,) = [
        line for line in unescaped(page("settings").text).splitlines() if line.startswith(f"| {item.name} |")
    ]
    assert item.metadata["help"] in line
    assert f"| {plain(getattr(Settings(), item.name))} |" in line
    assert item.metadata["help"].endswith(".")


@pytest.mark.parametrize("spec", ACTIONS, ids=lambda spec: spec.name)
def test_every_action_and_key_is_documented(spec):
    text = spec.text.replace("&", "").partition("\t")[0].rstrip("…")
    lines = [
        line for line in unescaped(page("shortcuts").text).splitlines() if line.startswith(f"| {text} |")
    ]
    keys = [key.toString(QKeySequence.SequenceFormat.PortableText) for key in sequences(spec.keys)]
    assert [line for line in lines if all(key in line for key in keys)]
    assert not any(line.endswith("| — |") for line in lines)


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_of_queries_is_documented(name):
    assert f"| {name}: |" in unescaped(page("query").text)


@pytest.mark.parametrize("text", ["page|with*marks", "<b>bold</b>", "a_b `c` [d](e)", "back\\slash"])
def test_a_cell_shows_what_it_holds(qtbot, text):
    from PySide6.QtGui import QTextDocument

    from alprviewer.app.help.pages import _table

    document = QTextDocument()
    document.setMarkdown(_table(("head",), [(text,)]), QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
    assert text in document.toPlainText()


def test_a_search_finds_the_page_that_is_about_it():
    assert search("live sources")[0].name == "live"
    assert search("KEYS shortcuts")[0].name == "shortcuts"
    assert search("margin")
    assert search("beanstalkd upload_data")[0].name == "live"
    assert search("nowhere-to-be-found") == []


def test_what_is_searched_is_what_is_read():
    assert "first-steps.md" not in page("start").words
    assert "first steps: the way through the program" in page("start").words
