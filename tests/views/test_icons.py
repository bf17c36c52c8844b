"""The icons: complete, of one kind, sharp, in the colour asked for."""

import re
import xml.etree.ElementTree as ET

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon

from alprviewer.resourcefiles import resource
from alprviewer.views.icons import APPLICATION, icon, pixmap

FILES = sorted(resource("icons").glob("*.svg"))
NAMES = [path.stem for path in FILES]
LINES = [path for path in FILES if path.stem != APPLICATION]
WANTED = (
    "open folder sample recent close search export copy zoom-in zoom-out fit-frame fit-vehicle fit-plate "
    "layers invert contrast theme columns problem info up down next previous alprviewer"
).split()


def test_none_is_missing():
    assert set(WANTED) <= set(NAMES)


@pytest.mark.parametrize("path", LINES, ids=lambda path: path.stem)
def test_all_are_drawn_alike(path):
    root = ET.parse(path).getroot()
    assert root.get("viewBox") == "0 0 24 24"
    assert (root.get("stroke"), root.get("stroke-width")) == ("currentColor", "1.75")
    assert not re.search("#[0-9a-f]{3}", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [16, 24, 72])
def test_all_draw_something_within_their_square(qapp, name, size):
    image = pixmap(name, "#0b62c4", size).toImage()
    assert (image.width(), image.height()) == (size, size)
    inked = [(x, y) for x in range(size) for y in range(size) if image.pixelColor(x, y).alpha() > 100]
    assert len(inked) >= size
    if name != APPLICATION:
        edge = {0, size - 1}
        assert not any(x in edge or y in edge for x, y in inked)


def test_colour(qapp):
    image = pixmap("contrast", QColor("#b3261e"), 48).toImage()
    assert image.pixelColor(30, 24) == QColor("#b3261e")
    image = pixmap("contrast", "#4cc38a", 48).toImage()
    assert image.pixelColor(30, 24) == QColor("#4cc38a")


@pytest.mark.parametrize("ratio", [1.0, 2.0, 3.0])
def test_sharp_at_every_scale(qapp, ratio):
    drawn = icon("search", "#16181d").pixmap(QSize(16, 16), ratio)
    assert drawn.width() == 16 * ratio
    assert drawn.deviceIndependentSize().toSize() == QSize(16, 16)


def test_the_application_icon_has_all_sizes(qapp):
    sizes = {size.width() for size in icon(APPLICATION).availableSizes()}
    assert {16, 32, 48, 256} <= sizes


def test_disabled_icons_are_paler(qapp):
    made = icon("copy", "#16181d")
    plain, pale = (
        made.pixmap(QSize(24, 24), 1.0, mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert plain != pale


def test_a_wrong_name_is_an_error(qapp):
    with pytest.raises(FileNotFoundError, match="no-such-icon"):
        icon("no-such-icon", "#000000")
