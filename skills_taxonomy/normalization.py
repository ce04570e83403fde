"""Normal forms of words and labels, shared by importers, label index and spaCy components.

Belongs here: anything that decides whether two spellings are the same word or the same label.
Does not belong here: which labels are trusted (`ambiguity`), how texts are searched (`components`).
"""

import re
from functools import lru_cache

import Stemmer

_STEMMER = Stemmer.Stemmer("english")

_BRITISH_ENDINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<=[a-z]{3})isation(s?)$"), r"ization\1"),
    (re.compile(r"(?<=[a-z]{3})ise(d|r|rs|s)?$"), r"ize\1"),
    (re.compile(r"(?<=[a-z]{3})ising$"), "izing"),
    (re.compile(r"(?<=[a-z]{3})yse(d|r|rs|s)?$"), r"yze\1"),
    (re.compile(r"(?<=[a-z]{3})ysing$"), "yzing"),
    (re.compile(r"(?<=[a-z]{2})elling$"), "eling"),
    (re.compile(r"(?<=[a-z]{2})elled$"), "eled"),
)
_NOT_BRITISH = frozenset(
    [
        "advise",
        "advised",
        "advises",
        "advising",
        "exercise",
        "exercises",
        "exercised",
        "exercising",
        "revise",
        "revised",
        "revises",
        "revising",
        "supervise",
        "supervised",
        "supervises",
        "supervising",
        "devise",
        "devised",
        "precise",
        "concise",
        "expertise",
        "enterprise",
        "enterprises",
        "otherwise",
        "promise",
        "comprise",
        "comprises",
        "comprising",
        "franchise",
        "raise",
        "raised",
        "raising",
        "rise",
        "rising",
        "noise",
        "wise",
        "likewise",
        "premise",
        "premises",
        "praise",
        "improvise",
        "improvised",
        "merchandise",
        "merchandising",
        "televise",
        "surprise",
        "disguise",
        "selling",
        "spelling",
        "telling",
        "dwelling",
        "compromise",
        "arise",
        "cruise",
        "bruise",
        "demise",
        "excise",
    ]
)
_BRITISH_WORDS = {
    "aluminium": "aluminum", "anaemia": "anemia", "anaesthesia": "anesthesia",
    "anaesthetic": "anesthetic", "anaesthetics": "anesthetics", "behaviour": "behavior",
    "behavioural": "behavioral", "behaviours": "behaviors", "catalogue": "catalog",
    "catalogues": "catalogs", "centre": "center", "centres": "centers", "cheque": "check",
    "colour": "color", "colours": "colors", "colouring": "coloring", "defence": "defense",
    "dialogue": "dialog", "fibre": "fiber", "fibres": "fibers", "fulfil": "fulfill",
    "grey": "gray", "gynaecology": "gynecology", "haematology": "hematology",
    "harbour": "harbor", "honour": "honor", "labour": "labor", "licence": "license",
    "licences": "licenses", "litre": "liter", "metre": "meter", "metres": "meters",
    "mould": "mold", "moulds": "molds", "moulding": "molding", "neighbourhood": "neighborhood",
    "odour": "odor", "oedema": "edema", "oesophagus": "esophagus", "oestrogen": "estrogen",
    "orthopaedic": "orthopedic", "orthopaedics": "orthopedics", "paediatric": "pediatric",
    "paediatrics": "pediatrics", "plough": "plow", "practise": "practice",
    "practised": "practiced", "practising": "practicing", "programme": "program",
    "programmes": "programs", "skilful": "skillful", "sulphur": "sulfur", "theatre": "theater",
    "theatres": "theaters", "tyre": "tire", "tyres": "tires", "vapour": "vapor",
    "judgement": "judgment", "judgements": "judgments",
}  # fmt: skip
_IRREGULAR = {
    "wrote": "write", "written": "write", "taught": "teach", "drawn": "draw", "drew": "draw",
    "built": "build", "led": "lead", "drove": "drive", "driven": "drive", "made": "make",
    "kept": "keep", "given": "give", "gave": "give", "taken": "take", "took": "take",
    "analyses": "analysis", "diagnoses": "diagnosis", "hypotheses": "hypothesis",
    "children": "child", "people": "person", "women": "woman", "men": "man", "lathes": "lathe",
    "dies": "die",
}  # fmt: skip
_ARTICLES = frozenset({"a", "an", "the"})
SKIPPED, BARRIER = "∅", "¦"
"""Forms of a word that says nothing, and of what no label reaches across."""
DETERMINERS = frozenset(
    [
        "their",
        "your",
        "our",
        "his",
        "her",
        "its",
        "my",
        "all",
        "any",
        "own",
        "some",
        "this",
        "these",
        "those",
        "each",
        "every",
    ]
)
_TRAILING_PARENTHESIS = re.compile(r"\s+\([^()]*\)\s*$")
_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*(?:\+\+|#|\+(?!\w))?|\.NET\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s?$")
_INFLECTIONS = ("s", "es", "ed", "d", "ing")


def base_label(label: str) -> str:
    """The label without trailing parentheses: ``Python (computer programming)`` -> ``Python``.

    A label that is nothing but parentheses is returned trimmed and unchanged.
    """
    text = label.strip()
    while (shorter := _TRAILING_PARENTHESIS.sub("", text).strip()) and shorter != text:
        text = shorter
    return text


def words(text: str) -> list[str]:
    """The words of `text` in order. ``C++``, ``C#``, ``.NET`` and ``Node.js`` are one word each."""
    return [m.group() for m in _WORD.finditer(text)]


def american(word: str) -> str:
    """American spelling of a lower-case word; other words come back unchanged."""
    if word in _BRITISH_WORDS:
        return _BRITISH_WORDS[word]
    if word in _NOT_BRITISH:
        return word
    for pattern, replacement in _BRITISH_ENDINGS:
        changed, n = pattern.subn(replacement, word)
        if n:
            return changed
    return word


@lru_cache(maxsize=200_000)
def word_form(word: str) -> str:
    """Normal form of one word: lower case, no possessive, American, Snowball (English) stem.

    Words with digits or symbols (``C++``, ``802.11``) are lower-cased only. Articles give ``""``.
    """
    lower = _POSSESSIVE.sub("", word.lower())
    if lower in _ARTICLES and word != "A":
        return ""
    if not lower.isalpha() or not lower.isascii():
        return lower
    lower = american(_IRREGULAR.get(lower, lower))
    return str(_STEMMER.stemWord(lower)) if len(lower) > 2 else lower


def normal_form(text: str) -> str:
    """Space-joined normal forms of the words of `text`: the key two equal labels share."""
    return " ".join(form for word in words(text) if (form := word_form(word)))


def strict_form(text: str) -> str:
    """Case-folded words without stemming: for deciding that two *names* are equal."""
    return " ".join(word.casefold() for word in words(text))


def _inflection_base(word: str) -> set[str]:
    bases = {word}
    for ending in _INFLECTIONS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            base = word[: -len(ending)]
            bases.add(base)
            if ending != "s":
                bases.add(base + "e")
            if len(base) > 3 and base[-1] == base[-2]:
                bases.add(base[:-1])
            if base.endswith("i"):
                bases.add(base[:-1] + "y")
    return bases


@lru_cache(maxsize=50_000)
def same_word(first: str, second: str) -> bool:
    """Whether two words are inflections (plural, -ed, -ing) of one word.

    Stems alone are not enough: ``patients``/``patents`` or ``organization``/``organs`` can collide
    or come close, and are different words. British and American spellings count as equal.
    """
    a, b = (american(_IRREGULAR.get(w.lower(), w.lower())) for w in (first, second))
    return a == b or bool(_inflection_base(a) & _inflection_base(b))


@lru_cache(maxsize=200_000)
def is_same_phrase(written: tuple[str, ...], label: str) -> bool:
    """Whether the words of a text say the label word by word, inflections aside.

    The first word of a longer label may be inflected (``administering medication``, not
    ``supervised work``); any other word may differ in number only, and a word in -ing or -ics not
    at all (a single verb may gain -ing): ``nurse`` is not ``nursing``, ``electronic`` not
    ``electronics``, ``patients`` not ``patents``. Where the words
    cannot be paired (``healthcare``, ``health care``), equal normal forms are enough.
    """
    have = [word for word in words(label) if word_form(word) and word.lower() not in DETERMINERS]
    if len(have) != len(written):
        return len(written) > 1
    if len(have) == 1 and written[0].lower().endswith("ing") and not have[0].endswith("ing"):
        return same_word(written[0], have[0])
    return all(
        _same_verb(text, word) if i == 0 and len(have) > 1 else _same_noun(text, word)
        for i, (text, word) in enumerate(zip(written, have, strict=True))
    )


def _same_verb(text: str, word: str) -> bool:
    is_participle = text.lower().endswith("ed") and not word.lower().endswith("ed")
    return same_word(text, word) and not is_participle


def _same_noun(text: str, word: str) -> bool:
    a, b = (american(_POSSESSIVE.sub("", w.lower())) for w in (text, word))
    a, b = _IRREGULAR.get(a, a), _IRREGULAR.get(b, b)
    if a == b:
        return True
    if b.endswith(("ing", "ics")) or a.endswith("ing"):
        return False
    return _singular(a) == _singular(b)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
