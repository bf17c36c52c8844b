"""The manual on the screen, driven by keys and mouse."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QImage, QTextDocument

from alprviewer.views.helpbrowser import HelpBrowser


@dataclass
class Plain:
    name: str
    title: str
    text: str


PAGES = [
    Plain("one", "One", "# One\n\nwords and [two](two.md), [away](https://example.org/x)\n\n![p](p.png)"),
    Plain("two", "Two", "# Two\n\nother words\n\n| a | b |\n|---|---|\n| c | d |"),
    Plain("three", "Three", "# Three\n\n<b>nothing</b>"),
]
IMAGE = QTextDocument.ResourceType.ImageResource.value


def search(wanted: str) -> list[Plain]:
    return [page for page in reversed(PAGES) if wanted in page.text]


@pytest.fixture
def browser(qtbot, tmp_path) -> HelpBrowser:
    folder = tmp_path / "pictures"
    folder.mkdir()
    image = QImage(1600, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    image.save(str(folder / "p.png"))
    image.save(str(tmp_path / "secret.png"))
    made = HelpBrowser(PAGES, search, folder)
    qtbot.addWidget(made)
    made.resize(900, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.show_page("one")
    return made


def titles(browser: HelpBrowser) -> list[str]:
    return [browser.contents.item(place).text() for place in range(browser.contents.count())]


def test_a_page_is_shown_and_marked_in_the_contents(browser):
    assert browser.reader.toPlainText().startswith("One\n")
    assert browser.contents.currentItem().text() == "One"
    assert browser.title == "One"
    assert not browser.back.isEnabled()


def test_links_lead_to_pages_and_back(browser, qtbot):
    with qtbot.waitSignal(browser.shown):
        browser.reader.anchorClicked.emit(QUrl("two.md"))
    assert browser.page == "two"
    qtbot.mouseClick(browser.back, Qt.MouseButton.LeftButton)
    assert browser.page == "one"
    browser.go_back()
    assert browser.page == "one"


@pytest.mark.parametrize(
    "address", ["https://example.org/two.md", "file:///two.md", "nowhere.md", "//host/two.md"]
)
def test_other_links_lead_nowhere(browser, address):
    browser.reader.anchorClicked.emit(QUrl(address))
    assert browser.page == "one"


def test_the_contents_are_walked_by_key(browser, qtbot):
    browser.contents.setFocus()
    qtbot.keyClick(browser.contents, Qt.Key.Key_Down)
    assert browser.page == "two"


def test_a_search_narrows_the_contents_and_marks_the_words(browser, qtbot):
    qtbot.keyClicks(browser.edit, "words")
    assert titles(browser) == ["Two", "One"]
    assert len(browser.reader.extraSelections()) == 1
    qtbot.keyClick(browser.edit, Qt.Key.Key_Return)
    assert browser.page == "two"
    browser.edit.clear()
    assert titles(browser) == ["One", "Two", "Three"]
    assert browser.reader.extraSelections() == []


def test_a_search_without_a_result_says_so(browser, qtbot):
    qtbot.keyClicks(browser.edit, "zzz")
    assert titles(browser) == []
    assert browser._note.isVisible()


def test_pictures_come_from_their_folder_alone(browser):
    picture = browser.reader.loadResource(IMAGE, QUrl("p.png"))
    assert 0 < picture.width() / picture.devicePixelRatio() <= browser.reader.viewport().width()
    for name in ("../secret.png", "/etc/passwd", "https://example.org/p.png", "file:///etc/passwd", "q.png"):
        assert browser.reader.loadResource(IMAGE, QUrl(name)) is None
    assert (
        browser.reader.loadResource(QTextDocument.ResourceType.StyleSheetResource.value, QUrl("p.png"))
        is None
    )


def test_the_page_follows_the_font(browser):
    browser.show_page("two")
    before = browser.reader.document().size().height()
    font = browser.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    browser.setFont(font)
    assert browser.reader.document().size().height() > 1.4 * before
