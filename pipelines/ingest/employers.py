"""An employer's name in one form.

Belongs here: legal suffixes, case, punctuation, trading names. Not here: agencies (core.postings).
"""

import re

_TRADING_AS = re.compile(
    r"\b(?:d\s*[/.]?\s*b\s*[/.]?\s*a\.?|doing business as|trading as|t/a)\s+(.+)$", re.IGNORECASE
)
_BRACKETED = re.compile(r"\s*[\[(][^\[\]()]*[\])]\s*$")
_LEGAL = re.compile(
    r"(?:\s+(?:inc|incorporated|llc|l l c|llp|lp|ltd|limited|plc|corp|corporation|co|company|gmbh|"
    r"ag|ab|as|oy|bv|b v|nv|sa|s a|sas|srl|pty|pvt|pc|pllc|group|holdings?))+$"
)


def employer_id(name: str | None) -> str | None:
    """`name` in lower case without punctuation, brackets and legal suffixes; None for a blank one.

    Of a legal name with a trading name (``Acme Holdings LLC dba Bright Cafe``) the trading name
    counts: it is what the public knows.
    """
    if not name or not name.strip():
        return None
    traded = _TRADING_AS.search(name)
    text = _BRACKETED.sub("", traded.group(1) if traded else name) or name
    text = re.sub(r"['’]", "", text.casefold()).replace("&", " and ")
    text = " ".join(re.sub(r"[^\w\s]|_", " ", text).split()).removeprefix("the ")
    return _LEGAL.sub("", text) or text or None
