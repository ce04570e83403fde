"""A bundle: a zip or a directory whose members are found by name, plain or gzipped.

Belongs here: opening members and checking columns. Does not belong here: what the columns mean.
"""

import gzip
import zipfile
from pathlib import Path, PurePosixPath

import polars as pl


class BundleError(ValueError):
    """A bundle, member or column is missing or unreadable; the message names it and the mend."""


class Bundle:
    """Read-only view of a zip or directory by member name (folders inside are ignored)."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        if self.path.is_dir():
            self._archive = None
            names = [str(p.relative_to(self.path)) for p in sorted(self.path.rglob("*"))]
        elif zipfile.is_zipfile(self.path):
            self._archive = zipfile.ZipFile(self.path)
            names = self._archive.namelist()
        else:
            raise BundleError(f"{self.path}: neither a directory nor a zip file")
        self._members = {PurePosixPath(n.replace("\\", "/")).name: n for n in names}

    def find(self, *names: str) -> str | None:
        """The first of `names` that is there, plain or with ``.gz``; None if none is."""
        for name in names:
            for candidate in (name, f"{name}.gz"):
                if candidate in self._members:
                    return candidate
        return None

    def read(self, *names: str) -> tuple[str, bytes]:
        """Name and unzipped bytes of the first member of `names` that is there.

        Raises BundleError if none is, or if a gzipped member is damaged.
        """
        member = self.find(*names)
        if member is None:
            raise BundleError(
                f"{self.path}: member {' or '.join(names)} is missing; "
                "download the complete bundle and do not rename its files"
            )
        inner = self._members[member]
        data = self._archive.read(inner) if self._archive else (self.path / inner).read_bytes()
        if member.endswith(".gz"):
            try:
                data = gzip.decompress(data)
            except (OSError, EOFError) as error:
                raise BundleError(f"{self.path}: member {member} is not valid gzip") from error
        return member.removesuffix(".gz"), data

    def read_csv(self, name: str, columns: tuple[str, ...], separator: str = ",") -> pl.DataFrame:
        """The member as a frame of strings. Raises BundleError if one of `columns` is absent."""
        member, data = self.read(name)
        try:
            frame = pl.read_csv(
                data,
                infer_schema=False,
                separator=separator,
                quote_char='"' if separator == "," else None,
            )
        except pl.exceptions.PolarsError as error:
            raise BundleError(f"{self.path}: member {member} is not readable: {error}") from error
        return require_columns(frame, columns, f"{self.path}: member {member}")


def require_columns(frame: pl.DataFrame, columns: tuple[str, ...], where: str) -> pl.DataFrame:
    """`frame` itself, or BundleError naming the absent columns and those that are there."""
    absent = [c for c in columns if c not in frame.columns]
    if absent:
        raise BundleError(
            f"{where}: column {', '.join(absent)} is missing (found: {', '.join(frame.columns)})"
        )
    return frame
