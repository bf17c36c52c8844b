"""Saved live sources, and their secrets."""

from __future__ import annotations

import tomllib

import keyring
import pytest
from hypothesis import given
from hypothesis import strategies as st
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from alprviewer.capture.connections import Connection, Secrets, can_be_kept, load, save
from alprviewer.core.errors import UserError

texts = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)


class Memory(KeyringBackend):
    """A keyring that works, or does not."""

    priority = 5.0
    viable = False  # keyring itself is not to choose it

    def __init__(self, fails=False):
        super().__init__()
        self.kept, self.fails = {}, fails

    def _look(self):
        if self.fails:
            raise KeyringError("locked")

    def get_password(self, service, username):
        self._look()
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self._look()
        self.kept[service, username] = password

    def delete_password(self, service, username):
        self._look()
        del self.kept[service, username]


@pytest.fixture
def use_keyring(monkeypatch):
    def use(backend):
        monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
        return backend

    return use


@given(found=st.lists(st.builds(Connection, texts, texts, texts, texts)))
def test_connections_come_back_as_they_were_saved(tmp_path_factory, found):
    path = tmp_path_factory.mktemp("c") / "folder" / "connections.toml"
    save(found, path)
    assert load(path) == found


@pytest.mark.parametrize("text", ["", "connection = 3", "[[connection]]\nurl = 3", "[[connection", "\xff"])
def test_what_is_not_understood_is_passed_over(tmp_path, text):
    path = tmp_path / "connections.toml"
    path.write_bytes(text.encode("latin-1"))
    assert load(path) == []


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="could not be saved"):
        save([], tmp_path / "file" / "connections.toml")


def test_a_secret_in_a_url_is_not_written_down():
    assert can_be_kept("ws://host:1/path")
    assert not can_be_kept("ws://host:1/path?token=abc")


def test_a_keyring_keeps_secrets(use_keyring):
    ring = use_keyring(Memory())
    assert Secrets().are_kept
    assert Secrets().keep("u", "secret")
    assert Secrets().get("u") == "secret"
    assert ring.kept == {("alprviewer", "u"): "secret"}
    Secrets().forget("u")
    assert (Secrets().get("u"), ring.kept) == ("", {})
    Secrets().forget("u")


def test_without_a_keyring_a_secret_lasts_as_long_as_the_program():
    secrets = Secrets()
    assert not secrets.are_kept, "the tests have no keyring"
    assert not secrets.keep("u", "secret")
    assert secrets.get("u") == "secret"
    assert Secrets().get("u") == ""
    secrets.forget("u")
    assert secrets.get("u") == ""


def test_a_keyring_that_fails_or_keeps_secrets_in_the_open_is_none(use_keyring):
    use_keyring(Memory(fails=True))
    secrets = Secrets()
    assert not secrets.keep("u", "secret")
    assert (secrets.get("u"), secrets.get("other")) == ("secret", "")
    secrets.forget("u")
    careless = Memory()
    careless.priority = 0.5
    use_keyring(careless)
    assert not Secrets().are_kept


def test_no_secret_is_in_the_file(tmp_path):
    path = tmp_path / "connections.toml"
    save([Connection("http-listen://127.0.0.1:1")], path)
    assert tomllib.loads(path.read_text()) == {"connection": [{"url": "http-listen://127.0.0.1:1"}]}
