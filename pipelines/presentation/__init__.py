"""What pages, reports and the command line say alike: sentences, names, quotes, cards, colors.

Reads an open snapshot, writes nothing, and knows of no page and no file format.
"""
