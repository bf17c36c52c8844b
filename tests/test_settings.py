"""The settings file."""

import os
import subprocess
import sys
import tomllib
from dataclasses import fields

import pytest

from alprviewer import settings
from alprviewer.core.errors import UserError
from alprviewer.language import VARIABLE
from alprviewer.settings import Settings, checked, load, save


@pytest.fixture
def path(tmp_path):
    return tmp_path / "deep" / "settings.toml"


def test_defaults_where_there_is_no_file(path):
    assert load(path) == Settings()


def test_what_is_saved_is_loaded(path):
    changed = Settings(theme="dark", zone="local", restore=False, image_folders=("/a b", "c"), recent_files=3)
    save(changed, path)
    assert load(path) == changed
    assert [each.name for each in path.parent.iterdir()] == ["settings.toml"]
    save(Settings(), path)
    assert load(path) == Settings()


def test_the_default_place_is_the_users_own(monkeypatch, tmp_path):
    assert settings.config_file().name == "settings.toml"
    assert settings.config_file().parent.name == settings.cache_folder().name == "alprviewer"
    assert settings.state_folder().name == "alprviewer"
    save(Settings(theme="light"))
    try:
        assert load().theme == "light"
    finally:
        settings.config_file().unlink()


def test_unknown_names_are_left_to_newer_versions():
    assert checked({"theme": "dark", "of_the_future": 5}, "here") == Settings(theme="dark")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ('language = "de"', "de"),
        ("", "system"),
        ("= = =", "system"),
        ("language = 3", "3"),
        ("\xff", "system"),
    ],
)
def test_the_wanted_language_is_read_without_a_word(monkeypatch, tmp_path, text, language):
    path = tmp_path / "settings.toml"
    monkeypatch.setattr(settings, "config_file", lambda: path)
    assert settings.wanted_language() == "system"
    path.write_bytes(text.encode("latin-1"))
    assert settings.wanted_language() == language


def test_settings_that_cannot_be_read_are_complained_of_in_the_language_of_the_system(tmp_path):
    folder = tmp_path / "alprviewer"
    folder.mkdir()
    (folder / "settings.toml").write_text("= = =")
    code = """
import sys
from alprviewer.__main__ import _speak
sys.argv[1:] = []
_speak("")
from alprviewer.core.errors import UserError
from alprviewer.language import spoken
from alprviewer.settings import load
try:
    load()
except UserError as error:
    print(spoken(), bool(str(error)))
"""
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "LANG": "de_DE.UTF-8"}
    for name in (VARIABLE, "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        environment.pop(name, None)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True, env=environment
    )
    assert (done.stdout, done.stderr) == ("de True\n", "")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("theme", "blue", "system or light or dark"),
        ("theme", 5, "expected"),
        ("zone", "utc", "UTC or local"),
        ("restore", "yes", "bool"),
        ("restore", 1, "bool"),
        ("recent_files", True, "int"),
        ("recent_files", 1.5, "int"),
        ("image_folders", "x", "tuple"),
        ("image_folders", [1], "tuple"),
    ],
)
def test_a_wrong_value_is_told(name, value, words):
    with pytest.raises(UserError) as caught:
        checked({name: value}, "settings.toml")
    assert str(caught.value).startswith(f"settings.toml: {name} is ")
    assert words in str(caught.value)


@pytest.mark.parametrize("data", [b"theme = ", b"\xff\xfe", b"[theme]\n", b"theme"])
def test_a_file_that_cannot_be_read(path, data):
    path.parent.mkdir()
    path.write_bytes(data)
    with pytest.raises(UserError, match=str(path)):
        load(path)


def test_a_folder_in_the_files_place(path):
    path.mkdir(parents=True)
    with pytest.raises(UserError, match="cannot be read"):
        load(path)
    with pytest.raises(UserError, match="could not be saved"):
        save(Settings(), path)


def test_a_place_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="could not be saved"):
        save(Settings(), tmp_path / "file" / "settings.toml")


def test_every_setting_says_what_it_means_and_can_be_written(path):
    for item in fields(Settings):
        assert item.metadata["help"].endswith(".")
        choices = item.metadata["choices"]
        assert not choices or getattr(Settings(), item.name) in choices
    save(Settings(), path)
    assert set(tomllib.loads(path.read_text())) == {item.name for item in fields(Settings)}
