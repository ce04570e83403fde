"""Job boards and searches → recorded answers in a source's folder, read like any other file."""
