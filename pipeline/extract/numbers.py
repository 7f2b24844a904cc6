"""Arabic and Chinese numbers: which of them measure something, by the words before and behind them."""

from __future__ import annotations

import re
import string

from pipeline.extract.state import SUFFIX, Candidate, Scan
from pipeline.extract.values import CHINESE, LONGEST, chinese_decimal, chinese_range, scale, tidy
from pipeline.extract.values import arabic as arabic_value
from schemas.values import Comparator, Disposition, Kind

_YEAR = re.compile(r"(?:19|20)\d\d")
_BEHIND_ORDINAL = re.compile(r"第(?:[一二三四五六七八九十]{1,2}|\d{1,2})[、和至]$")
_CLAUSE_END = frozenset(",。;、:!?)\n”\t")
_TELEPHONE = re.compile(r"0\d{2,3}[-—]\d{7,8}")
_AREA = re.compile(r"(?<!\d)0\d{2,3}[-—]$")
_BASE = re.compile(r"[百千万]*[人名](?!次)")
_MOVES = re.compile(r"(?:提高|提升|上升|增加|增长|下降|降低|升|降|增|减少)(?:到|至|为)")
_VERSION = re.compile(r"\d\.0")
_PERIOD_BEHIND = re.compile(r"年(?!度报|产|均|检|审|薪|龄|限)|周年|季度|世纪")
_LEGAL_DAYS = re.compile(r"(?:个?工作日|天|个月|小时|日)内")
_OPENS_TIME = frozenset("年周季世个工天小日届")  # what `_LEGAL_DAYS` and `_term` begin with
_OPENS_SESSION = frozenset("次中个、")  # what `_SESSION` begins with
_INDEFINITE_BEFORE = frozenset("数几上成")  # what `_INDEFINITE` begins with
_OPENS_ORDER = frozenset("第前、和至")  # what stands right before a place in an order
_LETTERS = frozenset(string.ascii_letters)
_ISSUES = frozenset(("届", "版", "期", "级"))
_CUT_TO = re.compile("[至到为缩]$|(?:控制|压缩|缩短|压减|缩减|限定|保持|稳定)在$")
_NAME_BEHIND = re.compile(r"[A-Za-z＋+]|[级星号型版代后维阶强](?!业)|国|方(?!面)|甲|环(?!节)|期(?:工程|项目|建设|规划)")
_SESSION = re.compile(
    r"次(?:全会|全体|会议|党代会|代表大会|集体学习|常务会|常委会)|中全会|个(?:一|维护|确立|意识|自信)|、[一二三四五六七八九]+中全会"
)
# 市委十二届36次常委会会议, 十五届市政府22次常务会议: the number of a sitting within a term
_TERM_BEFORE = re.compile(r"届(?:[省市县区州旗](?:人民)?(?:政府|委)|人大(?:常委会)?)?$")
_SLOGAN = re.compile(r"(?:\d{1,2}[一-龥]{1,3})+")  # before the last number of “1委1办4组”
_SITTING = re.compile(r"次(?:常委|常务|全体|全会|全委|主任会议|会议)")
# 十一届三次、四次、五次全会: the sessions listed, from the first and up to the one before
_SESSIONS_BEHIND = re.compile(r"次[、和及][一二三四五六七八九十]{1,3}次")
_SESSIONS_BEFORE = re.compile(r"届(?:[^,。;、\d]{0,8}?[一二三四五六七八九十]{1,3}次[、和及])+$")
_LABEL = re.compile(r"\n\d{1,2}(?=[\n\u4e00-\u9fff])")
_PHASED = re.compile("(?:项目|工程|号线|园|厂|站|馆|机场|港|库|广场|大厦|基地)$")
_PROGRAMME = re.compile("(?:计划|工程|行动)”")
_INDEFINITE = re.compile("[数几][十百千万亿]|上[十百千万亿]|成[百千]上")
_REACHED = re.compile("(?<![以网线向晚早马成百千])上$")
_LONG_NAME_BEHIND = re.compile(r"[^,。;、]{0,6}?(?:模式|机制|工程|行动|体系|战略|计划|工作法|举措|制度)")
_LABELLED_ONE = re.compile(
    r"(?:发生|查处|受理|组织|开展|召开|举办|举行|进行|培训|安排|集中|审议|研究|听取|参加|接受|讲座|演练|宣讲)[^,。;\d]*$"
    r"|[一二两三四五六七八九十\d][次期场轮],[^,。;、\d]{2,14}$"  # 培训两期,讲座一期
)
_AT_LEAST = re.compile(r"(?:至少|最少|不少于|不低于|最多|至多|不超过|每年|每季度|每月|每半年|仅|只)[^,。;、\d]{0,10}$")
_GREW = re.compile(r"(?:增长|增加|提高|提升|上升|扩大|增)了?(?:近|约|超过?)?$")
_CLASS = re.compile(r"[^,。;\d]{2,24}?(?:培训|轮训|研讨|研修|进修|专题|讲习)班")
# 完成GDP4.2亿元: what is measured, not a name with a number in it
_ABBREVIATED = ("GDP", "CPI")
_PLAIN_ONE_UNITS = frozenset(("次", "期", "场", "轮", "件", "起", "宗", "例", "名"))
_PLACE_UNITS = frozenset(
    ("村", "县", "省", "线", "面", "口", "样", "课", "眼", "字", "页", "门", "道", "头", "台", "案", "单", "张", "对", "座", "块")
)
_CASE_UNITS = frozenset(("件", "起", "宗", "例"))
_COUNTED_CASES = re.compile(r"\d[件起宗例]")
_TOGETHER = re.compile(r"(?:与|和|同|跟)(?![^,。;]*(?:发生|查处|办理|受理|增加|减少|化解))[^,。;:\d]{1,14}$")
_JOINED = "number without a unit"


def ordinal(state: Scan, start: int, end: int, value: float | None) -> int | None:
    """A number behind one of `_OPENS_ORDER` that is a place in an order; None where it is none."""
    text = state.text
    mark = text[start - 1 : start]
    if mark not in ("第", "前"):
        # 第一、二轮督察: the second of two places in an order
        if (
            mark in ("、", "和", "至")
            and _BEHIND_ORDINAL.search(text, max(0, start - 5), start)
            and text[end : end + 1] not in state.words.rank_units
        ):
            return state.note(start, end, "ordinal", "behind 第")
        return None
    unit = text[end : end + 1]
    if mark == "前":
        if value is None or state.layout.quotation(start):
            return None
        closes = not unit or unit in _CLAUSE_END
        if closes and state.words.rank_cue.search(text, max(0, start - 9), start - 1):
            return state.measure(Candidate(start, end, end, value, None, "", "rank", "le", "first so many", rank=True))
        if unit not in state.words.rank_units:
            return None
        return state.measure(Candidate(start, end, end + 1, value, None, unit, "rank", "le", "first so many", rank=True))
    if unit in state.words.rank_units and value is not None and text[end : end + 2] not in ("位的", "名录"):
        return state.measure(Candidate(start, end, end + 1, value, None, unit, "rank", "eq", "place in an order", rank=True))
    if unit in ("条", "款", "项", "章", "编", "目"):
        return state.note(start, end, "law_article", "numbered provision")
    before = text[max(0, start - 9) : start - 1]
    if value is not None and (not unit or unit in _CLAUSE_END) and state.words.rank_cue.search(before):
        return state.measure(Candidate(start, end, end, value, None, "", "rank", "eq", "place in an order", rank=True))
    return state.note(start, end, "ordinal", "behind 第")


def arabic(state: Scan, match: re.Match[str]) -> int:
    """A number in Arabic digits."""
    text = state.text
    start, end = match.span()
    if end - start > 2 * LONGEST:
        return state.note(start, end, "index_number", "run of digits")
    value = arabic_value(match[0])
    before = text[start - 1 : start]
    place = ordinal(state, start, end, value) if before in _OPENS_ORDER else None
    if place is not None:
        return place
    if state.layout.in_title(start):
        return state.note(start, end, "name", "in a title")
    if before in _LETTERS and not text.endswith(_ABBREVIATED, max(0, start - 3), start):
        return state.note(start, end, "name", "behind a Latin letter")
    behind = text[end : end + 1]
    if before == "跑" and behind in ("次", "趟"):
        return state.note(start, end, "name", "at most one visit")
    if before == "每" and _BASE.match(text, end):
        return state.note(start, end, "name", "base of a rate")
    if behind in _OPENS_TIME:
        if _LEGAL_DAYS.match(text, end) and not _CUT_TO.search(text, max(0, start - 4), start):
            return state.note(start, end, "law_article", "legal period")
        term = _term(text, end)
        if term:
            return state.note(start, end, *term)
    return measured(state, match, value)


def measured(state: Scan, match: re.Match[str], value: float) -> int:
    """A number in Arabic digits that no word before it makes a name."""
    text = state.text
    start, end = match.span()
    tail = state.words.tail.match(text, end)
    assert tail is not None  # the pattern matches the empty string
    unit = tail["unit"]
    if unit is None:
        return bare(state, match, value, tail)
    if unit in _ISSUES and _YEAR.fullmatch(match[0]):
        return state.note(start, end, "year", "year of an issue")
    if unit == "次" and tail.end("unit") == end + 1 and _is_sitting(text, start, end):
        return state.note(start, end, "ordinal", "session")
    return with_unit(state, start, end, value, None, tail, "number with a unit")


def _is_sitting(text: str, start: int, end: int) -> bool:
    """True for the number of a meeting within a term of office: `十二届36次常委会会议`."""
    return bool(_TERM_BEFORE.search(text, max(0, start - 8), start) and _SITTING.match(text, end))


def bare(state: Scan, match: re.Match[str], value: float, tail: re.Match[str]) -> int:
    """A number with no unit behind it: a year, a label, a line, a name, or a plain count."""
    text, start, end = state.text, match.start(), match.end()
    words = state.words
    scaled = bool(tail["scale"] or tail["more"] in ("余", "多"))
    if not scaled:
        fixed = bare_name(state, match, value)
        if fixed:
            return state.note(start, end, *fixed)
    stop = tail.end("more2") if tail["more2"] else tail.end("scale") if tail["scale"] else end
    if scaled and tail["more"] in ("余", "多") and not tail["scale"]:
        stop = tail.end("more")
    people = words.people.match(text, stop)
    if not scaled and not people and not stands_alone(state, match, value):
        return state.note(start, end, "name", "number without a unit")
    unit: tuple[str, Kind] = ("人", "count") if people else ("", "count" if value == int(value) or scaled else "ratio")
    return with_unit(state, start, end, value, unit, tail, "number of people" if people else "number without a unit")


def bare_name(state: Scan, match: re.Match[str], value: float) -> tuple[Disposition, str] | None:
    """Why a number without a unit measures nothing, or None."""
    text, start, end = state.text, match.start(), match.end()
    words = state.words
    if match[0] in words.line_numbers or (len(match[0]) in (5, 7, 8, 11, 12) and words.line_nouns.match(text, end)):
        return "index_number", "telephone line"
    if match[0].isdigit() and (len(match[0]) >= 7 or _TELEPHONE.match(text, start) or _AREA.search(text, max(0, start - 5), start)):
        return "index_number", "long or hyphenated number"
    if _YEAR.fullmatch(match[0]):
        return ("name", "number in a name") if _PROGRAMME.match(text, end) else ("year", "four digits")
    if text[end : end + 1] == "号" and text[start - 1 : start] in "〕]】) 第令":
        return "document_number", "number of a document"
    if text[end : end + 1] in ("时", "点", "日", "月") and value <= 31 and not _VERSION.fullmatch(match[0]):
        return "date", "time of day" if text[end] in "时点" else "day or month"
    if _NAME_BEHIND.match(text, end) or _VERSION.fullmatch(match[0]) or words.label_cue.search(text[max(0, start - 6) : start]):
        return "name", "number in a name"
    if len(match[0]) >= 3 and value == int(value) and _LONG_NAME_BEHIND.match(text, end):
        return "name", "number in a name"
    if _LABEL.match(text, max(0, start - 1)):
        return "section_label", "label of a paragraph"
    return None


def stands_alone(state: Scan, match: re.Match[str], value: float) -> bool:
    """True where a bare number closes its clause behind a word: `专报4。`, `万人比不低于3.5`."""
    text, start, end = state.text, match.start(), match.end()
    behind = text[end : end + 1]
    ahead = text[start - 1 : start]
    if behind == "、" and text[end + 1 : end + 2].isdigit():
        return False
    joined = behind in ("—", "-", "~", "至", "到") and text[end + 1 : end + 2].isdigit()
    closes = not behind or behind in _CLAUSE_END or state.words.tail.match(text, end).group("after") is not None  # type: ignore[union-attr]
    closes = closes or bool(_MOVES.match(text, end))
    return (joined or closes) and bool(ahead) and not ahead.isascii() and ahead not in "“《、。;”》\n" and not state.layout.quotation(start)


def with_unit(
    state: Scan,
    start: int,
    end: int,
    value: float,
    unit: tuple[str, Kind] | None,
    tail: re.Match[str],
    rule: str,
    high: float | None = None,
    least: Comparator = "eq",
) -> int:
    """A number with what stands behind it: approximation, power of ten, unit, comparator (`least` where nothing behind it tells one)."""
    text = state.text
    more, power_written, more2, power_behind, written, more3, after = tail.groups()
    name, kind = unit or state.words.units[written]
    if name == "期" and _PHASED.search(text, max(0, start - 4), start):
        return state.note(start, end, "name", "phase of a project")
    if kind == "duration" and state.words.duration_names.match(text, tail.end("unit")):
        return state.note(start, end, "name", "time span in a name")
    quotation = state.layout.quotation(start)
    stop = tail.end("unit") if written else tail.end("more2") if more2 else tail.end("scale")
    if not written and more and not power_written:
        stop = tail.end("more")
    if quotation and name != "大" and tail.end() < quotation[1] - 1 and quotation[1] - quotation[0] < 24:
        return state.note(start, end, "name", "number in a quoted name")
    if quotation and _SLOGAN.fullmatch(text, quotation[0] + 1, start):
        return state.note(start, end, "name", "last number of a quoted slogan")
    comparator = least
    if more or more2 or more3:
        comparator = "approx" if more == "来" and not more2 and not more3 else "gt"
    if more3:
        stop = tail.end("more3")
    if after:
        comparator = SUFFIX[after.removeprefix("(含)")] if comparator == "eq" or after != "之多" else comparator
        stop = tail.end("after")
    elif kind == "duration" and text[stop : stop + 1] == "内":
        comparator, stop = "le", stop + 1
    power = 1.0
    if power_written or power_behind:
        power = scale(power_written + power_behind)
        value, high = tidy(value * power), tidy(high * power) if high is not None else None
    return state.measure(Candidate(start, end, stop, value, high, name, kind, comparator, rule, False, power))


def chinese(state: Scan, match: re.Match[str], in_word: bool = False) -> int:
    """A number in Chinese characters; of a word that begins with some, those are read alone."""
    text, start = state.text, match.start()
    written = match[0]
    if in_word:
        length = next((i for i, c in enumerate(written) if c not in "零〇一二三四五六七八九十百千万两"), len(written))
        written = written[: max(1, length)]
    end = start + len(written)
    value = chinese_decimal(written)
    span = chinese_range(written)
    place = ordinal(state, start, end, value) if text[start - 1 : start] in _OPENS_ORDER else None
    if place is not None:
        return place
    reached = value is not None and written[0] in "百千万亿" and bool(_REACHED.search(text, max(0, start - 2), start))
    rule = None if reached else chinese_name(state, start, end, written)
    if rule:
        return state.note(start, end, *rule)
    tail = state.words.tail.match(text, end)
    assert tail is not None
    if reached and value is not None and tail["unit"]:
        return with_unit(state, start - 1, end, value, None, tail, "so many reached", least="ge")
    if (value is None and span is None) or tail["unit"] is None:
        return chinese_bare(state, start, end, value, tail)
    if len(written) == 1 and tail["unit"] in _PLACE_UNITS:
        return state.note(start, end, "name", "numeral in a name")
    if written == "一" and not tail["more"] and not one_counts(state, start, tail):
        return state.note(start, end, "name", "indefinite one")
    if span:
        return with_unit(state, start, end, span[0], None, tail, "range of neighbours", span[1])
    assert value is not None
    return with_unit(state, start, end, value, None, tail, "Chinese number with a unit")


def chinese_bare(state: Scan, start: int, end: int, value: float | None, tail: re.Match[str]) -> int:
    """`近百万群众` counts people; any other Chinese numeral without a unit is part of a word."""
    if value is not None and state.text[end : end + 1] in ("至", "到", "—", "~", "-") and state.text[end + 1 : end + 2] in CHINESE:
        return state.measure(Candidate(start, end, end, value, None, "", "count", "eq", _JOINED))
    more = 1 if tail["more"] in ("余", "多") else 0
    people = state.words.people.match(state.text, end + more)
    if value is None or value < 10 or not people or state.layout.quotation(start):
        return state.note(start, end, "name", "Chinese numeral without a unit")
    return with_unit(state, start, end, value, ("人", "count"), tail, "number of people")


def chinese_name(state: Scan, start: int, end: int, written: str) -> tuple[Disposition, str] | None:
    """Why a Chinese numeral measures nothing, or None."""
    text = state.text
    before, behind = text[start - 1 : start], text[end : end + 1]
    if state.layout.in_title(start):
        return "name", "in a title"
    opens_time = behind in _OPENS_TIME
    term = _term(text, end) if opens_time else None
    if term:
        return term
    if before == "跑" and behind in ("次", "趟"):
        return "name", "at most one visit"
    if behind == "元" and written in ("亿", "万", "千万", "百万", "千") and before not in ("近", "超", "逾", "约", "达", "破"):
        return "name", "class of amounts"
    if before == "每" and written in ("万", "千", "百", "十万", "百万"):
        return "name", "base of a rate"
    if before in _INDEFINITE_BEFORE and _INDEFINITE.match(text, start - 1):
        return "other", "indefinite number"
    if written[0] == "一" and before in state.words.before_one:
        return "name", f"word {before}一"
    if before in ("双", "半", "逢", "老") or (len(written) == 1 and before in "万百千" and before):
        return "name", "numeral in a word"
    if _NAME_BEHIND.match(text, end) or (opens_time and _LEGAL_DAYS.match(text, end)):
        return "name", "number in a name"
    session = _session(text, start, end, before) if behind in _OPENS_SESSION else None
    if session:
        return session
    quotation = state.layout.quotation(start)
    if quotation and not (behind == "大" and start == quotation[0] + 1 and end + 2 < quotation[1]):
        return "name", "numeral in a quotation"
    return None


def _session(text: str, start: int, end: int, before: str) -> tuple[Disposition, str] | None:
    """What a number is by the session of a body it names, alone or in a list (`十一届三次、四次全会`), or by a saying in 个."""
    if _SESSION.match(text, end) and (before in ("届", "第", "大") or text[end] in "中个、"):
        return ("name", "saying") if text[end] == "个" else ("ordinal", "session")
    if text[end : end + 1] != "次":
        return None
    first = before == "届" and _SESSIONS_BEHIND.match(text, end)
    return ("ordinal", "session") if first or _SESSIONS_BEFORE.search(text[max(0, start - 40) : start]) else None


def _term(text: str, end: int) -> tuple[Disposition, str] | None:
    """What a number is by a word for years or a term of office right behind it."""
    if _PERIOD_BEHIND.match(text, end):
        return "period", "so many years"
    return ("ordinal", "term of office") if text[end : end + 1] == "届" else None


def one_counts(state: Scan, start: int, tail: re.Match[str]) -> bool:
    """一 with a measure word says how often or how many only where the words around it count: `至少出庭一次`, `组织专题培训一次,`."""
    text = state.text
    before = text[max(0, start - 16) : start]
    if _AT_LEAST.search(before) or (tail["unit"] == "番" and "翻" in before[-2:]) or (tail["unit"] == "倍" and _GREW.search(before)):
        return True
    behind = text[tail.end("unit") : tail.end("unit") + 1]
    unit = state.words.units[tail["unit"]][0]
    if unit == "期" and _LABELLED_ONE.search(before) and _CLASS.match(text, tail.end("unit")):
        return True  # 举办一期领导干部法治培训班
    if unit not in _PLAIN_ONE_UNITS or (behind and behind not in ",。;、\n"):
        return False
    if unit == "起" and _TOGETHER.search(before):  # 与调解组织一起
        return False
    if unit in _CASE_UNITS and _COUNTED_CASES.search(text, *state.layout.sentence(start, tail.end())):
        return True
    return behind != "、" and bool(_LABELLED_ONE.search(before))
