"""The dialog that connects: every kind of source, knowingly."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit

from alprviewer.capture.connections import Connection
from alprviewer.sources.live.endpoint import SOURCE_SCHEMES, parse
from alprviewer.views.live.connectdialog import ConnectDialog
from alprviewer.views.live.kinds import KINDS
from tests.app.test_accessibility import nameless

SAVED = [
    Connection("beanstalkd://agent:11301/plates?mode=consume"),
    Connection("https-listen://0.0.0.0:8443/alpr", "/c.pem", "/k.pem"),
    Connection("unix:///run/alpr.sock"),
]


@pytest.fixture
def make(qtbot):
    def factory(saved=SAVED, *, has_keyring=True, is_open=False):
        dialog = ConnectDialog(saved, has_keyring=has_keyring, is_open=is_open)
        qtbot.addWidget(dialog)
        with qtbot.waitExposed(dialog):
            dialog.show()
        return dialog

    return factory


@pytest.fixture
def dialog(make):
    return make()


def choose(dialog, scheme):
    dialog._kind.setCurrentIndex([kind.scheme for kind in KINDS].index(scheme))


def words(dialog) -> str:
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def test_every_scheme_can_be_chosen(dialog):
    assert {kind.scheme for kind in KINDS} == set(SOURCE_SCHEMES)
    for kind in KINDS:
        choose(dialog, kind.scheme)
        if kind.is_file:
            dialog._path.setText("/run/a b.sock")
        if kind.has_certificate:
            assert not dialog._connect.isEnabled()
            dialog._certificate.setText("/c.pem")
        assert dialog.endpoint().scheme == kind.scheme
        assert dialog._connect.isEnabled(), dialog._verdict.text()
        assert nameless(dialog) == []
        assert dialog._token.isVisible() == kind.has_token


@pytest.mark.parametrize("place", range(len(SAVED)))
def test_a_saved_connection_comes_back_whole(dialog, place):
    dialog._chosen.setCurrentIndex(place + 1)
    assert dialog.connection() == SAVED[place]
    assert dialog.saves


def test_a_saved_connection_is_forgotten(dialog, qtbot):
    dialog._chosen.setCurrentIndex(1)
    with qtbot.waitSignal(dialog.forget_wanted) as forgotten:
        qtbot.mouseClick(dialog._forget, Qt.MouseButton.LeftButton)
    assert forgotten.args == [SAVED[0].url]
    assert dialog._chosen.count() == len(SAVED)


def test_it_says_what_becomes_of_the_jobs(dialog, qtbot):
    choose(dialog, "beanstalkd")
    assert dialog.endpoint() == parse("beanstalkd://localhost/alprd?mode=observe")
    assert "stay in the queue" in words(dialog)
    qtbot.keyClick(dialog._consume, Qt.Key.Key_Space)
    assert "deleted from the queue once it is safe" in words(dialog)
    assert dialog.endpoint().mode == "consume"


@pytest.mark.parametrize("scheme", ["tcp", "tcp-listen", "ws", "unix"])
def test_it_says_where_there_is_no_acknowledgement(dialog, scheme):
    choose(dialog, scheme)
    assert "has no acknowledgement" in words(dialog)


def test_it_says_who_can_connect(dialog, qtbot):
    choose(dialog, "http-listen")
    assert "Only programs on this machine" in words(dialog)
    dialog._host.setEditText("0.0.0.0")
    assert "Every machine that can reach this one" in words(dialog)
    choose(dialog, "ws")
    assert "Every machine" not in words(dialog)


def test_the_token_is_masked_and_remembered_only_where_that_is_possible(make, qtbot):
    dialog = make()
    assert dialog._token.echoMode() is QLineEdit.EchoMode.Password
    qtbot.keyClicks(dialog._token, "sesame")
    assert not dialog.keeps_token
    dialog._keep.click()
    assert (dialog.token, dialog.keeps_token) == ("sesame", True)
    choose(dialog, "tcp")
    assert (dialog.token, dialog.keeps_token) == ("", False)
    without = make(has_keyring=False)
    assert "no keyring" in without._keep.text()
    assert not without._keep.isEnabled()


def test_what_is_wrong_is_said_and_nothing_can_be_pressed(dialog):
    choose(dialog, "tcp")
    dialog._host.setEditText("")
    assert "names no host" in dialog._verdict.text()
    assert not dialog._connect.isEnabled()
    assert not dialog._test.isEnabled()
    choose(dialog, "ws")
    dialog._path.setText("x?token=abc")
    assert not dialog._save.isEnabled(), "a secret is written down nowhere"


def test_it_is_tested_before_it_is_connected(dialog, qtbot):
    with qtbot.waitSignal(dialog.test_wanted) as wanted:
        qtbot.mouseClick(dialog._test, Qt.MouseButton.LeftButton)
    assert wanted.args == [Connection("http-listen://127.0.0.1:8080"), ""]
    assert not dialog._test.isEnabled()
    dialog.show_verdict(False, "It is\ntaken.")
    assert dialog._verdict.text().startswith("✗ It is")
    assert "\n" not in dialog._verdict.text()
    assert dialog._test.isEnabled()


def test_beside_what_is_open(make):
    assert not make().is_beside
    assert make(is_open=True).is_beside


def test_enter_connects(dialog, qtbot):
    dialog._token.setFocus()
    qtbot.keyClick(dialog._token, Qt.Key.Key_Return)
    assert dialog.result() == QDialog.DialogCode.Accepted
    assert dialog.findChild(QDialogButtonBox) is not None


def test_no_sentence_is_cut(dialog, qtbot):
    for kind in KINDS:
        choose(dialog, kind.scheme)
        dialog._host.setEditText("0.0.0.0" if kind.is_listener else "h")
        qtbot.wait(1)
        for label in dialog.findChildren(QLabel):
            if label.isVisible() and label.text():
                assert label.height() >= label.heightForWidth(label.width()) - 1, (kind.scheme, label.text())
