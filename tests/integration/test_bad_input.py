"""A folder of downloads as it comes: what cannot become a report is quarantined with a reason, and the rest goes through."""

from __future__ import annotations

import io
import resource
import shutil
import zipfile

import polars as pl
import pytest

from tests.conftest import REPOSITORY, fazhi_process_in
from tests.integration.tables import lake_table
from tests.unit.ingest.rendering import Report, pdf, word

SEED = REPOSITORY / "data/raw/seeds/000_5294964d9a8dd071.txt"
REPORT = Report("某市2020年法治政府建设情况报告", "某市人民政府", "省人民政府：", ("全年收到行政复议申请98件，全部按时办结。",) * 20)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
MEGABYTES = 2048


def package(document: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
    return stream.getvalue()


def looping_pdf(kids: str, content: str = "") -> bytes:
    """A PDF written by hand: `kids` are the children of its page tree, `content` what its page draws (form 5 draws itself)."""
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /XObject << /F 5 0 R >> >> /Length 12 >>\n"
        "stream\n/F Do /F Do \nendstream",
    ]
    written, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size = len(parts) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return (written + end).encode()


ENTITIES = '<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
BAD: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "an empty file"),
    "blank.html": (b"<html><body> </body></html>", "without visible text"),
    "truncated.docx": (word(REPORT)[:9000], "damaged ZIP package"),
    "truncated.pdf": (b"%PDF-1.7\n" + bytes(200), "damaged PDF"),
    "locked.pdf": (pdf(REPORT, encrypt="secret"), "locked with a password"),
    "locked.docx": (OLE + "EncryptedPackage".encode("utf-16-le"), "locked with a password"),
    "old.doc": (OLE + "WordDocument".encode("utf-16-le"), "legacy Word or WPS document"),
    "scan.pdf": (looping_pdf("3 0 R"), "the PDF is a scan"),
    "picture.jpg": (b"\xff\xd8\xff\xe0" + bytes(500), "OCR"),
    "deep.html": (b"<div>" * 50_000 + "全年收到申请98件。".encode(), "nested deeper"),
    "deep.docx": (package(f"<w:document {W}><w:body>{'<w:sdt>' * 240}{'</w:sdt>' * 240}</w:body></w:document>"), "nested deeper"),
    "zip-bomb.docx": (package(f"<w:document {W}>{' ' * (65 << 20)}</w:document>"), "unpacked"),
    "entity-bomb.docx": (package(f"<!DOCTYPE x [{ENTITIES}]><w:document {W}>&i;</w:document>"), "declares entities"),
    "never-closes.html": (('<html><body><div><p title="全年收到申请98件。' * 20_000).encode(), "nested deeper"),
    "page-tree-loops.pdf": (looping_pdf("2 0 R"), "PDF"),
    "form-loops.pdf": (looping_pdf("3 0 R", "/F Do"), "crashed or took longer"),
    "random.bin": (bytes(range(256)) * 40, "expected"),
}
HUGE = 200 * 1024 * 1024


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    """The table `raw_files` after one run over all of them, and three that are sound."""
    root = tmp_path_factory.mktemp("bad")
    folder = root / "data/raw/下载"
    folder.mkdir(parents=True)
    for name, (content, _) in BAD.items():
        (folder / name).write_bytes(content)
    with (folder / "huge.txt").open("wb") as huge:
        huge.truncate(HUGE)
    shutil.copy(SEED, folder / "sound.txt")
    (folder / "sound.pdf").write_bytes(pdf(REPORT))
    (folder / "sound.docx").write_bytes(word(REPORT).replace(b"98", b"97"))
    listed = [*BAD, "huge.txt", "sound.txt", "sound.pdf", "sound.docx", "missing.txt", "../outside.txt", "twice.txt", "twice.txt"]
    (folder / "twice.txt").write_bytes(SEED.read_bytes())
    (folder / "manifest.csv").write_text("path\n" + "\n".join(listed) + "\n", encoding="utf-8")
    done = fazhi_process_in(root)("run")  # which ends within two minutes, or the test does
    assert done.returncode == 0, done.stderr
    return lake_table(root, "raw_files")


def reason(files: pl.DataFrame, path: str) -> str:
    (row,) = files.filter(path=path).to_dicts()
    assert row["status"] == "quarantined", row
    return str(row["reason"])


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_become_a_report_is_quarantined_with_the_reason(files: pl.DataFrame, name: str) -> None:
    said = reason(files, name)
    assert BAD[name][1] in said
    assert "; " in said or ": " in said  # what to do stands behind what was found


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("huge.txt", f"{HUGE:,} bytes"),
        ("missing.txt", "it is not there"),
        ("manifest.csv line 24", "leads out of the collection's folder"),
        ("twice.txt", "lists this path 2 times"),
    ],
)
def test_a_manifest_that_does_not_fit_the_folder_is_told_file_by_file(files: pl.DataFrame, path: str, says: str) -> None:
    assert says in reason(files, path)


def test_the_sound_files_of_the_same_collection_go_through(files: pl.DataFrame) -> None:
    assert sorted(files.filter(status="parsed")["path"]) == ["sound.docx", "sound.pdf", "sound.txt"]
    assert files.height == len(BAD) + 7


def test_no_process_took_more_memory_than_it_may(files: pl.DataFrame) -> None:
    assert files.height
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < MEGABYTES * 1024
