"""The dialog that connects to a live source."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from alprviewer.capture.connections import Connection, can_be_kept
from alprviewer.core.errors import UserError
from alprviewer.core.plates import display_text
from alprviewer.language import tr, trc
from alprviewer.sources.live.endpoint import Endpoint, parse
from alprviewer.views.live.kinds import CONSUME, EVERYWHERE, HERE, KINDS, LOOPBACK, OBSERVE, OPEN_TO_ALL, Kind
from alprviewer.views.notes import note
from alprviewer.views.theme import SPACE

_WIDTH = 640
_NO_KEYRING = tr("This system has no keyring: the token is known until the program is closed.")
_KEYRING = tr("Remember the token in the keyring of the system")


class ConnectDialog(QDialog):
    """Asks for a live source. Nothing is connected by it.

    Signals:
        test_wanted(Connection, str): try it; the text is the token.
        forget_wanted(str): the saved connection with this URL is to be forgotten.
    """

    test_wanted = Signal(object, str)
    forget_wanted = Signal(str)

    def __init__(
        self,
        saved: Sequence[Connection],
        *,
        has_keyring: bool,
        is_open: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Connect to a live source"))
        self._saved = list(saved)
        self._make_editors(has_keyring, is_open)
        self._lay_out()
        self._chosen.currentIndexChanged.connect(self._fill_saved)
        self._kind.currentIndexChanged.connect(self._show_kind)
        self._host.currentTextChanged.connect(self._refresh)
        for edit in (self._path, self._certificate, self._token):
            edit.textChanged.connect(self._refresh)
        for signal in (self._port.valueChanged, self._consume.toggled, self._save.toggled):
            signal.connect(self._refresh)
        self._show_kind()

    # --- making -----------------------------------------------------------------------------------

    def _make_editors(self, has_keyring: bool, is_open: bool) -> None:
        self._chosen = QComboBox()
        self._chosen.addItem(tr("A new one"))
        self._chosen.addItems([display_text(each.url) for each in self._saved])
        self._forget = QPushButton(tr("Forget"))
        self._forget.clicked.connect(self._forget_chosen)
        self._kind = QComboBox()
        self._kind.addItems([kind.title for kind in KINDS])
        self._meaning = note(tr("What this kind of source means"))
        self._host = QComboBox()
        self._host.setEditable(True)
        line = self._host.lineEdit()
        assert line is not None
        line.setAccessibleName(tr("Host"))
        self._reach = note(tr("Who can connect"))
        self._port = QSpinBox()
        self._port.setRange(0, 65535)
        self._path = QLineEdit()
        self._observe, self._consume = QRadioButton(tr("Look on")), QRadioButton(tr("Take the jobs"))
        self._observe.setChecked(True)
        self._mode = note(tr("What becomes of the jobs"))
        self._token = QLineEdit()
        self._token.setEchoMode(QLineEdit.EchoMode.Password)
        self._certificate, self._key, self._authority = QLineEdit(), QLineEdit(), QLineEdit()
        self._save = QCheckBox(tr("Save this connection"))
        self._keep = QCheckBox(_KEYRING if has_keyring else _NO_KEYRING)
        self._keep.setEnabled(has_keyring)
        self._has_keyring = has_keyring
        self._beside = QCheckBox(tr("Beside what is open, not in its place"))
        self._beside.setChecked(is_open)
        self._beside.setEnabled(is_open)
        self._verdict = note(tr("What the test found"))
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Cancel)
        self._test = self._buttons.addButton(tr("Test"), QDialogButtonBox.ButtonRole.ActionRole)
        self._connect = self._buttons.addButton(tr("Connect"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._buttons.accepted.connect(self.accept)
        self._buttons.rejected.connect(self.reject)
        self._test.clicked.connect(self._want_test)

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setVerticalSpacing(2 * SPACE)
        self._form.setHorizontalSpacing(4 * SPACE)
        modes = QWidget()
        both = QVBoxLayout(modes)
        both.setContentsMargins(0, 0, 0, 0)
        for widget in (self._observe, self._consume):
            both.addWidget(widget)
        self._modes = modes
        self._files = {
            edit: _with_button(edit, title)
            for edit, title in (
                (self._certificate, tr("Certificate")),
                (self._key, tr("Key of the certificate")),
                (self._authority, tr("Certificate to trust")),
            )
        }
        self._row(tr("Connection"), _beside(self._chosen, self._forget), self._chosen)
        self._row(tr("Kind"), self._kind)
        self._form.addRow("", self._meaning)
        self._row(tr("Host"), self._host)
        self._row(tr("Port"), self._port)
        self._form.addRow("", self._reach)
        self._row(tr("Path"), self._path)
        self._row(tr("Jobs"), self._modes, self._observe)
        self._form.addRow("", self._mode)
        self._row(tr("Token"), self._token)
        self._row(tr("Certificate (PEM)"), self._files[self._certificate], self._certificate)
        self._row(tr("Its key, if apart"), self._files[self._key], self._key)
        self._row(tr("Certificate to trust"), self._files[self._authority], self._authority)
        self._form.addRow("", self._keep)
        self._form.addRow("", self._save)
        self._form.addRow("", self._beside)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(5 * SPACE, 5 * SPACE, 5 * SPACE, 4 * SPACE)
        layout.setSpacing(3 * SPACE)
        layout.addLayout(self._form)
        layout.addWidget(self._verdict)
        layout.addStretch(1)
        layout.addWidget(self._buttons)
        for button in (self._forget, self._test):
            button.setAutoDefault(False)
        self._connect.setDefault(True)
        self.resize(_WIDTH, 0)

    def _row(self, title: str, widget: QWidget, named: QWidget | None = None) -> None:
        (named or widget).setAccessibleName(title)
        self._form.addRow(title, widget)

    # --- what is chosen ---------------------------------------------------------------------------

    @property
    def kind(self) -> Kind:
        """The kind that is chosen."""
        return KINDS[self._kind.currentIndex()]

    def endpoint(self) -> Endpoint:
        """The source as it stands in the dialog.

        Raises:
            UserError: something is missing, or is not allowed.
        """
        kind, path = self.kind, self._path.text().strip()
        if kind.is_file:
            return parse(f"{kind.scheme}://{quote(path)}")
        host = self._host.currentText().strip()
        host = f"[{host}]" if ":" in host and not host.startswith("[") else host
        url = f"{kind.scheme}://{host}:{self._port.value()}"
        if path:
            url += "/" + path.lstrip("/")
        if kind.scheme == "beanstalkd":
            url += f"?mode={'consume' if self._consume.isChecked() else 'observe'}"
        return parse(url)

    def connection(self) -> Connection:
        """The same as it is saved.

        Raises:
            UserError: as of ``endpoint``.
        """
        kind = self.kind
        certificate = (self._certificate.text().strip(), self._key.text().strip())
        return Connection(
            self.endpoint().url,
            *(certificate if kind.has_certificate else ("", "")),
            self._authority.text().strip() if kind.has_authority else "",
        )

    @property
    def token(self) -> str:
        """The secret."""
        return self._token.text() if self.kind.has_token else ""

    @property
    def keeps_token(self) -> bool:
        """True if the secret is to be remembered."""
        return bool(self.token) and self._keep.isEnabled() and self._keep.isChecked()

    @property
    def saves(self) -> bool:
        """True if the connection is to be saved."""
        return self._save.isEnabled() and self._save.isChecked()

    @property
    def is_beside(self) -> bool:
        """True if what is open is to stay."""
        return self._beside.isEnabled() and self._beside.isChecked()

    def show_connection(self, connection: Connection) -> None:
        """Fill in a connection."""
        endpoint = parse(connection.url)
        self._kind.setCurrentIndex([kind.scheme for kind in KINDS].index(endpoint.scheme))
        self._host.setEditText(endpoint.host)
        self._port.setValue(endpoint.port)
        self._path.setText(endpoint.path)
        self._consume.setChecked(endpoint.mode == "consume")
        self._observe.setChecked(endpoint.mode != "consume")
        self._certificate.setText(connection.certificate)
        self._key.setText(connection.key)
        self._authority.setText(connection.authority)

    def show_verdict(self, works: bool, text: str) -> None:
        """What the test found."""
        self._test.setEnabled(True)
        self._verdict.setText(("✓ " if works else "✗ ") + display_text(text))
        # The button that was pressed has lost the keyboard, and Enter would cancel.
        (self._connect if works else self._test).setFocus()
        self._fit()

    # --- changes ----------------------------------------------------------------------------------

    def _fill_saved(self, place: int) -> None:
        if place > 0:
            self.show_connection(self._saved[place - 1])
            self._save.setChecked(True)
        self._refresh()

    def _forget_chosen(self) -> None:
        place = self._chosen.currentIndex()
        if place > 0:
            gone = self._saved.pop(place - 1)
            self._chosen.removeItem(place)
            self._save.setChecked(False)
            self.forget_wanted.emit(gone.url)

    def _show_kind(self) -> None:
        """Other fields for another kind."""
        kind = self.kind
        text = self._host.currentText()
        self._host.clear()
        if kind.is_listener:
            self._host.addItems([HERE, EVERYWHERE])
            self._host.setEditText(text if text in (HERE, EVERYWHERE) else HERE)
        else:
            self._host.setEditText("localhost" if text in ("", HERE, EVERYWHERE) else text)
        self._port.setValue(kind.port or 8080)
        self._path.setText("alprd" if kind.scheme == "beanstalkd" else "")
        title = self._form.labelForField(self._path)
        assert isinstance(title, QLabel)
        title.setText(kind.path)
        any_path = kind.path_is_optional
        self._path.setAccessibleName(
            tr("{path} (empty: any)", path=kind.path) if any_path else kind.path or tr("Path")
        )
        self._path.setPlaceholderText(trc("path", "any") if any_path else "")
        for widget, shown in (
            (self._meaning, bool(kind.explanation)),
            (self._reach, kind.is_listener and not kind.is_file),
            (self._host, not kind.is_file),
            (self._port, not kind.is_file),
            (self._path, bool(kind.path)),
            (self._modes, kind.scheme == "beanstalkd"),
            (self._mode, kind.scheme == "beanstalkd"),
            (self._token, kind.has_token),
            (self._keep, kind.has_token),
            (self._files[self._certificate], kind.has_certificate),
            (self._files[self._key], kind.has_certificate),
            (self._files[self._authority], kind.has_authority),
        ):
            self._form.setRowVisible(widget, shown)
        self._meaning.setText(kind.explanation)
        self._check()
        self._fit(anew=True)

    def _refresh(self) -> None:
        """What can be done with what stands there."""
        self._check()
        self._fit()

    def _check(self) -> None:
        self._mode.setText(CONSUME if self._consume.isChecked() else OBSERVE)
        self._forget.setEnabled(self._chosen.currentIndex() > 0)
        self._verdict.setText("")
        try:
            endpoint = self.endpoint()
        except UserError as error:
            is_begun = bool(self._path.text()) or not self.kind.is_file
            self._verdict.setText(display_text(str(error)) if is_begun else "")
            self._set_ready(False)
            return
        needs = self.kind.has_certificate and not self._certificate.text().strip()
        self._set_ready(not needs)
        if needs:
            self._verdict.setText(tr("Name the file of the certificate that senders are shown."))
        self._reach.setText(LOOPBACK if endpoint.is_loopback else OPEN_TO_ALL)
        self._save.setEnabled(can_be_kept(str(endpoint)))

    def _fit(self, *, anew: bool = False) -> None:
        """Grow to what the sentences need; shrink only where the fields are others than before."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        needed = layout.totalHeightForWidth(self.width())
        if anew or needed > self.height():
            self.resize(self.width(), needed)

    def showEvent(self, event: QShowEvent) -> None:
        """Fonts and widths are known now."""
        super().showEvent(event)
        self._fit()

    def _set_ready(self, on: bool) -> None:
        self._connect.setEnabled(on)
        self._test.setEnabled(on)

    def _want_test(self) -> None:
        self._test.setEnabled(False)
        self._verdict.setText(tr("Trying …"))
        self.test_wanted.emit(self.connection(), self.token)


def _beside(*widgets: QWidget) -> QWidget:
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(widgets[0], 1)
    for widget in widgets[1:]:
        layout.addWidget(widget)
    return row


def _with_button(edit: QLineEdit, title: str) -> QWidget:
    """A field for the name of a file, and the button that chooses one."""
    button = QToolButton()
    button.setText("…")
    button.setAccessibleName(tr("Choose the file: {file}", file=title))

    def choose() -> None:
        name, _ = QFileDialog.getOpenFileName(
            button.window(), title, "", tr("PEM (*.pem *.crt *.key);;All (*)")
        )
        if name:
            edit.setText(name)

    button.clicked.connect(choose)
    return _beside(edit, button)
