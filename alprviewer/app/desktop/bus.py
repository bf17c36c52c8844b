"""The message bus of the desktop session: calls, their answers, and signals.

PySide6's own QtDBus cannot say an unsigned number, which a notification begins with; jeepney can, and comes
with the keyring anyway. Its socket is watched by Qt's event loop, so nothing here waits, but for the thread
that connects.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, QSocketNotifier

from alprviewer.models.worker import Worker

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

_log = logging.getLogger(__name__)
_ADDRESS = "DBUS_SESSION_BUS_ADDRESS"
_PATIENCE_S = 1.0
_CHANGED = "NameOwnerChanged"
_NOBODY = (None, None)

Then = Callable[[tuple[Any, ...]], None]
"""What is done with the arguments of an answer or a signal."""


class Place(NamedTuple):
    """Where a service of the desktop is reached."""

    service: str
    path: str
    interface: str


def _connected() -> DBusConnection | None:
    """A connection; None where nobody answers. Blocks."""
    try:
        from jeepney.io.blocking import open_dbus_connection

        return open_dbus_connection("SESSION")
    except (ImportError, OSError, ValueError, RuntimeError, StopIteration) as error:
        # No jeepney (only Linux has it), nobody at the address, no address that it understands.
        _log.info("The desktop's message bus cannot be reached: %s", error)
        return None


class Bus(QObject):
    """The session bus, if there is one. What is asked before it is connected waits until then."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._connection: DBusConnection | None = None
        self._watch: QSocketNotifier | None = None
        self._waiting: list[Callable[[], None]] = []
        self._answers: dict[int, tuple[Then | None, Callable[[], None] | None]] = {}
        self._signals: dict[tuple[str, str], tuple[str, Then]] = {}
        self._owners: dict[str, str] = {}
        """Who provides the services that are listened to: the bus's own names of their connections."""
        self._connecting = Worker("desktop", self)
        self._connecting.answered.connect(self._begin)

    @property
    def is_connected(self) -> bool:
        """True while there is somebody to talk to."""
        return self._connection is not None

    def open(self) -> None:
        """Connect, in a thread; where there is no session bus there is nothing to do."""
        if _ADDRESS in os.environ:
            self._connecting.submit(_connected)

    def close(self) -> None:
        """Hear and say nothing more."""
        self._connecting.close(_PATIENCE_S)
        self._waiting.clear()
        self._lose()

    def call(
        self,
        place: Place,
        member: str,
        signature: str,
        arguments: tuple[Any, ...],
        then: Then | None = None,
        refused: Callable[[], None] | None = None,
    ) -> None:
        """Call a method; its answer's arguments go to ``then``, and of an error ``refused`` is told."""

        def send() -> None:
            from jeepney import DBusAddress, new_method_call

            address = DBusAddress(place.path, place.service, place.interface)
            self._send(new_method_call(address, member, signature, arguments), then, refused)

        self._soon(send)

    def listen(self, place: Place, member: str, then: Then) -> None:
        """Hear a signal from now on, of the service itself: anybody can send a signal of that name to us."""

        def send() -> None:
            from jeepney.bus_messages import MatchRule, message_bus

            self._watch_owner(place.service)
            rule = MatchRule(
                type="signal",
                sender=place.service,
                interface=place.interface,
                member=member,
                path=place.path,
            )
            self._send(message_bus.AddMatch(rule))

        self._signals[place.interface, member] = place.service, then
        self._soon(send)

    def _watch_owner(self, service: str) -> None:
        """Know who provides a service, now and whenever that changes."""
        from jeepney.bus_messages import MatchRule, message_bus

        rule = MatchRule(
            type="signal",
            sender=message_bus.bus_name,
            interface=message_bus.interface,
            member=_CHANGED,
            path=message_bus.object_path,
        )
        rule.add_arg_condition(0, service)
        self._owners[service] = ""
        self._send(message_bus.AddMatch(rule))
        self._send(
            message_bus.GetNameOwner(service), lambda arguments: self._owners.update({service: arguments[0]})
        )

    # --- the connection ---------------------------------------------------------------------------

    def _begin(self, connection: DBusConnection | None) -> None:
        self._connection = connection
        waiting, self._waiting = self._waiting, []
        if connection is None:
            return
        self._watch = QSocketNotifier(connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._watch.activated.connect(self._read)
        for each in waiting:
            each()

    def _soon(self, send: Callable[[], None]) -> None:
        """Now, or once it is connected; never where there is no bus."""
        if self._connection is not None:
            send()
        elif self._connecting.busy:
            self._waiting.append(send)

    def _send(
        self, message: Message, then: Then | None = None, refused: Callable[[], None] | None = None
    ) -> None:
        if self._connection is None:
            return
        serial = next(self._connection.outgoing_serial)
        self._answers[serial] = then, refused
        try:
            self._connection.send(message, serial=serial)
        except OSError as error:
            _log.info("The desktop's message bus is gone: %s", error)
            self._lose()

    def _read(self) -> None:
        with suppress(TimeoutError):
            while self._connection is not None:
                try:
                    message = self._connection.receive(timeout=0)
                except ConnectionError as error:
                    _log.info("The desktop's message bus is gone: %s", error)
                    self._lose()
                else:
                    self._take(message)

    def _take(self, message: Message) -> None:
        from jeepney import HeaderFields, MessageType

        fields = message.header.fields
        match message.header.message_type:
            case MessageType.method_return:
                then, _ = self._answers.pop(fields[HeaderFields.reply_serial], _NOBODY)
                if then is not None:
                    then(message.body)
            case MessageType.error:
                _, refused = self._answers.pop(fields[HeaderFields.reply_serial], _NOBODY)
                _log.info("The desktop refused: %s %s", fields.get(HeaderFields.error_name), message.body)
                if refused is not None:
                    refused()
            case MessageType.signal:
                self._hear(message)

    def _hear(self, signal: Message) -> None:
        from jeepney import HeaderFields
        from jeepney.bus_messages import message_bus

        fields = signal.header.fields
        sender = fields.get(HeaderFields.sender, "")
        found = fields.get(HeaderFields.interface, ""), fields.get(HeaderFields.member, "")
        if sender == message_bus.bus_name:  # the daemon sees to it that nobody else has this name
            if found == (message_bus.interface, _CHANGED) and signal.body[0] in self._owners:
                self._owners[signal.body[0]] = signal.body[2]
        elif found in self._signals:
            service, then = self._signals[found]
            if sender == self._owners.get(service):
                then(signal.body)

    def _lose(self) -> None:
        if self._watch is not None:
            self._watch.setEnabled(False)
            self._watch.deleteLater()
            self._watch = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._answers.clear()
        self._owners.clear()
