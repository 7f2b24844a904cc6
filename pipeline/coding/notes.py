"""The glossary that work reports append: what its numbers say defines a term, and tells nothing of the year."""

from __future__ import annotations

import re

_TITLE = re.compile(r"^(?:附件?\d*:?)?(?:\d+\.)?[^\n,。;]{0,24}(?:名词|术语)[^\n,。;]{0,4}(?:解释|注释|说明|注解):?$", re.MULTILINE)
_NEXT = re.compile(r"^附件?\d*:?[^\n。;]{0,30}$", re.MULTILINE)


def glossary(text: str) -> tuple[int, int]:
    """The span of a body's glossary (`名词解释`, `名词、术语注释`), to the next attachment or the end; an empty span where there is none.

    Attachments are often listed before they follow, so the last heading counts, and only one in the second half of the body.
    """
    if "名词" not in text and "术语" not in text:
        return (len(text), len(text))
    headings = [match for match in _TITLE.finditer(text) if match.start() * 2 > len(text)]
    if not headings:
        return (len(text), len(text))
    after = _NEXT.search(text, headings[-1].end() + 1)
    return (headings[-1].start(), after.start() if after else len(text))
