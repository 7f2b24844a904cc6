"""Which line is the title, and what kind of document it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

import msgspec

from pipeline.parse.blocks import is_labelled, words
from pipeline.parse.mentions import mention_at
from schemas.values import DocumentType

LONGEST = 90
"""Characters of a title: two lines of 22 (GB/T 9704-2012, 7.3.1) as a rule; notices that name two other documents reach 90."""
ENOUGH = 4
"""The score from which on a line is a title."""

_BREADCRUMB = re.compile(r">|»|›|→|位置[::]|首页")
_SITE = re.compile(r"\s*[-_|—–]{1,2}\s*[^-_|—–]{2,24}(?:网|网站|平台|门户|政府|专栏)(?:\s*[-_|—].*)?$")
_SITE_SIGN = re.compile(r"[-_|—–]")
_BRACKETS = re.compile(r"\s*[(（][^()（）]{1,40}[)）]$")
_HANDED_ON = re.compile(r"(?:关于)?(?:印发|转发|下发|公布|发布)(?:《(?P<quoted>.+)》|(?P<plain>.+?))(?:的通知|的函|的公告|的决定|通知)$")
_QUOTED = re.compile(r"《[^《》]*》")
_YEAR_OR_PLAN = re.compile(r"(?:19|20)\d\d|[二〇○零一]{4}年|十[一二三四五]五")
_SENTENCE = re.compile(r"。|;|!|\?|,.*,|:$")


class Title(msgspec.Struct, frozen=True):
    """A title and the lines (first, last) it stands on."""

    text: str
    first: int
    last: int


@cache
def _ending() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(words()['title_endings'])})(?:[》”]|[》”]?的?(?:通知|报告|函|公告|决定|通报|解读))?$")


@cache
def _subject() -> re.Pattern[str]:
    return re.compile("|".join(words()["title_subjects"]))


def find_title(lines: Sequence[str], labelled: Sequence[bool] | None = None) -> Title | None:
    """The title among the lines above a report, None if none reads like one. A title broken over lines is joined.

    Every run of up to three neighbouring lines is a candidate. A title names a kind of document at its end, mostly says 关于 or begins
    with its issuer, and speaks of what such reports speak of; among equals the last one, next to the text, is taken. `labelled` tells
    for each line whether it begins with a label (None: not looked at yet).
    """
    best: tuple[int, int, Title] | None = None
    for title in _candidates(lines, [is_labelled(line) for line in lines] if labelled is None else labelled):
        score = _score(title.text)
        if score < ENOUGH:
            continue
        # Joining must gain something: the longer of two candidates with one score is the worse.
        key = (score, title.first if title.first == title.last else title.first - 1)
        if best is None or key > best[:2] or (key[0] == best[0] and title.last > best[2].last and title.first > best[2].first):
            best = (*key, title)
    return best[2] if best else None


def _candidates(lines: Sequence[str], labelled: Sequence[bool]) -> Iterator[Title]:
    usable = [
        "" if is_label or _BREADCRUMB.search(line) else _without_site(line.strip("·• \t"))
        for line, is_label in zip(lines, labelled, strict=True)
    ]
    for first, opening in enumerate(usable):
        if not opening:
            continue
        text = ""
        for last, line in enumerate(usable[first : first + 3], first):
            if not line or len(text) + len(line) > LONGEST or _SENTENCE.search(line) or (last > first and _is_whole(text)):
                break
            text += line
            yield Title(text, first, last)


def _without_site(line: str) -> str:
    return _SITE.sub("", line) if _SITE_SIGN.search(line) else line


def _without_brackets(text: str) -> str:
    """A title without a remark in brackets at its end."""
    return _BRACKETS.sub("", text) if ")" in text or "）" in text else text


def _is_whole(text: str) -> bool:
    """Whether a title is finished, so that the next line cannot go on with it (an issuer alone on its line is not)."""
    return bool(_ending().search(_without_brackets(text))) and ("关于" in text or bool(_subject().search(text)))


def _score(text: str) -> int:
    """How much a line reads like a title, from `ENOUGH` on exactly; below that it does not matter."""
    if not 6 <= len(text) <= LONGEST:
        return 0
    bare = _without_brackets(text)
    plain = _QUOTED.sub("", bare)
    score = 3 * bool(_ending().search(bare))
    score += 2 * ("关于" in plain)
    score += 2 * bool(_subject().search(bare))
    if score < ENOUGH - 2:
        # Year and issuer, which take longest to find, add one each.
        return score
    begins = mention_at(bare)
    score += bool(_YEAR_OR_PLAN.search(plain))
    score += begins is not None and begins.kind != ""
    # An issuer without its predicate, or the other way round, is half of a title.
    score -= 2 * plain.startswith("关于")
    return score - (3 if begins and begins.end == len(bare) else 0)


def without_names(title: str) -> str:
    """A title without the names of other documents in it (《…》), unless the whole title is one."""
    plain = _QUOTED.sub("", title)
    return plain if len(plain) >= 6 else title


def attachment(title: str) -> str:
    """The document that a notice hands on: `…关于印发X的通知` -> `X`; empty for other titles."""
    match = _HANDED_ON.search(_without_brackets(title)) if "发" in title or "公布" in title else None
    return (match["quoted"] or match["plain"]).strip("《》") if match else ""


def document_type(title: str, opening: str) -> tuple[DocumentType, str]:
    """The kind of a document and what told it (`title`, `opening`, or empty for `other`).

    `title` is simplified; `opening` is the beginning of the text, looked at only without a telling title.
    """
    inner = attachment(title)
    for text in filter(None, (inner, without_names(title), title)):
        for row in words()["document_types"]:
            if re.search(row["title"], text):
                return row["type"], "title"
        if inner:
            return "plan" if "计划" in inner else "other", "title"
    for row in words()["document_types_by_text"]:
        if re.search(row["text"], opening):
            return row["type"], "opening"
    return "other", ""
