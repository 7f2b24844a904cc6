"""What holds across collections: copies of one report count once, whatever was run first; and a collection may have a Chinese name."""

from __future__ import annotations

import shutil
from pathlib import Path

import polars as pl

from tests.conftest import REPOSITORY, Fazhi, fazhi_in, fazhi_process_in
from tests.integration.tables import lake_table, lake_tables, snapshot

SEED = REPOSITORY / "data/raw/seeds/000_5294964d9a8dd071.txt"
TABLES = ("reports", "duplicates", "panel", "vintages", "targets", "coverage", "observations")


def deliver(root: Path, collection: str, name: str, text: str, day: str) -> None:
    folder = root / "data/raw" / collection
    folder.mkdir(parents=True)
    (folder / name).write_text(text, encoding="utf-8")
    (folder / "manifest.csv").write_text(f"path,retrieved_at\n{name},{day}\n", encoding="utf-8")


def two_copies(root: Path) -> None:
    """The page as it was saved, and later, on another site, with a line more and the figure of its visitors changed."""
    text = SEED.read_text(encoding="utf-8")
    deliver(root, "浙江", "报告.txt", text, "2024-03-02")
    deliver(root, "a-later-copy", "a.txt", text + "\n特此说明,有关数据以本报告为准。\n", "2024-05-01")
    deliver(root, "z-earlier-copy", "z.txt", text.replace("\n", "\r\n"), "2024-01-01")


def run(fazhi: Fazhi, *arguments: str) -> None:
    done = fazhi("run", *arguments)
    assert done.returncode == 0, done.stderr


def outcome(root: Path) -> dict[str, pl.DataFrame]:
    tables = lake_tables(root)
    return {name: tables[name] for name in TABLES}


def test_of_copies_in_several_collections_the_earliest_counts_whichever_was_run_first(tmp_path: Path) -> None:
    results = []
    for number, order in enumerate([(), ("浙江", "a-later-copy")]):
        root = tmp_path / str(number)
        two_copies(root)
        for collection in order:
            run(fazhi_in(root), "--collection", collection)
        # The last one in another process too, in which sets have another order.
        run(fazhi_process_in(root) if order else fazhi_in(root))
        results.append(outcome(root))
    first = results[0]
    for other in results[1:]:
        for name in TABLES:
            assert other[name].equals(first[name]), name
    ids = dict(first["reports"].select("collection", "report_id").iter_rows())
    earliest = ids["z-earlier-copy"]
    assert dict(first["duplicates"].select("report_id", "duplicate_of").iter_rows()) == {
        ids["浙江"]: earliest,
        ids["a-later-copy"]: earliest,
    }
    assert dict(first["reports"].select("collection", "duplicate_of").iter_rows()) == {
        "浙江": earliest,
        "a-later-copy": earliest,
        "z-earlier-copy": None,
    }
    assert first["panel"]["report_id"].unique().to_list() == [earliest]
    assert first["panel"]["vintages"].unique().to_list() == [1]
    assert first["observations"]["report_id"].n_unique() == 3


def test_a_copy_counts_again_when_the_earlier_one_is_gone_and_a_run_with_nothing_new_writes_nothing(tmp_path: Path) -> None:
    two_copies(tmp_path)
    fazhi = fazhi_in(tmp_path)
    run(fazhi)
    written = snapshot(tmp_path)
    run(fazhi)
    assert snapshot(tmp_path) == written
    for gone in ("z-earlier-copy", "a-later-copy"):
        shutil.rmtree(tmp_path / "data/raw" / gone)
    run(fazhi)
    tables = lake_tables(tmp_path)
    assert tables["duplicates"].height == 0
    assert tables["reports"].select("collection", "duplicate_of").rows() == [("浙江", None)]
    assert tables["panel"].height > 0


def test_a_collection_may_have_a_chinese_name(tmp_path: Path) -> None:
    fazhi = fazhi_in(tmp_path)
    (tmp_path / "data/raw").mkdir(parents=True)
    added = fazhi_process_in(tmp_path)("add", SEED, "--collection", "浙江-2017年度")
    assert added.returncode == 0, added.stderr
    run(fazhi, "--collection", "浙江-2017年度")
    assert lake_table(tmp_path, "reports")["collection"].to_list() == ["浙江-2017年度"]
    asked = fazhi("query", "SELECT count(*) AS n FROM quantities WHERE collection = '浙江-2017年度'", "--format", "csv")
    assert int(asked.stdout.split()[-1]) > 20
    refused = fazhi("add", SEED, "--collection", "浙江 2017")
    assert refused.returncode != 0
    assert "cannot name a collection" in refused.stderr
