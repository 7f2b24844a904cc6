"""Identities between indicators (`schemas/data/identities.yaml`, and `related` in the codebook) checked on one report's observations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pipeline.audit.arithmetic import Verdict, added, at_most, exact, number, rate_verdict, step
from pipeline.coding.codebook import codebook
from pipeline.extract.lexicon import load
from pipeline.records import Audit, Observation, Quantity

Near = Literal["sentence", "paragraph", "report"]
#: An observation and the place of its quantity among the report's.
Told = tuple[int, Observation]


@dataclass(frozen=True, slots=True)
class Identity:
    """`sum`: `one` is made up of `others`. `bound`: `one` is at most the sum of `others`. `ratio`: `numerator` over one of `others`."""

    kind: Literal["sum", "bound", "ratio"]
    rule: str
    one: str
    others: tuple[str, ...]
    near: Near
    may_fail: bool
    numerator: str = ""


@cache
def identities() -> tuple[Identity, ...]:
    """All identities between codes: those of the data file, then those that the codebook's relations give and the file does not name."""
    data = load("identities.yaml")
    written = [
        *(Identity("sum", row["rule"], row["whole"], tuple(row["parts"]), row["near"], True) for row in data["sums"]),
        *(
            Identity("bound", row["rule"], row["less"], tuple(row["more"]), row["near"], row.get("may_fail", False))
            for row in data["bounds"]
        ),
        *(
            Identity(
                "ratio", row["rule"], row["rate"], tuple(row["denominators"]), row["near"], row.get("may_fail", False), row["numerator"]
            )
            for row in data["ratios"]
        ),
    ]
    known = {(each.kind, each.one, other) for each in written for other in each.others}
    known |= {("bound", part, each.one) for each in written if each.kind == "sum" for part in each.others}
    return (*written, *(each for each in _of_the_codebook() if (each.kind, each.one, each.others[0]) not in known))


def _of_the_codebook() -> Iterator[Identity]:
    indicators = codebook().indicators
    for code, indicator in indicators.items():
        for whole in indicator.related.get("part_of", ()):
            yield Identity("bound", "a part is no more than its whole", code, (whole,), "sentence", False)
        for rate in indicator.related.get("numerator_of", ()):
            below = tuple(other for other, each in indicators.items() if rate in each.related.get("denominator_of", ()))
            if below:
                yield Identity("ratio", "a rate is its numerator over its denominator", rate, below, "sentence", False, code)


def by_codes(text: str, quantities: Sequence[Quantity], observations: Sequence[Observation]) -> list[Audit]:
    """Every identity whose numbers the report tells near enough to each other."""
    places = {quantity.start: index for index, quantity in enumerate(quantities)}
    told: dict[str, list[Told]] = {}
    for observation in observations:
        if observation.status == "actual" and observation.scope not in ("department", "subordinate"):
            told.setdefault(observation.code, []).append((places[observation.quantity.start], observation))
    check = {"sum": _sums, "bound": _bounds, "ratio": _ratios}
    return [row for each in identities() if each.one in told for row in check[each.kind](text, quantities, each, told)]


def _near(text: str, one: Told, candidates: Sequence[Told], near: Near) -> list[Told]:
    """The tellings near enough to `one` and of its year, the best first: those behind it in order, then those before it, backwards."""

    def fits(other: Told) -> bool:
        a, b = one[1], other[1]
        if one[0] == other[0] or a.year != b.year:
            return False
        if near == "sentence":
            return a.quantity.sentence_start == b.quantity.sentence_start
        low, high = sorted((a.quantity.start, b.quantity.start))
        return near == "report" or "\n" not in text[low:high]

    fitting = [other for other in candidates if fits(other)]
    return [other for other in fitting if other[0] > one[0]] + [other for other in reversed(fitting) if other[0] < one[0]]


def _several_values(tellings: Sequence[Told]) -> bool:
    return len({telling[1].value for telling in tellings}) > 1


def _sums(text: str, quantities: Sequence[Quantity], identity: Identity, told: dict[str, list[Told]]) -> Iterator[Audit]:
    """Parts that add up hold; parts above the whole fail; parts below it leave room for one that is not told: incomplete."""
    for whole in told[identity.one]:
        near = [found for code in identity.others if (found := _near(text, whole, told.get(code, []), identity.near))]
        parts = sorted((found[0] for found in near), key=lambda part: part[0])
        if len(parts) < 2:
            continue
        values = [part[1].value for part in parts]
        goal, total = whole[1].value, sum(values)
        sure = exact([whole[1].quantity, *(part[1].quantity for part in parts)])
        verdict: Verdict = "incomplete"
        if sure and total == goal:
            verdict = "holds"
        elif sure and total > goal and not any(_several_values(found) for found in near) and not _nested(text, parts):
            verdict = "fails"
        used = (whole[0], *(part[0] for part in parts))
        more = _completed(quantities, used) if sure and total < goal else ()
        if more:
            used, total, verdict = more, goal, "holds"
        addends = [quantities[place].value for place in used[1:]]
        yield Audit("sum", f"{number(goal)} = {added(addends)}", goal, total, 0.0, verdict, identity.rule, used)


def _completed(quantities: Sequence[Quantity], used: tuple[int, ...]) -> tuple[int, ...]:
    """The whole and all numbers behind it in its sentence and unit, up to where they add up to it; empty if they never do.

    What has no code (`告知20件`, `撤销、确认违法等22件`) completes the parts that have one.
    """
    whole, last = quantities[used[0]], max(used)
    found, total = [used[0]], 0.0
    for place in range(used[0] + 1, len(quantities)):
        part = quantities[place]
        if part.sentence_start != whole.sentence_start or total >= whole.value:
            break
        if part.unit == whole.unit and part.role == "level" and exact([part]):
            found.append(place)
            total += part.value
    return tuple(found) if total == whole.value and last <= found[-1] and set(used) <= set(found) else ()


def _nested(text: str, parts: Sequence[Told]) -> bool:
    """Whether 其中 or a bracket stands between the parts: then one may be a part of another and be counted twice."""
    between = text[parts[0][1].quantity.end : parts[-1][1].quantity.start]
    return any(word in between for word in ("其中", "(", "包括", "含"))


def _bounds(text: str, quantities: Sequence[Quantity], identity: Identity, told: dict[str, list[Told]]) -> Iterator[Audit]:
    for less in told[identity.one]:
        near = [_near(text, less, told.get(code, []), identity.near) for code in identity.others]
        if not near[0]:
            continue
        more = [found[0] for found in near if found]
        total = sum(found[1].value for found in more)
        numbers = [less[1].quantity, *(found[1].quantity for found in more)]
        # What was carried over may not be told, and of several tellings another one may be meant.
        sure = identity.may_fail and all(near) and not any(_several_values(found) for found in near)
        verdict = at_most(less[1].value, total, numbers, may_fail=sure)
        if verdict == "incomplete" and not identity.may_fail:
            continue  # `审查重大行政决策8件、规范性文件15件`: not this part of that whole after all
        expression = f"{number(less[1].value)} <= {added([found[1].value for found in more])}"
        used = (less[0], *(found[0] for found in more))
        yield Audit("bound", expression, less[1].value, total, 0.0, verdict, identity.rule, used)


def _ratios(text: str, quantities: Sequence[Quantity], identity: Identity, told: dict[str, list[Told]]) -> Iterator[Audit]:
    """Of several denominators that are told the first that gives the rate is taken, else the first told."""
    for rate in told[identity.one]:
        above = _near(text, rate, told.get(identity.numerator, []), identity.near)
        below = [found for code in identity.others for found in _near(text, rate, told.get(code, []), identity.near)[:1] if found[1].value]
        if not above or not below:
            continue
        sure = identity.may_fail and not _several_values(above) and len(below) == 1
        tried = [_ratio(text, identity.rule, rate, above[0], denominator, sure) for denominator in below]
        yield next((row for row in tried if row.verdict == "holds"), tried[0])


def _ratio(text: str, rule: str, rate: Told, numerator: Told, denominator: Told, may_fail: bool) -> Audit:
    above, below, told = numerator[1], denominator[1], rate[1].quantity
    value = above.value / below.value * 100
    tolerance = step(text, told)
    verdict = rate_verdict(value, told, tolerance, [above.quantity, below.quantity], may_fail=may_fail)
    expression = f"{number(above.value)} / {number(below.value)} = {value:.2f}% ≈ {number(told.value)}%"
    return Audit("ratio", expression, value, told.value, tolerance, verdict, rule, (rate[0], numerator[0], denominator[0]))
