"""JSON text → values that can be written again."""

import json
import re
from typing import Any

HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


def parse_json(text: str) -> Any:
    """`text` as JSON. Halves of characters, left where a provider cut a text, become U+FFFD.

    Raises:
        ValueError: it is none, or nested too deeply to be meant.
    """
    try:
        value = json.loads(text)
        if HALF_CHARACTER.search(text):
            units = json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass")
            value = json.loads(units.decode("utf-16", "replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return value
