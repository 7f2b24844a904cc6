"""What a file is, is told by its content; what cannot be read is refused with what was found, what was expected and what to do."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import decode
from pipeline.ingest.decode import LARGEST_FILE, LONGEST_TEXT, MOST_PARTS
from pipeline.records import Decoded, QuarantineError

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def package(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return stream.getvalue()


REFUSED = [
    (b"", "an empty file, expected a report; fetch it again"),
    (b" \r\n\t", "an empty file"),
    (OLE + "WordDocument".encode("utf-16-le"), "legacy Word or WPS document.* save it as DOCX or PDF"),
    (OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password.* remove the password"),
    (OLE + "Workbook".encode("utf-16-le"), "legacy Excel workbook"),
    (OLE, "a legacy Office file"),
    (b"{\\rtf1\\ansi}", "RTF document.* save it as DOCX"),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "PNG picture.* OCR"),
    (b"\xff\xd8\xff\xe0" + bytes(50), "JPEG picture.* OCR"),
    (b"Rar!\x1a\x07\x00" + bytes(50), "RAR archive.* unpack it"),
    (package("xl/workbook.xml"), "Excel workbook"),
    (package("OFD.xml"), "OFD document.* PDF"),
    (package("content.xml", "mimetype"), "OpenDocument file"),
    (package("a.txt"), "ZIP archive.* unpack it"),
    (package("word/document.xml")[:60], "damaged ZIP package"),
    (bytes(range(256)) * 8, "expected"),
]


@pytest.mark.parametrize(("content", "message"), REFUSED, ids=[message[:30] for _, message in REFUSED])
def test_what_cannot_be_read_is_refused_with_the_reason_and_the_way_out(content: bytes, message: str) -> None:
    with pytest.raises(QuarantineError, match=message) as refused:
        decode(content, "某市报告.doc")
    assert str(refused.value).startswith("某市报告.doc: ")


def test_a_file_beyond_the_bound_is_not_even_looked_at() -> None:
    with pytest.raises(QuarantineError, match=f"expected at most {LARGEST_FILE}"):
        decode(b"%PDF-1.7 " + bytes(LARGEST_FILE), "big.pdf")


def test_a_text_beyond_the_bound_is_refused() -> None:
    with pytest.raises(QuarantineError, match=f"expected at most {LONGEST_TEXT}"):
        decode("收到申请。".encode() * (LONGEST_TEXT // 5 + 1), "long.txt")


def test_a_package_of_too_many_parts_is_refused() -> None:
    with pytest.raises(QuarantineError, match=f"expected at most {MOST_PARTS}"):
        decode(package("word/document.xml", *(f"word/{i}.xml" for i in range(MOST_PARTS))), "many.docx")


def test_the_format_is_told_by_content_whatever_the_file_is_called() -> None:
    page = "<html><body><p>收到行政复议申请98件，全部办结。</p></body></html>".encode()
    assert decode(page, "报告.pdf").media_type == "text/html"
    assert decode("收到行政复议申请98件，全部办结。".encode(), "报告.docx").media_type == "text/plain"


def test_a_text_that_speaks_of_tags_is_no_page() -> None:
    assert decode("行政处罚<简易程序>案件120件，<普通程序>案件30件。".encode(), "a").media_type == "text/plain"


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_are_read_or_refused_and_nothing_else(content: bytes) -> None:
    try:
        decoded = decode(content, "random")
    except QuarantineError as error:
        assert "expected" in str(error)
    else:
        assert isinstance(decoded, Decoded)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\xff\xfe", b"\xef\xbb\xbf"]), st.binary(max_size=300))
def test_a_known_beginning_with_rubbish_behind_it_is_read_or_refused(start: bytes, content: bytes) -> None:
    try:
        decode(start + content, "rubbish")
    except QuarantineError as error:
        assert "expected" in str(error)
