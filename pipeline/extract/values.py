"""Numbers as they are written -> values. Pure arithmetic on strings, no context.

Chinese numerals follow GB/T 15835-2011 and everyday use: positional (`一百零五`, `三万五千`), elliptic (`三万五` = 35 000), digit by digit
(`二〇二〇`), financial capitals (`壹佰`), `廿`/`卅`, and two neighbouring digits before a power for a range (`二三十` = 20 to 30).
"""

from __future__ import annotations

import re

DIGITS = (
    {c: i for i, c in enumerate("零一二三四五六七八九")} | {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")} | {"〇": 0, "○": 0, "两": 2}
)
POWERS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000}
GROUPS = {"万": 10_000, "亿": 100_000_000}
TWENTIES = {"廿": 20, "卅": 30}
CHINESE = "".join(character for character in DIGITS if character not in "伍陆") + "".join(POWERS) + "".join(GROUPS) + "".join(TWENTIES)
SCALES = {**POWERS, **GROUPS}
LONGEST = 15
"""Digits beyond which a run of digits is no number (a float holds 15 of them exactly; no report counts so far)."""
CHINESE_RUN = f"(?:[{CHINESE}]|[伍陆](?=[拾佰仟万亿元])|(?<=[拾佰仟零])[伍陆])+"
"""Pattern of a Chinese numeral. 伍 and 陆 are everyday characters (队伍, 大陆): financial capitals only before a power or 元."""

_RANGE = re.compile(r"([二三四五六七八九一两])([二三四五六七八九])([十百千万亿]+)")


def arabic(text: str) -> float:
    """`13,447` -> 13447.0; separators may be commas or blanks. Raises ValueError if it is no number."""
    try:
        return float(text)
    except ValueError:  # separators, which are seldom
        return float(text.replace(",", "").replace(" ", ""))


def scale(text: str) -> float:
    """The product of the powers of ten in `text` (`万` -> 10000, `千万` -> 10000000, empty -> 1)."""
    product = 1.0
    for character in text:
        product *= SCALES[character]
    return product


def chinese(text: str) -> float | None:
    """The value of a Chinese numeral, None if the characters are no well-formed number (`一三百`, `万百`)."""
    if text in DIGITS:
        return float(DIGITS[text])
    if all(character in DIGITS for character in text):
        return float("".join(str(DIGITS[character]) for character in text)) if len(text) <= LONGEST else None
    return _positional(text)


def _positional(text: str) -> float | None:
    total = group = 0
    digit: int | None = None
    unit = 0  # the power that the digits seen last belong to, for the elliptic `三万五`
    for character in text:
        if character in DIGITS:
            if digit and DIGITS[character]:
                return None
            digit = DIGITS[character]
            if digit == 0:
                digit, unit = None, 0
        elif character in TWENTIES:
            group, digit, unit = group + TWENTIES[character], None, 10
        elif character in POWERS:
            power = POWERS[character]
            if group % (power * 10) and group % (power * 10) >= power:
                return None
            group += (1 if digit is None else digit) * power
            digit, unit = None, power
        else:
            power = GROUPS[character]
            group += digit or 0
            if group == 0 and total == 0:
                group = 1
            total = (total + group) * power if power > total else total + group * power
            group, digit, unit = 0, None, power
    if digit is not None:
        group += digit * (unit // 10 if unit > 10 else 1)
    return float(total + group)


def chinese_decimal(text: str) -> float | None:
    """`三十五点六` -> 35.6."""
    whole, _, fraction = text.partition("点")
    value = chinese(whole)
    if value is None or not fraction:
        return value
    if any(character not in DIGITS for character in fraction):
        return None
    return float(f"{int(value)}." + "".join(str(DIGITS[character]) for character in fraction))


def chinese_range(text: str) -> tuple[float, float] | None:
    """`二三十` -> (20, 30), `七八百` -> (700, 800); None where the two digits are not neighbours. `十七八` -> (17, 18)."""
    if len(text) < 3:
        return None
    match = _RANGE.fullmatch(text)
    if match:
        low, high = DIGITS[match[1]], DIGITS[match[2]]
        return (low * scale(match[3]), high * scale(match[3])) if high == low + 1 else None
    if text[-1] in DIGITS and text[-2] in DIGITS and DIGITS[text[-1]] == DIGITS[text[-2]] + 1 > 1:
        low_value, high_value = chinese(text[:-1]), chinese(text[:-2] + text[-1])
        if low_value is not None and high_value is not None and text[-3] in POWERS:
            return low_value, high_value
    return None


def tidy(value: float) -> float:
    """Undo binary noise of a scaled decimal (`13.3` × 10⁸): 12 significant digits, more than any report writes."""
    return float(f"{value:.12g}")
