"""Numbers written and read back: a property for each way of writing them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.extract import Context, read_numbers
from pipeline.extract.values import arabic, chinese, chinese_decimal, chinese_range

DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """A whole number below 10^12 in Chinese, as GB/T 15835 writes it."""
    if number == 0:
        return "零"
    parts: list[str] = []
    for group, name in ((100_000_000, "亿"), (10_000, "万"), (1, "")):
        value, number = divmod(number, group)
        if value:
            if parts and value < 1000:
                parts.append("零")
            parts.append(_spell_group(value) + name)
    text = "".join(parts)
    return text[1:] if text.startswith("一十") else text


def _spell_group(value: int) -> str:
    text, pending = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, power)
        if digit:
            text += ("零" if pending and text else "") + DIGITS[digit] + name
            pending = False
        else:
            pending = True
    return text


@given(st.integers(0, 10**12 - 1))
def test_spelled_numbers_are_read_back(number: int) -> None:
    assert chinese(spell(number)) == number


@given(st.integers(0, 10**10), st.integers(0, 99))
def test_chinese_decimals_are_read_back(whole: int, fraction: int) -> None:
    digits = f"{fraction:02d}"
    assert chinese_decimal(f"{spell(whole)}点{''.join(DIGITS[int(d)] for d in digits)}") == pytest.approx(float(f"{whole}.{digits}"))


@given(st.integers(0, 10**12))
def test_separators_do_not_change_a_number(number: int) -> None:
    assert arabic(f"{number:,}") == number
    assert arabic(f"{number:,}".replace(",", " ")) == number


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三万五", 35000),
        ("三百五", 350),
        ("二〇二〇", 2020),
        ("廿", 20),
        ("廿三", 23),
        ("壹佰零伍", 105),
        ("两千零三", 2003),
        ("一亿三千万", 130_000_000),
    ],
)
def test_everyday_spellings(written: str, value: int) -> None:
    assert chinese(written) == value


@pytest.mark.parametrize("written", ["一三百", "二三四五百"])
def test_what_is_no_number_has_no_value(written: str) -> None:
    assert chinese(written) is None


@pytest.mark.parametrize(
    ("written", "ends"), [("二三十", (20, 30)), ("七八百", (700, 800)), ("十七八", (17, 18)), ("二五十", None), ("三十", None)]
)
def test_neighbouring_digits_are_a_range(written: str, ends: tuple[int, int] | None) -> None:
    assert chinese_range(written) == ends


@given(st.integers(1, 10**7).filter(lambda n: not 1900 <= n <= 2099), st.sampled_from(["件", "人次", "家", "场次", "份"]))
def test_a_number_with_a_unit_is_one_quantity_in_every_form(number: int, unit: str) -> None:
    for written in (str(number), f"{number:,}"):
        _, quantities = read_numbers(f"全年共办理{written}{unit}。", [], Context(2023))
        assert [(q.value, q.unit, q.comparator) for q in quantities] == [(number, unit, "eq")]


@given(st.integers(2, 99_999), st.sampled_from(["件", "场", "名"]))
def test_a_spelled_number_with_a_unit_is_one_quantity(number: int, unit: str) -> None:
    _, quantities = read_numbers(f"全年共办理{spell(number)}{unit}。", [], Context(2023))
    assert [(q.value, q.value_high, q.unit) for q in quantities] == [(number, None, unit)]


@given(st.decimals(0, 100, places=2))
def test_percentages_are_read_back(number: object) -> None:
    _, quantities = read_numbers(f"办结率为{number}%。", [], Context(2023))
    assert [(q.value, q.unit, q.kind) for q in quantities] == [(pytest.approx(float(str(number))), "%", "percent")]
