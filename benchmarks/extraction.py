"""How fast numbers are read, and how well, beside libraries that read numbers too (all figures from one run on the same text)."""

from __future__ import annotations

import gc
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

import pipeline.clean.lines
from pipeline import clean, coding, extract, ingest, parse
from pipeline.extract.layout import layout
from pipeline.extract.scan import scan
from pipeline.records import Quantity, Section

REPOSITORY = Path(__file__).parents[1]
SEEDS = REPOSITORY / "data" / "raw" / "seeds"
GOLD = REPOSITORY / "tests" / "gold" / "seeds.quantities.jsonl"
Spans = list[tuple[int, int]]


OTHER = "recognizers-text, number + percent + currency"


@dataclass(frozen=True, slots=True)
class Speed:
    """The best time of a step in seconds, and how many times as fast as the other library it is (the median of the rounds)."""

    seconds: float
    ratio: float | None


def bodies() -> dict[str, str]:
    """File name -> body of every seed."""
    return {path.name: clean.clean(ingest.decode(path.read_bytes(), path.name)).body.text for path in sorted(SEEDS.glob("*.txt"))}


def seconds(work: Callable[[], object], rounds: int = 15) -> float:
    """The best of several rounds, with the garbage collector at rest."""
    best = float("inf")
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            begin = time.perf_counter()
            work()
            best = min(best, time.perf_counter() - begin)
    finally:
        gc.enable()
    return best


def alternated(steps: Mapping[str, Callable[[], object]], other: Callable[[], object] | None, rounds: int = 9) -> dict[str, Speed]:
    """The steps and, in between, the other: on a machine that others use, only what is measured within seconds can be compared."""
    spent: dict[str, list[float]] = {name: [] for name in steps}
    others: list[float] = []
    for _ in range(rounds):
        if other is not None:
            others.append(seconds(other, rounds=1))
        for name, step in steps.items():
            spent[name].append(seconds(step, rounds=5))
    ratios = {name: [b / a for a, b in zip(times, others, strict=False)] for name, times in spent.items()}
    found = {name: Speed(min(times), median(ratios[name]) if others else None) for name, times in spent.items()}
    return {**found, OTHER: Speed(min(others), 1.0)} if others else found


def read_all(texts: Sequence[str]) -> list[list[Quantity]]:
    return [extract.read_numbers(text, parse.sections(text), extract.Context(2021))[1] for text in texts]


def whole(files: Sequence[tuple[str, bytes]]) -> int:
    """Raw bytes to observations in the three steps of `pipeline.batch.extract_files` and of the assets, without tables: every file is
    read, then its numbers, then what they mean."""
    reports = [read(name, content) for name, content in files]
    counted = [extract.read_numbers(text, sections, context)[1] for text, sections, context in reports]
    found = [coding.observe(*report, quantities) for report, quantities in zip(reports, counted, strict=True)]
    return sum(map(len, found))


def read(name: str, content: bytes) -> tuple[str, list[Section], extract.Context]:
    """The body of a file, its headings, and what its numbers are read by."""
    cleaned = clean.clean(ingest.decode(content, name))
    sections = parse.sections(cleaned.body.text)
    found = parse.metadata(cleaned, sections, name, "").metadata
    return cleaned.body.text, sections, extract.Context(found.report_year, found.target_year, found.document_type)


def recognizers() -> Callable[[str], Spans] | None:
    """ms-recognizers-text: number, percent and currency; None where it is not installed (`make bench` installs it)."""
    try:
        from recognizers_number import recognize_number, recognize_percentage
        from recognizers_number_with_unit import recognize_currency
    except ImportError:
        return None

    def spans(text: str) -> Spans:
        found = [*recognize_number(text, "zh-cn"), *recognize_percentage(text, "zh-cn"), *recognize_currency(text, "zh-cn")]
        return [(hit.start, hit.end + 1) for hit in found]

    return spans


def values_read() -> list[tuple[str, float]]:
    """(library, share of the gold quantities whose value it gets from the quotation alone); what is not installed is left out."""
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if not row.get("optional")]
    readers: dict[str, Callable[[str], float]] = {"fazhi": _read_alone}
    try:
        import cn2an

        readers["cn2an"] = lambda quote: float(re.findall(r"\d+(?:\.\d+)?", cn2an.transform(quote, "cn2an"))[0])
    except ImportError:
        pass
    try:
        import jionlp

        readers["jionlp (parse_money)"] = lambda quote: float(jionlp.parse_money(quote if "元" in quote else quote + "元")["num"])
    except ImportError:
        pass
    shares = []
    for name, reader in readers.items():
        right = 0
        for row in rows:
            try:
                right += abs(reader(row["quote"]) - row["value"]) <= 1e-6 * max(1.0, abs(row["value"]))
            except Exception:
                continue
        shares.append((name, right / len(rows)))
    return shares


def _read_alone(quote: str) -> float:
    body = pipeline.clean.lines.read_lines(quote)[0][0].text
    return extract.read_numbers(f"共{body}。", [], extract.Context(2021))[1][0].value


def gold_spans(texts: dict[str, str]) -> dict[str, list[str]]:
    """File name -> the numbers of the gold quantities, as written in the body."""
    numbers: dict[str, list[str]] = {name: [] for name in texts}
    for line in GOLD.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["report"] in numbers and not row.get("optional"):
            digits = re.search(r"[\d,.]+|[零一二三四五六七八九十百千万两半]+", row["quote"])
            if digits:
                numbers[row["report"]].append(digits[0])
    return numbers


def accuracy(find: Callable[[str], Spans], texts: dict[str, str]) -> tuple[float, float]:
    """(share of gold quantities whose number is among the spans found, share of the spans found that are gold numbers)."""
    right = total = returned = 0
    for name, numbers in gold_spans(texts).items():
        left = list(numbers)
        spans = find(texts[name])
        returned += len(spans)
        total += len(numbers)
        for start, end in spans:
            hit = next((n for n in left if n in texts[name][start:end]), None)
            if hit is not None:
                left.remove(hit)
                right += 1
    return right / total, right / returned if returned else 0.0


def main() -> None:
    """Print characters per second of each step and each library, and what each library finds of the gold."""
    texts = bodies()
    files = [(path.name, path.read_bytes()) for path in sorted(SEEDS.glob("*.txt"))]
    everything = list(texts.values())
    characters = sum(map(len, everything))
    whole(files)
    bare = re.compile(r"\d+(?:\.\d+)?")
    steps: dict[str, Callable[[], object]] = {
        "bare regular expression": lambda: [list(bare.finditer(text)) for text in everything],
        "numerals with dispositions": lambda: [scan(text, layout(text)) for text in everything],
        "raw bytes to body": lambda: [clean.clean(ingest.decode(content, name)) for name, content in files],
        "body to quantities": lambda: read_all(everything),
        "raw bytes to observations": lambda: whole(files),
    }
    theirs = recognizers()
    first = seconds(lambda: [theirs(text) for text in everything], rounds=1) if theirs else None
    found_speeds = alternated(steps, (lambda: [theirs(text) for text in everything]) if theirs else None)
    table = Table(
        "step", "ms per 5,000 characters", "million characters a second", "times as fast as recognizers-text", "as its first call"
    )
    for name, speed in found_speeds.items():
        ratio = f"{speed.ratio:.1f}" if speed.ratio else "not installed"
        beside_first = f"{first / speed.seconds:.1f}" if first else ""
        table.add_row(
            name, f"{speed.seconds * 5000 / characters * 1000:.2f}", f"{characters / speed.seconds / 1e6:.2f}", ratio, beside_first
        )
    console = Console()
    console.print(table)
    found = Table("reader", "gold quantities found", "of what it returns, quantities")
    readers: dict[str, Callable[[str], Spans]] = {"fazhi": lambda text: [(q.number_start, q.end) for q in read_all([text])[0]]}
    if theirs:
        readers["recognizers-text"] = theirs
    for name, reader in readers.items():
        recall, precision = accuracy(reader, texts)
        found.add_row(name, f"{recall:.1%}", f"{precision:.1%}")
    console.print(found)
    alone = Table("reader", "gold values read from the quotation alone")
    for name, share in values_read():
        alone.add_row(name, f"{share:.1%}")
    console.print(alone)
    growth(console)


def growth(console: Console) -> None:
    """Hostile strings at two lengths: four times the text must take about four times as long."""
    table = Table("repeated", "time for 4n / time for n")
    for piece in (
        "1",
        "1,",
        "一",
        "百",
        "1-",
        "1、",
        "“1",
        "《1",
        "第",
        "近",
        "不少于",
        "分别1",
        "其中1件",
        "由1件",
        "(1)",
        "1年",
        "增长1%",
        "2020年",
    ):
        short, long = piece * 10_000, piece * 40_000
        small = seconds(lambda text=short: extract.read_numbers(text, [], extract.Context(2023)), rounds=3)  # type: ignore[misc]
        large = seconds(lambda text=long: extract.read_numbers(text, [], extract.Context(2023)), rounds=3)  # type: ignore[misc]
        table.add_row(piece, f"{large / small:.1f}")
    report = next(iter(bodies().values()))
    short, long = (ingest.decode((report + "\n").encode() * times, "report.txt") for times in (10, 40))
    small, large = (seconds(lambda text=text: clean.clean(text), rounds=3) for text in (short, long))  # type: ignore[misc]
    table.add_row("a report, cleaned", f"{large / small:.1f}")
    console.print(table)
