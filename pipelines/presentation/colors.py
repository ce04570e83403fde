"""The colors of every page and picture. The one scale of alignment is readable without color sense:
it runs from light to dark of one hue.
"""

ALIGNMENT_SCALE = ("#f3efe6", "#8fb8ca", "#174a63")
"""From 0 over one half to 1."""

DARK_CELL_FROM = 0.55
"""From this alignment on a cell is dark enough for white figures."""
