"""The SOC 2018 occupation that a posting's title names.

Belongs here: what is noise in a title, the nearest of O*NET's titles, how sure that is.
Does not belong here: where the titles come from (`importers.occupations`), sectors.

Two steps. A title that O*NET lists, once noise is stripped, has its occupation. Any other is
compared with all of them by the words they share, weighted by inverse frequency; the nearest
titles vote, and the share of the votes times their nearness is the confidence.
"""

import html
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import sparse

from skills_taxonomy.normalization import word_form, words
from skills_taxonomy.sectors import CROSSWALKS

LEAST_CONFIDENCE = 0.45
"""Below this an occupation is not named; chosen on alternate titles held out."""
_VOTERS_N = 8
_OFFICIAL_WEIGHT = 1.5
_HEAD_WEIGHT = 2.0
_UNSEEN_WEIGHT = 6.0
_BATCH_N = 2_000
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}")
_GENDER = re.compile(r"\b[mfwdx](?:\s*/\s*[mfwdxv*]){1,3}\b", re.IGNORECASE)
_NOISE = re.compile(
    r"\b(?:senior|snr|sr|junior|jnr|jr|entry[ -]level|mid[ -]level|experienced|lead|principal|"
    r"trainee|apprentice|intern(?:ship)?|graduate|deputy|bank|locum|temporary|temp|permanent|"
    r"full[ -]time|part[ -]time|fixed[ -]term|remote|hybrid|on[ -]?site|urgent|hiring|wanted|"
    r"(?:band|grade|level|tier|class|step)\s*(?:\d+[a-z]?|[ivx]+)?(?:\s*(?:/|-|to)\s*\d+[a-z]?)?|"
    r"[ivx]{1,4}|\d+)\b\.?",
    re.IGNORECASE,
)
_SEPARATORS = re.compile(r"\s+[-–—|•@]\s+|[,;:|]|\s+(?:at|in|for)\s+(?=[A-Z])")
_GRADE_FIRST = re.compile(r"^\W*consultant\s+(?:in\s+)?(?=\w)", re.IGNORECASE)
"""A British hospital's grade, where it leads: ``Consultant Psychiatrist``."""
_BRITISH_AE = re.compile(r"(?<=[a-z])ae(?=[a-z])")
_ANY_PRACTITIONER = re.compile(r"(?<!\bnurse )(?<!\bgeneral )\bpractitioners?\b")
"""Says no more than "professional", but of nurses and family doctors."""
_SHORT_FORMS = {
    "rn": "registered nurse",
    "rgn": "registered nurse",
    "rmn": "psychiatric nurse",
    "lpn": "licensed practical nurse",
    "cna": "certified nursing assistant",
    "hca": "health care assistant",
    "gp": "general practitioner",
    "hgv": "truck",
    "dev": "developer",
    "eng": "engineer",
    "mgr": "manager",
    "asst": "assistant",
    "admin": "administrative",
    "hr": "human resources",
    "qa": "quality assurance",
    "it": "information technology",
    "theatre": "operating room",
    "radiographer": "radiologic technologist",
    "physiotherapist": "physical therapist",
    "healthcare": "health care",
    "sister": "charge nurse",
    "rnld": "registered nurse",
    "doctor": "physician",
    "frontend": "front end",
    "backend": "back end",
    "fullstack": "full stack",
}


@dataclass(frozen=True)
class Occupation:
    """An occupation that a title names; `method` is listed, near or none.

    With none, `soc_code` is None and `confidence` that of the best guess.
    """

    soc_code: str | None
    method: str
    confidence: float


def title_parts(title: str) -> list[list[str]]:
    """The normal forms of the words of a title's parts, noise stripped, the head part first.

    ``Senior Staff Nurse (Band 6) - Cardiology, m/f/d`` gives ``staff nurse`` and ``cardiology``.
    """
    text = html.unescape(html.unescape(title)).replace("/", " / ")
    text = _GENDER.sub(" ", _BRACKETS.sub(" ", text))
    parts = [
        _forms(_NOISE.sub(" ", part)) for part in _SEPARATORS.split(_GRADE_FIRST.sub("", text))
    ]
    kept = [part for part in parts if part]
    return kept or [_forms(text)] if _forms(text) else kept


def _forms(text: str) -> list[str]:
    spelled = " ".join(_SHORT_FORMS.get(word.lower(), word.lower()) for word in words(text))
    american = _BRITISH_AE.sub("e", _ANY_PRACTITIONER.sub(" ", spelled))
    return [form for word in american.split() if (form := word_form(word))]


class Titles:
    """O*NET's titles by their words; `titles` has soc_code, title, is_official."""

    def __init__(self, titles: pl.DataFrame) -> None:
        rows = [
            (soc_code, " ".join(_forms(_BRACKETS.sub(" ", title))), is_official)
            for soc_code, title, is_official in titles.iter_rows()
        ]
        rows = [row for row in rows if row[1]]
        self._soc_codes = np.array([row[0] for row in rows])
        self._weights = np.array([_OFFICIAL_WEIGHT if row[2] else 1.0 for row in rows])
        self._listed: dict[str, dict[str, float]] = defaultdict(dict)
        for soc_code, form, is_official in rows:
            named = self._listed[form]
            weight = _OFFICIAL_WEIGHT if is_official else 1.0
            named[soc_code] = max(weight, named.get(soc_code, 0.0))
        self._columns: dict[str, int] = {}
        for _, form, _ in rows:
            for word in form.split():
                self._columns.setdefault(word, len(self._columns))
        counts = np.zeros(len(self._columns))
        for _, form, _ in rows:
            counts[[self._columns[word] for word in set(form.split())]] += 1
        self._rarity = np.log(1 + len(rows) / counts)
        self._matrix = self._vectors([[form.split()] for _, form, _ in rows]).T.tocsr()

    @classmethod
    def load(cls) -> "Titles":
        """The shipped titles."""
        return cls(pl.read_parquet(CROSSWALKS / "occupation_titles.parquet"))

    def occupations(self, titles: Sequence[str]) -> list[Occupation]:
        """The occupation of each title."""
        parts = [title_parts(title) for title in titles]
        found = [self._listed_as(part) for part in parts]
        unlisted = [n for n, occupation in enumerate(found) if occupation is None]
        for at in range(0, len(unlisted), _BATCH_N):
            chosen = unlisted[at : at + _BATCH_N]
            near = self._near([parts[n] for n in chosen])
            for n, occupation in zip(chosen, near, strict=True):
                found[n] = occupation
        return [occupation for occupation in found if occupation is not None]

    def _listed_as(self, parts: list[list[str]]) -> Occupation | None:
        head = " ".join(parts[0]) if parts else ""
        for form in (head, " ".join(word for part in parts for word in part)):
            named = self._listed.get(form)
            if named:
                soc_code = max(sorted(named), key=named.__getitem__)
                share = named[soc_code] / sum(named.values())
                if share >= LEAST_CONFIDENCE:
                    return Occupation(soc_code, "listed", round(share, 3))
        return None

    def _near(self, titles: Sequence[list[list[str]]]) -> Iterable[Occupation]:
        similar = (self._vectors(titles) @ self._matrix).tocsr()
        for start, end in zip(similar.indptr[:-1], similar.indptr[1:], strict=True):
            yield self._voted(similar.indices[start:end], similar.data[start:end])

    def _voted(self, rows: np.ndarray, nearness: np.ndarray) -> Occupation:
        if not len(rows):
            return Occupation(None, "none", 0.0)
        nearest = np.lexsort((rows, -nearness))[:_VOTERS_N]
        votes: dict[str, float] = defaultdict(float)
        for soc_code, near, weight in zip(
            self._soc_codes[rows[nearest]],
            nearness[nearest],
            self._weights[rows[nearest]],
            strict=True,
        ):
            votes[str(soc_code)] += float(near**3 * weight)
        soc_code = max(sorted(votes), key=votes.__getitem__)
        share = votes[soc_code] / sum(votes.values())
        confidence = round(share**0.5 * float(nearness.max()), 3)
        if confidence < LEAST_CONFIDENCE:
            return Occupation(None, "none", confidence)
        return Occupation(soc_code, "near", confidence)

    def _vectors(self, titles: Iterable[list[list[str]]]) -> sparse.csr_matrix:
        """Unit rows; the words of a title's head part, and its last word most, weigh more."""
        columns, values, starts = [], [], [0]
        for parts in titles:
            weights: dict[int, float] = {}
            for n, part in enumerate(parts):
                for at, word in enumerate(part):
                    if word in self._columns:
                        column = self._columns[word]
                        own = self._rarity[column] / (1 + n)
                        own *= _HEAD_WEIGHT if at == len(part) - 1 else 1.0
                        weights[column] = max(own, weights.get(column, 0.0))
                    elif n == 0:
                        weights[-1 - at] = _UNSEEN_WEIGHT
            length = sum(value * value for value in weights.values()) ** 0.5
            known = {c: v / length for c, v in sorted(weights.items()) if c >= 0}
            columns += list(known)
            values += list(known.values())
            starts.append(len(columns))
        shape = (len(starts) - 1, len(self._columns))
        return sparse.csr_matrix((values, columns, starts), shape=shape, dtype=np.float64)


def title_occupations(titles: pl.DataFrame) -> pl.DataFrame:
    """title, occupation_code, method, confidence: one row a distinct value of column title."""
    distinct = titles["title"].unique(maintain_order=True).to_list()
    found = Titles.load().occupations(distinct)
    return pl.DataFrame(
        [
            (title, named.soc_code, named.method, named.confidence)
            for title, named in zip(distinct, found, strict=True)
        ],
        schema={
            "title": pl.String,
            "occupation_code": pl.String,
            "method": pl.String,
            "confidence": pl.Float64,
        },
        orient="row",
    )


def occupations_frame() -> pl.DataFrame:
    """occupation_code, title: the official titles of SOC 2018, as O*NET gives them."""
    titles = pl.read_parquet(CROSSWALKS / "occupation_titles.parquet")
    return (
        titles.filter("is_official")
        .unique("soc_code", keep="first", maintain_order=True)
        .select(occupation_code="soc_code", title="title")
    )


def cip_occupations() -> pl.DataFrame:
    """cip_code, occupation_code: CIP 2020 programs and the SOC 2018 occupations they lead to.

    The crosswalk of NCES and BLS; rows without a match are left out.
    """
    return (
        pl.read_csv(CROSSWALKS / "cip_soc.csv", infer_schema=False)
        .select("cip_code", occupation_code="soc_code")
        .filter(pl.col("occupation_code") != "99-9999", pl.col("cip_code") != "99.9999")
        .unique()
        .sort("cip_code", "occupation_code")
    )


def occupation_sectors() -> pl.DataFrame:
    """occupation_code, sector_code, employment_n, sector_share, median_usd_year.

    Facts of BLS OEWS, May 2025.
    """
    mix = pl.read_parquet(CROSSWALKS / "occupation_sectors.parquet")
    share = pl.col("employment_n") / pl.col("employment_n").sum().over("soc_code")
    return mix.select(
        "sector_code",
        "employment_n",
        "median_usd_year",
        occupation_code="soc_code",
        sector_share=share,
    )
