"""Masks what names or reaches a person before a text goes any further.

Belongs here: e-mail addresses, telephone numbers, names in contact blocks. The raw drop is only
read. Does not belong here: what a masked text means.
"""

import re

EMAIL, PHONE, NAME = "[e-mail]", "[phone]", "[name]"
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]++\s?(?:@\s?[\w-]+(?:\.[\w-]+)+|\[at\]\s?[\w.-]+)", re.IGNORECASE
)
_PHONE = re.compile(
    r"(?<![\w/.-])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,5}\)[\s.-]?|\b0\d{2,4}[\s.-]|\d{3}[\s.-])"
    r"\d{3,4}[\s.-]?\d{3,4}(?:\s?(?:x|ext\.?)\s?\d{1,5})?(?![\w/-])"
    r"|(?<![\w/.-])(?:\+\d{1,3}[\s.-]?\d[\d\s.-]{7,13}\d|0\d{9,10})(?![\w/-])"
)
_PERSON = (
    r"(?:(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof(?:essor)?|Sister|Sr)\.?\s+)?"
    r"[A-Z][a-zA-Z'’-]+(?:\s+(?:[A-Z]\.|[A-Z][a-zA-Z'’-]+)){1,2}"
)
_CUES = (
    r"(?:[Cc]ontact(?:\s+(?:[Nn]ame|[Pp]erson))?|[Nn]ame|[Pp]lease\s+(?:contact|call|email|e-mail|"
    r"ring|telephone)|[Aa]ttn|[Aa]ttention|[Ff]or\s+(?:an\s+)?(?:further|more|informal|additional)"
    r"[^.\n]{0,60}?(?:contact|call|email|e-mail|ring|telephone|to)|[Rr]ecruiter|"
    r"[Hh]iring\s+[Mm]anager|[Rr]eports?\s+to)"
)
_NAMED = re.compile(
    rf"({_CUES}\s*[:\-–]?\s*)({_PERSON})(?=\s*(?:[,.;:|(\n]|\[|on\b|at\b|via\b|[Jj]ob\b|$))"
)
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?\s+[A-Z][a-z'’-]+(?:\s+[A-Z][a-z'’-]+)?")


def mask_personal_data(text: str) -> str:
    """`text` with addresses, numbers and the names of contacts replaced by what they are."""
    masked = _EMAIL.sub(EMAIL, text)
    masked = _PHONE.sub(PHONE, masked)
    masked = _NAMED.sub(rf"\g<1>{NAME}", masked)
    return _TITLED.sub(NAME, masked)
