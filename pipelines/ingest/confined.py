"""Parsers of files that strangers wrote, in a process of its own with bounded memory and time.

Belongs here: the bounds and what a broken one means. Not here: what is parsed (`documents`).
"""

import atexit
import multiprocessing
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import ParamSpec, TypeVar

import psutil
from pebble import ProcessExpired, ProcessPool

from pipelines.contracts.rules import MAX_PARSER_BYTES, MAX_PARSER_SECONDS
from pipelines.ingest.bounded import TooLarge, megabytes

P = ParamSpec("P")
R = TypeVar("R")


class ParserStopped(RuntimeError):
    """A parser ended without an answer; the text says what that may mean."""


def confined(parser: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `parser` returns or raises; it runs apart from this process.

    Raises:
        TooLarge: it asked for more memory or time than a file is worth.
        ParserStopped: it ended otherwise than by returning or raising.
    """
    try:
        answer: R = _parsers().schedule(parser, args, kwargs, MAX_PARSER_SECONDS).result()
        return answer
    except TimeoutError as error:
        raise TooLarge(f"reading it takes more than {MAX_PARSER_SECONDS} seconds") from error
    except MemoryError as error:
        raise TooLarge(f"reading it takes more than {megabytes(MAX_PARSER_BYTES)}") from error
    except ProcessExpired as error:
        reason = f"its parser stopped: it is damaged, or takes over {megabytes(MAX_PARSER_BYTES)}"
        raise ParserStopped(reason) from error


@cache
def _parsers() -> ProcessPool:
    pool = ProcessPool(1, initializer=_bound, context=multiprocessing.get_context("spawn"))
    atexit.register(_end, pool)
    return pool


def _end(pool: ProcessPool) -> None:
    pool.stop()
    pool.join()


def _bound() -> None:
    """Bound this process's memory where the system lets a process do that."""
    with suppress(AttributeError, ValueError, OSError):
        process = psutil.Process()
        limit = process.memory_info().vms + MAX_PARSER_BYTES
        process.rlimit(psutil.RLIMIT_AS, (limit, limit))
