"""Passwords in addresses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alprviewer.core.masking import MASK, mask_passwords


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("rtsp://root:1@192.168.0.33/axis", f"rtsp://root:{MASK}@192.168.0.33/axis"),
        ("http://a:b@c/ and http://d:e@f/", f"http://a:{MASK}@c/ and http://d:{MASK}@f/"),
        ("rtsp://root:p@ss/w:rd@host/1", f"rtsp://root:{MASK}@host/1"),
        ("rtsp://:secret@host", f"rtsp://:{MASK}@host"),
        (
            "rtsp://10.0.0.1/cam?user=admin&password=xyz&ch=1",
            f"rtsp://10.0.0.1/cam?user=admin&password={MASK}&ch=1",
        ),
        ("http://h/?PWD=a#b", f"http://h/?PWD={MASK}#b"),
        ("http://host:8080/path", "http://host:8080/path"),
        ("rtsp://root@host/1", "rtsp://root@host/1"),
        ("12:30@somewhere", "12:30@somewhere"),
        ("", ""),
    ],
)
def test_mask(text, masked):
    assert mask_passwords(text) == masked


@given(st.text(min_size=4).filter(lambda text: not any(c.isspace() for c in text)))
def test_no_password_gets_through(password):
    shown = mask_passwords(f"rtsp://root:{password}@camera.example/stream")
    assert shown == f"rtsp://root:{MASK}@camera.example/stream"
