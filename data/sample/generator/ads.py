"""Words an ad: the facts of a posting in, the text of its ad out, in the employer's house style.

Belongs here: sentences, sections and house styles. Which skills a posting asks for is decided in
`market`.
"""

from __future__ import annotations

import html
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from market import Posting
from vocabulary import Skill, load_skills, load_yaml

UNLABELED_SHARE = 0.07
PREFERRED_SHARE = 0.2
DUTY_SHARE = 0.42
TRAIT_STARTS = ("the ", "a ", "an ", "proof ", "practice ")


@dataclass
class Section:
    """One part of an ad; `heading` is empty for the opening."""

    heading: str
    lines: list[str]
    is_prose: bool = False


def capitalize(text: str) -> str:
    """The text with its first letter raised, the rest untouched."""
    return text[:1].upper() + text[1:]


class AdWriter:
    """Writes the ad of one posting; all choices come from the posting's own number and the seed."""

    def __init__(self, posting: Posting, seed: int) -> None:
        self.posting = posting
        self.frames: dict[str, Any] = load_yaml("ad_frames.yml")
        self.chance = random.Random(f"ad {seed} {posting.number}")
        self.reference = f"{posting.occupation[:2].upper()}-{posting.number:07d}"

    def pick(self, name: str) -> str:
        """A frame of the given list with every slot but skill and duty filled."""
        return self.fill(self.chance.choice(self.frames[name]))

    def fill(self, frame: str) -> str:
        """The frame with company facts and numbers filled in; `{skill}` and `{duty}` stay."""
        posting, chance = self.posting, self.chance
        firm = random.Random(f"firm {posting.employer.name}")
        if "{tail}" in frame:
            frame = frame.replace("{tail}", chance.choice(self.frames["tail"]))
        if "{adverb}" in frame:
            frame = frame.replace("{adverb}", chance.choice(self.frames["adverb"]))
        values = {
            "employer": posting.employer.name,
            "town": posting.employer.town.split(",")[0],
            "title": posting.title,
            "schooling": posting.schooling,
            "ref": self.reference,
            "mail": f"jobs@{posting.employer.domain}",
            "founded": firm.randint(1931, 2016),
            "people": firm.randint(12, 480),
            "n": chance.randint(12, 480),
            "years": chance.choice(("two", "three", "four", "five", "six")),
            "few": chance.choice(("two", "three", "four")),
            "crew": chance.choice(("two", "three", "four", "five")),
            "time": chance.choice(("morning", "weekly", "monthly", "hand-over")),
            "hours": chance.choice((24, 32, 36, 40)),
            "day": chance.choice((1, 30, 60, 90)),
            "percent": chance.randint(2, 6),
            "days": chance.randint(12, 25),
            "weeks": chance.randint(4, 14),
            "money": chance.randint(8, 60) * 100,
            "small": chance.randint(10, 60) * 10,
        }
        if "{shift}" in frame:
            values["shift"] = chance.choice(self.frames["shift"])
        return frame.format_map(values | {"skill": "{skill}", "duty": "{duty}"})

    def duty(self, skill: Skill, is_prose: bool) -> str:
        """A duty that evidences the skill; some in words that no label has."""
        unlabeled = self.chance.random() < UNLABELED_SHARE
        phrase = self.chance.choice(skill.otherwise if unlabeled else skill.duties)
        frame = self.pick("prose_duty" if is_prose else "duty")
        return capitalize(frame.replace("{duty}", phrase))

    def need(self, skill: Skill, is_prose: bool) -> str:
        """A requirement that names the skill."""
        if not is_prose and self.chance.random() < 0.25:
            frame = self.pick("need_able")
            return frame.replace("{duty}", self.chance.choice(skill.duties))
        phrase = self.chance.choice(skill.ads)
        is_trait = phrase.startswith(TRAIT_STARTS)
        frame = self.pick("prose_need" if is_prose else "need_trait" if is_trait else "need")
        return capitalize(frame.replace("{skill}", phrase))

    def sections(self) -> list[Section]:
        """All sections in the order of the ad."""
        chance = self.chance
        is_prose = self.posting.employer.style in ("prose", "html_prose")
        duties, needs, preferred = [], [], []
        for key in self.posting.skills:
            skill = load_skills()[key]
            lot = chance.random()
            if lot < DUTY_SHARE:
                duties.append(self.duty(skill, is_prose))
            elif lot < 1 - PREFERRED_SHARE:
                needs.append(self.need(skill, is_prose))
            else:
                phrase = chance.choice(skill.ads)
                preferred.append(self.pick("preferred").replace("{skill}", phrase))
        end = "." if is_prose else ""
        duties += [line + end for line in self.sample("routine", 1, 3)]
        needs.insert(chance.randint(0, len(needs)), self.pick("schooling") + end)
        opening = [self.pick("intro")]
        benefits = [line + end for line in self.sample("benefit", 2, 5)]
        parts = [
            Section("", opening, True),
            Section(self.heading("about"), self.sample("about", 1, 2), True),
            Section(self.heading("duties"), duties, is_prose),
            Section(self.heading("needs"), needs, is_prose),
            Section(self.heading("preferred"), [line + end for line in preferred], is_prose),
            Section(self.heading("conditions"), [self.pick("condition")], True),
            Section(self.heading("benefits"), benefits, is_prose),
            Section(self.heading("equal"), [self.pick("equal")], True),
            Section(self.heading("apply"), [self.pick("apply")], True),
        ]
        return [part for part in parts if part.lines]

    def sample(self, name: str, low: int, high: int) -> list[str]:
        """Between `low` and `high` different filled frames of a list."""
        chosen = self.chance.sample(self.frames[name], self.chance.randint(low, high))
        return [self.fill(frame) for frame in chosen]

    def heading(self, name: str) -> str:
        """A heading in the words this employer always uses."""
        choices = self.frames["headings"][name]
        return choices[len(self.posting.employer.name) % len(choices)]

    def text(self) -> str:
        """The ad in the employer's house style (HTML for the two HTML styles)."""
        return RENDERERS[self.posting.employer.style](self.sections())


def render_html_lists(sections: list[Section]) -> str:
    """Headings and bulleted lists in HTML."""
    parts = []
    for section in sections:
        if section.heading:
            parts.append(f"<h3>{html.escape(section.heading)}</h3>")
        lines = [html.escape(line, quote=False) for line in section.lines]
        if section.is_prose:
            parts += [f"<p>{line}</p>" for line in lines]
        else:
            parts.append("<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>")
    return "<div>" + "\n".join(parts) + "</div>"


def render_html_prose(sections: list[Section]) -> str:
    """Paragraphs in HTML with bold run-in headings and hard line breaks."""
    parts = []
    for section in sections:
        lead = f"<b>{html.escape(section.heading)}</b><br/>" if section.heading else ""
        body = " ".join(html.escape(line, quote=False) for line in section.lines)
        parts.append(f"<p>{lead}{body}</p>")
    return "".join(parts)


def render_plain(sections: list[Section], bullet: str, head: Callable[[str], str]) -> str:
    """Plain text: headings on their own line, one bullet a line, a blank line between sections."""
    blocks = []
    for section in sections:
        lines = [head(section.heading)] if section.heading else []
        lines += section.lines if section.is_prose else [bullet + line for line in section.lines]
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks)


def render_prose(sections: list[Section]) -> str:
    """Plain paragraphs; only the legal and the application parts have a heading."""
    blocks = []
    for section in sections:
        body = " ".join(section.lines)
        blocks.append(f"{section.heading}: {body}" if section.heading else body)
    return "\n\n".join(blocks)


RENDERERS: dict[str, Callable[[list[Section]], str]] = {
    "html_lists": render_html_lists,
    "html_prose": render_html_prose,
    "capital_headings": lambda sections: render_plain(sections, "- ", str.upper),
    "bullets": lambda sections: render_plain(sections, "\u2022 ", lambda heading: heading),
    "dashes": lambda sections: render_plain(sections, "-- ", lambda heading: f"** {heading} **"),
    "prose": render_prose,
}
