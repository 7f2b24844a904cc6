"""What the asset `evaluation` tells beside its rows, and when its check stops a run."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from pipeline import tables
from pipeline.assets import evaluation
from pipeline.evaluation import gold_folder, gold_sets, gold_version, report_names


def made(right: int, false: int) -> pl.DataFrame:
    """The table as it is when so many observations of the seeds are right and false, all of one indicator."""
    counts = {
        "rows_right": right,
        "rows_false": false,
        "rows_missed": 1,
        "precision": right / (right + false),
        "recall": right / (right + 1),
    }
    return tables.frame("evaluation", [{"gold_set": "seeds", "code": code, **counts} for code in ("", "counsel.advisors")], check=True)


def test_a_run_whose_precision_is_below_the_floor_of_the_seeds_is_stopped() -> None:
    (sentence,) = evaluation.below_floor({"evaluation": made(94, 6)})
    assert sentence.startswith("seeds: precision 0.9400 is below the floor of 0.95")
    assert evaluation.below_floor({"evaluation": made(95, 5)}) == []
    assert evaluation.CHECK.spec.blocking


def test_the_metadata_has_the_totals_and_the_worst_indicators() -> None:
    told = evaluation.told(made(95, 5))
    assert told["seeds/precision"].value == 0.95 and told["seeds/recall"].value == 0.9896
    assert told["worst_indicators"].value.splitlines()[2:] == ["| seeds | counsel.advisors | 95 | 5 | 1 |"]
    assert evaluation.told(tables.frame("evaluation", [])) == {
        "worst_indicators": told["worst_indicators"].__class__("Nothing false, nothing missed.")
    }


def test_the_table_is_made_with_the_gold_files_of_the_product() -> None:
    folder = gold_folder()
    assert folder is not None
    seeds = next(each for each in gold_sets(folder) if each.name == "seeds")
    ids = {name: report_id for report_id, name in report_names(folder).items()}
    required = [fact for fact in seeds.rows if not fact.optional]
    observations = pl.DataFrame(
        [
            {
                "report_id": ids[fact.report],
                "code": fact.codes[0],
                "year": fact.year,
                "value": fact.value,
                "value_high": fact.value_high,
                "comparator": fact.comparator,
                "status": fact.status,
            }
            for fact in required
        ],
        infer_schema_length=None,
    )
    reports = pl.DataFrame({"report_id": sorted({ids[fact.report] for fact in required})})
    total = evaluation.make({"reports": reports, "observations": observations}).row(0, named=True)
    assert total == {
        "gold_set": "seeds", "code": "", "rows_right": len(required), "rows_false": 0, "rows_missed": 0, "precision": 1.0, "recall": 1.0,
    }  # fmt: skip


def test_a_change_of_the_gold_files_makes_the_table_out_of_date(tmp_path: Path) -> None:
    assert evaluation.version() == gold_version(gold_folder())
    (tmp_path / "sets.yaml").write_text("{}", encoding="utf-8")
    before = gold_version(tmp_path)
    (tmp_path / "sets.yaml").write_text("{ }", encoding="utf-8")
    assert gold_version(tmp_path) != before
    assert gold_version(None) == ""
