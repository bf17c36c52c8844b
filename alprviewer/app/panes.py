"""The panes beside the tables, as data, and their default places. To add a pane: one line in ``PANES``."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from alprviewer.language import tr
from alprviewer.views.croppane import CropPane
from alprviewer.views.details import DetailsPane
from alprviewer.views.imagepane import ImagePane
from alprviewer.views.passes.contactsheet import ContactSheet
from alprviewer.views.passes.strip import CharacterStrip
from alprviewer.views.rawjson import RawJsonPane


class PaneSpec(NamedTuple):
    """A pane: its name, the dock's title, how it is made."""

    name: str
    title: str
    make: Callable[[], QWidget]


def _candidate_chart() -> QWidget:
    """Imported when first shown: pyqtgraph costs half a second to a second."""
    from alprviewer.views.candidatepane import CandidatePane

    return CandidatePane()


def _timeline() -> QWidget:
    """Imported when first shown, as the chart."""
    from alprviewer.views.timeline.pane import TimelinePane

    return TimelinePane()


def _overview() -> QWidget:
    """Made late: nobody sees it at first."""
    from alprviewer.views.overview.pane import OverviewPane

    return OverviewPane()


def _numbers() -> QWidget:
    """Made late: it is hidden until somebody wants it."""
    from alprviewer.views.numbers.pane import NumbersPane

    return NumbersPane()


PANES = (
    PaneSpec("timeline", tr("Timeline"), _timeline),
    PaneSpec("image", tr("Image"), ImagePane),
    PaneSpec("sheet", tr("Contact sheet"), ContactSheet),
    PaneSpec("candidates", tr("Candidates"), _candidate_chart),
    PaneSpec("pass", tr("Pass"), CharacterStrip),
    PaneSpec("crop", tr("Crop"), CropPane),
    PaneSpec("details", tr("Details"), DetailsPane),
    PaneSpec("json", tr("Raw JSON"), RawJsonPane),
    PaneSpec("overview", tr("Overview"), _overview),
    PaneSpec("numbers", tr("Numbers"), _numbers),
)
LATE = frozenset({"timeline", "candidates", "overview", "numbers"})
"""Panes that are made after the window has been painted for the first time."""
FIRST = frozenset({"crop"})
"""Panes that show every selected row before the window does anything else; others may pass over some."""
HIDDEN = frozenset({"numbers"})
"""Panes that are hidden until somebody goes there: they stand in front of another one then."""


def dock(spec: PaneSpec, parent: QMainWindow) -> QDockWidget:
    """An empty dock for a pane."""
    widget = QDockWidget(spec.title, parent)
    widget.setObjectName(spec.name)
    widget.setAccessibleName(spec.title)
    return widget


_LOW = 760
"""Pixels of height below which what supports the plate stands behind the candidates: it was cut elsewhere."""


def arrange(host: QMainWindow, docks: dict[str, QDockWidget]) -> None:
    """The default layout: the timeline above the tables; at the right the scene, the pass, what was read."""
    is_low = host.height() < _LOW
    right, top = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.TopDockWidgetArea
    host.setCorner(Qt.Corner.TopRightCorner, right)
    for each in docks.values():
        each.setFloating(False)
        host.removeDockWidget(each)
    host.addDockWidget(top, docks["timeline"])
    host.addDockWidget(right, docks["image"])
    host.splitDockWidget(docks["image"], docks["sheet"], Qt.Orientation.Vertical)
    host.splitDockWidget(docks["sheet"], docks["candidates"], Qt.Orientation.Vertical)
    if is_low:
        host.splitDockWidget(docks["candidates"], docks["crop"], Qt.Orientation.Horizontal)
        host.tabifyDockWidget(docks["candidates"], docks["pass"])
    else:
        host.splitDockWidget(docks["candidates"], docks["pass"], Qt.Orientation.Horizontal)
        host.splitDockWidget(docks["pass"], docks["crop"], Qt.Orientation.Vertical)
    host.tabifyDockWidget(docks["crop"], docks["details"])
    host.tabifyDockWidget(docks["details"], docks["json"])
    host.tabifyDockWidget(docks["json"], docks["overview"])
    host.tabifyDockWidget(docks["image"], docks["numbers"])
    for name, each in docks.items():
        each.setVisible(name not in HIDDEN)
    docks["crop"].raise_()
    docks["candidates"].raise_()


def set_sizes(host: QMainWindow, docks: dict[str, QDockWidget]) -> None:
    """Shares of the default layout, from the size that the window has now.

    A small window takes from the tables first: they can be scrolled, a scene cannot.
    """
    width, height = host.width(), host.height()
    image, sheet, candidates = docks["image"], docks["sheet"], docks["candidates"]
    strip, crop = docks["pass"], docks["crop"]
    if any(each.isFloating() or each.isHidden() for each in (image, sheet, candidates, crop)):
        return
    if (height < _LOW) != (strip in host.tabifiedDockWidgets(candidates)):
        arrange(host, docks)
        layout = host.layout()
        assert layout is not None
        layout.activate()  # or the sizes below would be those of the layout before
    right = max(round(width * 0.48), min(600, round(width * 0.62)))
    host.resizeDocks([image], [right], Qt.Orientation.Horizontal)
    host.resizeDocks([docks["timeline"]], [max(round(height * 0.17), 150)], Qt.Orientation.Vertical)
    host.resizeDocks([candidates, crop], [round(right * 0.49)] * 2, Qt.Orientation.Horizontal)
    shares = [round(height * 0.385), max(round(height * 0.185), 158), round(height * 0.43)]
    host.resizeDocks([image, sheet, candidates], shares, Qt.Orientation.Vertical)
    if height >= _LOW:
        beside = [round(height * 0.195), round(height * 0.235)]
        host.resizeDocks([strip, crop], beside, Qt.Orientation.Vertical)
