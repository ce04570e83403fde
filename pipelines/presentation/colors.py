"""The colors of every page and picture: their one home.

Orange stands for demand, blue for coverage; they differ in lightness too, and every bar has its
words. The scale of alignment runs from light to dark of one hue, so that it is readable without
color sense.
"""

ALIGNMENT_SCALE = ("#f3efe6", "#8fb8ca", "#174a63")
"""From 0 over one half to 1."""

LIGHT = {
    "ink": "#1d2b33",
    "soft": "#55656f",
    "line": "#d9d4c8",
    "paper": "#fbfaf6",
    "card": "#ffffff",
    "demand": "#b4552d",
    "coverage": "#1f6f8b",
    "mark": "#fbe6a6",
    "focus": "#174a63",
    "link": "#174a63",
}
DARK = {
    "ink": "#e8ecee",
    "soft": "#a9b6bd",
    "line": "#38444b",
    "paper": "#12191d",
    "card": "#1a2329",
    "demand": "#e08a5f",
    "coverage": "#63b3ce",
    "mark": "#6b5714",
    "focus": "#9bd0e4",
    "link": "#9bd0e4",
}


def css_variables() -> str:
    """The colors as CSS variables; dark where a screen prefers it, light on paper."""
    light, dark = (
        "".join(f"--{name}:{color};" for name, color in colors.items()) for colors in (LIGHT, DARK)
    )
    return f":root{{{light}}}@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"


def alignment_color(value: float) -> str:
    """The color of the scale at an alignment of 0 to 1, as #rrggbb."""
    place = min(max(value, 0.0), 1.0) * (len(ALIGNMENT_SCALE) - 1)
    first = min(int(place), len(ALIGNMENT_SCALE) - 2)
    low, high = (_channels(color) for color in ALIGNMENT_SCALE[first : first + 2])
    mixed = (a + (b - a) * (place - first) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def text_color_on(color: str) -> str:
    """Black or white, whichever stands out more: at least 4.5 to 1 on any color (WCAG 2.1)."""
    red, green, blue = (_linear(channel / 255) for channel in _channels(color))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#000000" if (luminance + 0.05) ** 2 >= 1.05 * 0.05 else "#ffffff"


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _channels(color: str) -> list[int]:
    return [int(color[start : start + 2], 16) for start in (1, 3, 5)]
