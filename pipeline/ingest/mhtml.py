"""A page saved with its pictures in one file (`.mht`, `.mhtml`; RFC 2557) -> the visible text of its HTML part."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy

from pipeline.ingest.html import read_html
from pipeline.ingest.refusal import refusal
from pipeline.records import Decoded

HEAD = 4096
"""Bytes in which the header of such a file says what it is."""
_HEADER = re.compile(
    rb"\A\s*(?:[A-Za-z][A-Za-z-]*:[^\n]*\n(?:[ \t][^\n]*\n)*)*?Content-Type:\s*multipart/(?:related|alternative)", re.IGNORECASE
)


def looks_like_mhtml(content: bytes) -> bool:
    """Whether a file is a message whose parts belong together, as browsers save a page."""
    return bool(_HEADER.match(content[:HEAD]))


def read_mhtml(content: bytes, name: str) -> Decoded:
    """Reads the first HTML part, which is the page itself. Raises QuarantineError where there is none or it has no text."""
    message = message_from_bytes(content, policy=policy.compat32)
    pages = (part.get_payload(decode=True) for part in message.walk() if part.get_content_type() == "text/html")
    page = next((page for page in pages if isinstance(page, bytes) and page.strip()), None)
    if page is None:
        raise refusal(name, "a saved page (MHTML) without an HTML part", "a page", "open the page and save it as HTML")
    return replace(read_html(page, name), media_type="multipart/related")
