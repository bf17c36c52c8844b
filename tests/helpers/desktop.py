"""A desktop session for tests: a message bus of our own, and on it what desktops have there."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

from alprviewer.app.desktop.bus import Place
from alprviewer.app.desktop.look import PORTAL
from alprviewer.app.desktop.notices import NOTIFICATIONS

needs_bus = pytest.mark.skipif(
    shutil.which("dbus-daemon") is None, reason="needs dbus-daemon, which make test installs on Debian"
)


@contextmanager
def session_bus() -> Iterator[str]:
    """A message bus of our own; its address."""
    server = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()
        server.stdout.close()


class Desktop:
    """Takes notifications and tells settings, as the services of a desktop do.

    It works while it is asked to: whoever waits for something calls ``work`` again and again.

    Attributes:
        settings: what the settings portal answers, by namespace and name; D-Bus signature and value.
        notices: the notifications that are shown, by number: signature and arguments of ``Notify``.
        shown: the numbers of all that were shown, in their order, again where one took the place of another.
        closed: the numbers of those that were taken back.
        says_to: the connection that alone hears signals, as of some desktops; empty for everybody.
        refuses: True while notifications are refused, as when too many come.
        refused: how many were.
    """

    def __init__(self, address: str) -> None:
        self._connection = open_dbus_connection(address)
        self.settings: dict[str, dict[str, tuple[str, Any]]] = {}
        self.notices: dict[int, tuple[str, tuple[Any, ...]]] = {}
        self.shown: list[int] = []
        self.closed: list[int] = []
        self.says_to = ""
        self.refuses = False
        self.refused = 0
        for place in (NOTIFICATIONS, PORTAL):
            self._connection.send_and_get_reply(message_bus.RequestName(place.service))

    def work(self) -> None:
        """Answer what has come."""
        with suppress(TimeoutError):
            while True:
                message = self._connection.receive(timeout=0)
                if message.header.message_type is MessageType.method_call:
                    self._answer(message, message.header.fields[HeaderFields.member])

    def _answer(self, message: Message, member: str) -> None:
        match member:
            case "Notify" if self.refuses:
                self.refused += 1
                error = f"{NOTIFICATIONS.service}.Error.ExcessNotificationGeneration"
                self._connection.send(new_error(message, error))
            case "Notify":
                number = message.body[1] or max(self.notices, default=0) + 1
                signature = message.header.fields[HeaderFields.signature]
                self.notices[number] = (signature, message.body)
                self.shown.append(number)
                self._connection.send(new_method_return(message, "u", (number,)))
            case "CloseNotification":
                self.closed.append(message.body[0])
                self._connection.send(new_method_return(message))
            case "ReadAll":
                found = {name: self.settings.get(name, {}) for name in message.body[0]}
                self._connection.send(new_method_return(message, "a{sa{sv}}", (found,)))

    def texts(self) -> list[tuple[str, str]]:
        """Head and body of the notifications that are shown."""
        return [(body[3], body[4]) for number, (_, body) in self.notices.items() if number not in self.closed]

    def click(self, number: int) -> None:
        """The user clicks a notification."""
        self._say(NOTIFICATIONS, "ActionInvoked", "us", (number, "default"))

    def change(self, namespace: str, name: str, value: tuple[str, Any]) -> None:
        """The user changes a setting of the desktop."""
        self.settings.setdefault(namespace, {})[name] = value
        self._say(PORTAL, "SettingChanged", "ssv", (namespace, name, value))

    def _say(self, place: Place, member: str, signature: str, arguments: tuple[Any, ...]) -> None:
        signal = new_signal(DBusAddress(place.path, interface=place.interface), member, signature, arguments)
        if self.says_to:
            signal.header.fields[HeaderFields.destination] = self.says_to
        self._connection.send(signal)

    def close(self) -> None:
        """Leave the bus."""
        self._connection.close()
