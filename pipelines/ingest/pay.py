"""Pay as written in an ad → dollars a year.

Belongs here: amounts, periods, currencies. Does not belong here: what an occupation pays (core).
Rates are the yearly averages of 2024 that the U.S. Internal Revenue Service publishes, foreign
units for one dollar; hours and weeks of a year are those of full-time work (2,080 and 52).
"""

import re
from typing import NamedTuple

UNITS_A_DOLLAR = {
    "USD": 1.0, "GBP": 0.783, "EUR": 0.924, "CAD": 1.370, "AUD": 1.516, "NZD": 1.654,
    "SEK": 10.577, "NOK": 10.756, "DKK": 6.896, "CHF": 0.881, "INR": 83.677,
}  # fmt: skip
TIMES_A_YEAR = {"year": 1, "month": 12, "week": 52, "day": 260, "hour": 2080}
_PLAUSIBLE_USD_YEAR = (5_000, 2_000_000)
_HOURLY_BELOW, _YEARLY_FROM = 250, 8_000
_SYMBOLS = {"£": "GBP", "€": "EUR", "₹": "INR", "C$": "CAD", "CA$": "CAD", "A$": "AUD", "$": "USD"}
_AMOUNT = re.compile(
    r"(?<![\w.])(\d{1,3}(?:[,.\s]\d{3})+(?!\d)|\d+)([.,]\d{1,2}(?!\d))?\s*([kK])?(?![\w%])"
)
_PERIODS = (
    ("hour", re.compile(r"\b(?:per|an|a|/)?\s*(?:hour(?:ly)?|hr|ph|p\.h\.?)\b", re.IGNORECASE)),
    ("day", re.compile(r"\b(?:per|a|/)?\s*(?:day|daily|session)\b", re.IGNORECASE)),
    ("week", re.compile(r"\b(?:per|a|/)?\s*(?:week(?:ly)?|wk)\b", re.IGNORECASE)),
    ("month", re.compile(r"\b(?:per|a|/)?\s*(?:month(?:ly)?|pcm)\b", re.IGNORECASE)),
    ("year", re.compile(r"\b(?:year(?:ly)?|annum|annual(?:ly)?|p\.?a\.?|yr)\b", re.IGNORECASE)),
)


class Pay(NamedTuple):
    """The least and most of a posted range in dollars a year."""

    low_usd_year: float
    high_usd_year: float


def parse_pay(written: str | None, country_code: str | None = None) -> Pay | None:
    """The pay in `written`; None where it holds no amount, no known currency or no likely period.

    ``£24,214 to £30,112 a year pro rata``, ``$18.50 - 22/hr``, ``USD 90k``. A period that is not
    said is an hour for small amounts and a year for large ones; between them nothing is guessed.
    Without a currency sign, that of the country (US, GB, CA, AU, IN) is taken.
    """
    text = written or ""
    amounts = [_number(match) for match in _AMOUNT.finditer(text)][:2]
    currency = _currency(text, country_code)
    if not amounts or currency is None:
        return None
    period = next((name for name, pattern in _PERIODS if pattern.search(text)), None)
    if period is None:
        period = _guessed_period(max(amounts))
    if period is None:
        return None
    factor = TIMES_A_YEAR[period] / UNITS_A_DOLLAR[currency]
    low, high = (round(amount * factor, 2) for amount in (min(amounts), max(amounts)))
    least, most = _PLAUSIBLE_USD_YEAR
    return Pay(low, high) if least <= low and high <= most else None


def _number(match: re.Match[str]) -> float:
    whole, decimals, thousands = match.groups()
    number = float(re.sub(r"[,.\s]", "", whole) + (decimals or "").replace(",", "."))
    return number * 1000 if thousands else number


def _currency(text: str, country_code: str | None) -> str | None:
    for code in UNITS_A_DOLLAR:
        if re.search(rf"\b{code}\b", text):
            return code
    for symbol in sorted(_SYMBOLS, key=len, reverse=True):
        if symbol in text:
            if symbol == "$" and country_code in ("CA", "AU", "NZ"):
                return {"CA": "CAD", "AU": "AUD", "NZ": "NZD"}[country_code]
            return _SYMBOLS[symbol]
    own = {"US": "USD", "GB": "GBP", "CA": "CAD", "AU": "AUD", "IN": "INR"}
    return own.get(country_code or "")


def _guessed_period(amount: float) -> str | None:
    if amount < _HOURLY_BELOW:
        return "hour"
    return "year" if amount >= _YEARLY_FROM else None
