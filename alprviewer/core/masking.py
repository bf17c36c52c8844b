"""Passwords in addresses, hidden before anything is shown: heartbeats carry those of the cameras."""

from __future__ import annotations

import re

MASK = "••••"

_user_and_password = re.compile(r"(?<=://)([^\s/:@]*):[^\s]*@")
"""To the last ``@``: people write passwords with ``@`` and ``/`` unescaped. It rather hides too much."""
_password_member = re.compile(
    r"([?&;](?:pass|passwd|password|pwd|pw|token|secret|auth|key|api_?key)=)[^&;#\s]+", re.IGNORECASE
)


def mask_passwords(text: str) -> str:
    """The text with the passwords of its addresses hidden: ``rtsp://root:••••@camera/1``."""
    if "://" not in text:
        return text
    text = _user_and_password.sub(rf"\1:{MASK}@", text)
    return _password_member.sub(rf"\1{MASK}", text)
