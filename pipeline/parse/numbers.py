"""Small numbers as labels and dates write them: Arabic or Chinese."""

from __future__ import annotations

_DIGITS = {char: value for value, chars in enumerate(("〇零○", "一", "二两", "三", "四", "五", "六", "七", "八", "九")) for char in chars}
_UNITS = {"十": 10, "百": 100}


def read_number(text: str) -> int:
    """The number that `text` writes: `12`, `十二`, `廿`-less Chinese up to 999, or digit by digit (`二〇二二` -> 2022).

    Raises ValueError for anything else.
    """
    if text.isascii():
        return int(text)
    if not any(char in _UNITS for char in text):
        try:
            return int("".join(str(_DIGITS[char]) for char in text))
        except KeyError as error:
            raise ValueError(f"not a number: {text!r}") from error
    total, digit = 0, None
    for char in text:
        if char in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[char]
            digit = None
        elif char in _DIGITS:
            digit = _DIGITS[char]
        else:
            raise ValueError(f"not a number: {text!r}")
    return total + (digit or 0)
