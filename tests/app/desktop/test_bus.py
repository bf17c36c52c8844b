"""The message bus of the desktop: answers, signals, and everything that may be wrong with it."""

from __future__ import annotations

import os
from contextlib import closing

import pytest
from jeepney import DBusAddress, HeaderFields, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from alprviewer.app.desktop.bus import Bus
from alprviewer.app.desktop.look import APPEARANCE, PORTAL
from alprviewer.app.desktop.notices import NOTIFICATIONS
from tests.helpers.desktop import Desktop, needs_bus, session_bus


@pytest.fixture
def bus(qapp):
    made = Bus()
    yield made
    made.close()


@pytest.mark.parametrize("address", [None, "", "nonsense", "tcp:host=h,port=1", "unix:path=/nowhere/bus"])
def test_without_a_bus_nothing_happens(bus, qtbot, monkeypatch, address):
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    if address is not None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    bus.open()
    bus.call(PORTAL, "ReadAll", "as", ([APPEARANCE],), pytest.fail)
    qtbot.waitUntil(lambda: not bus._connecting.busy)
    bus.call(PORTAL, "ReadAll", "as", ([APPEARANCE],), pytest.fail)
    bus.listen(PORTAL, "SettingChanged", pytest.fail)
    assert not bus.is_connected


@needs_bus
def test_what_is_asked_before_it_is_connected_is_answered_later(bus, desktop, meanwhile):
    desktop.settings = {APPEARANCE: {"color-scheme": ("u", 1)}}
    answers = []
    bus.open()
    bus.call(PORTAL, "ReadAll", "as", ([APPEARANCE],), answers.append)
    assert not bus.is_connected
    meanwhile(lambda: answers)
    assert answers == [({APPEARANCE: {"color-scheme": ("u", 1)}},)]
    bus.call(PORTAL, "ReadAll", "as", (["other"],), answers.append)
    meanwhile(lambda: answers[1:])
    assert answers[1] == ({"other": {}},)


@needs_bus
def test_signals_are_heard(bus, desktop, meanwhile):
    heard, settled = [], []
    bus.open()
    bus.listen(PORTAL, "SettingChanged", heard.append)
    bus.call(PORTAL, "ReadAll", "as", ([],), settled.append)
    meanwhile(lambda: settled)
    desktop.change(APPEARANCE, "color-scheme", ("u", 2))
    desktop.click(1)
    meanwhile(lambda: heard)
    assert heard == [(APPEARANCE, "color-scheme", ("u", 2))]


@needs_bus
def test_what_a_stranger_signals_is_not_heard(bus, desktop, meanwhile):
    """Whoever is on the bus may send anything to a connection; the daemon tells who it was."""
    heard, settled = [], []
    bus.open()
    bus.listen(PORTAL, "SettingChanged", heard.append)
    bus.call(PORTAL, "ReadAll", "as", ([],), settled.append)
    meanwhile(lambda: settled)
    name = bus._connection.unique_name
    address = DBusAddress(PORTAL.path, interface=PORTAL.interface)
    with closing(open_dbus_connection(os.environ["DBUS_SESSION_BUS_ADDRESS"])) as stranger:
        signal = new_signal(address, "SettingChanged", "ssv", (APPEARANCE, "color-scheme", ("u", 1)))
        signal.header.fields[HeaderFields.destination] = name
        stranger.send(signal)
        stranger.send_and_get_reply(message_bus.GetId())
    desktop.says_to = name
    desktop.change(APPEARANCE, "color-scheme", ("u", 2))
    meanwhile(lambda: heard)
    assert heard == [(APPEARANCE, "color-scheme", ("u", 2))]


@needs_bus
def test_a_service_that_begins_again_is_heard(bus, qtbot, desktop, meanwhile):
    heard, settled = [], []
    bus.open()
    bus.listen(PORTAL, "SettingChanged", heard.append)
    bus.call(PORTAL, "ReadAll", "as", ([],), settled.append)
    meanwhile(lambda: settled)
    desktop.close()
    again = Desktop(os.environ["DBUS_SESSION_BUS_ADDRESS"])
    again.change(APPEARANCE, "color-scheme", ("u", 2))
    qtbot.waitUntil(lambda: bool(heard))
    again.close()


@needs_bus
def test_who_asked_is_told_of_an_error(bus, desktop, meanwhile):
    refused = []
    bus.open()
    bus.call(
        NOTIFICATIONS._replace(service="org.nobody.Here"),
        "Notify",
        "s",
        ("x",),
        pytest.fail,
        lambda: refused.append(True),
    )
    meanwhile(lambda: refused)


@needs_bus
def test_an_error_is_no_answer(bus, desktop, meanwhile):
    answers = []
    bus.open()
    bus.call(NOTIFICATIONS._replace(service="org.nobody.Here"), "Notify", "s", ("x",), pytest.fail)
    bus.call(PORTAL, "ReadAll", "as", ([],), answers.append)
    meanwhile(lambda: answers)
    assert bus._answers == {}


@needs_bus
def test_a_bus_that_ends_is_no_failure(bus, qtbot, monkeypatch):
    with session_bus() as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        Desktop(address).close()
        bus.open()
        qtbot.waitUntil(lambda: bus.is_connected)
    qtbot.waitUntil(lambda: not bus.is_connected)
    bus.call(PORTAL, "ReadAll", "as", ([],), pytest.fail)
