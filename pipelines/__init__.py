"""The pipeline's rooms: tables go in one direction, contracts → rooms → defs, cli → definitions."""
