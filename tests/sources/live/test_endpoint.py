"""URLs of live sources."""

import pytest

from alprviewer.core.errors import UsageError
from alprviewer.sources.live.endpoint import TARGET_SCHEMES, Endpoint, is_live, parse, slug


@pytest.mark.parametrize(
    ("text", "endpoint"),
    [
        ("-", Endpoint("-")),
        ("tcp://cam:9000", Endpoint("tcp", "cam", 9000)),
        ("TCP://cam:9000/", Endpoint("tcp", "cam", 9000)),
        ("tcp-listen://:9000", Endpoint("tcp-listen", "127.0.0.1", 9000)),
        ("tcp-listen://0.0.0.0:9000", Endpoint("tcp-listen", "0.0.0.0", 9000)),
        ("tcp://[::1]:9000", Endpoint("tcp", "::1", 9000)),
        ("ws://host/feed?camera=1", Endpoint("ws", "host", 80, "/feed?camera=1")),
        ("wss://host", Endpoint("wss", "host", 443)),
        ("http-listen://localhost:8080/alpr", Endpoint("http-listen", "localhost", 8080, "/alpr")),
        ("unix:///run/a%20b.sock", Endpoint("unix", path="/run/a b.sock")),
        ("beanstalkd://agent", Endpoint("beanstalkd", "agent", 11300, "alprd", "observe")),
        ("beanstalkd://agent:1/x?mode=consume", Endpoint("beanstalkd", "agent", 1, "x", "consume")),
    ],
)
def test_what_a_url_means(text, endpoint):
    assert parse(text) == endpoint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("file.jsonl", "begin with one of"),
        ("ftp://x", "begin with one of"),
        ("http://x", "begin with one of"),
        ("tcp://cam", "names no port"),
        ("tcp://:80", "names no host"),
        ("tcp://cam:99999", "no address"),
        ("tcp://cam:80/path", "host and a port alone"),
        ("tcp://[::1:80", "no address"),
        ("unix://run/x", "whole path"),
        ("unix:///" + "x" * 200, "107 bytes"),
        ("beanstalkd://h/a b", "no name of a beanstalkd tube"),
        ("beanstalkd://h/-x", "no name of a beanstalkd tube"),
        ("beanstalkd://h/x?mode=steal", "mode=observe or mode=consume"),
        ("beanstalkd://h/x?other=1", "mode=observe or mode=consume"),
        ("http-listen://:80/x?y=1", "question mark"),
        ("ws://host/#x", "means nothing"),
    ],
)
def test_what_is_no_url(text, says):
    with pytest.raises(UsageError, match=says):
        parse(text)


@pytest.mark.parametrize(
    "text", ["ws://me:secret@host/", "https-listen://secret@:80", "ws://host:x@secret@h"]
)
def test_a_secret_in_a_url_is_refused_and_not_repeated(text):
    with pytest.raises(UsageError) as refused:
        parse(text)
    assert "secret" not in str(refused.value).replace("put the secret", "")


def test_targets_are_others_than_sources():
    assert parse("https://h/x", TARGET_SCHEMES) == Endpoint("https", "h", 443, "/x")
    with pytest.raises(UsageError):
        parse("-", TARGET_SCHEMES)
    with pytest.raises(UsageError):
        parse("http-listen://:1", TARGET_SCHEMES)


@pytest.mark.parametrize("text", ["tcp://cam:9000", "unix:///x", "ws://[::1]:80/a", "beanstalkd://h:1/t"])
def test_a_url_is_shown_as_it_was_given(text):
    assert str(parse(text)) == text


def test_who_can_reach_it():
    assert parse("tcp-listen://:1").is_loopback
    assert parse("tcp-listen://localhost:1").is_loopback
    assert parse("tcp-listen://[::1]:1").is_loopback
    assert parse("unix-listen:///x").is_loopback
    assert not parse("tcp-listen://0.0.0.0:1").is_loopback
    assert not parse("http-listen://host:1").is_loopback


def test_live_names_are_told_from_files():
    assert is_live("ws://x")
    assert is_live("Beanstalkd://x")
    assert not is_live("ws:/x")
    assert not is_live("C://x")
    assert not is_live("frames.jsonl")


def test_names_of_files_are_harmless():
    assert slug("http-listen://0.0.0.0:80/../../x y\n") == "http-listen-0.0.0.0-80-..-..-x-y"
    assert slug("///") == "source"
    assert len(slug("x" * 500)) == 80
    assert parse("unix-listen:///run/alpr.sock").name == "unix-listen-run-alpr.sock"
    assert parse("-").name == "stdin"
