"""Pages that a browser saved in one file."""

from __future__ import annotations

import quopri
from base64 import encodebytes

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import decode
from pipeline.ingest.mhtml import looks_like_mhtml, read_mhtml
from pipeline.records import QuarantineError

PAGE = '<html><head><meta charset="gb2312"></head><body><p>全年收到行政复议申请98件。</p><img src="a.png"></body></html>'
PICTURE = (
    b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-Location: https://a.gov.cn/a.png\r\n\r\niVBORw0KGgo=\r\n"
)


def saved(*parts: bytes, kind: str = "related") -> bytes:
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://a.gov.cn/1.html\r\nSubject: =?utf-8?Q?=E6=B3=95?=\r\n"
        f'MIME-Version: 1.0\r\nContent-Type: multipart/{kind};\r\n\ttype="text/html";\r\n\tboundary="--b"\r\n\r\n'
    )
    return head.encode() + b"".join(b"\r\n----b\r\n" + part for part in parts) + b"\r\n----b--\r\n"


def page(encoding: str, transfer: str) -> bytes:
    content = PAGE.encode(encoding)
    body = quopri.encodestring(content) if transfer == "quoted-printable" else encodebytes(content)
    return f"Content-Type: text/html\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n".encode() + body


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_the_page_in_a_saved_file_is_read_as_a_page(encoding: str, transfer: str) -> None:
    decoded = decode(saved(PICTURE, page(encoding, transfer)), "保存.mht")
    assert (decoded.text, decoded.media_type, decoded.encoding) == ("全年收到行政复议申请98件。", "multipart/related", encoding)


def test_a_saved_file_without_a_page_is_refused_with_the_way_out() -> None:
    with pytest.raises(QuarantineError, match=r"without an HTML part.* save it as HTML"):
        decode(saved(PICTURE), "a.mht")


def test_a_text_with_colons_is_no_saved_page() -> None:
    assert not looks_like_mhtml("标题: 报告\nContent-Type: text/html\n\n全年收到98件。".encode())


@settings(max_examples=60)
@given(st.integers(0, 900), st.binary(max_size=20))
def test_a_damaged_saved_page_is_read_or_refused(place: int, noise: bytes) -> None:
    content = saved(page("utf-8", "base64"), PICTURE)
    try:
        read_mhtml(content[:place] + noise + content[place + len(noise) :], "a.mht")
    except QuarantineError as error:
        assert "expected" in str(error)
