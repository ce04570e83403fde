"""The command that reads one text: extract."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.console import WarehouseOption, err, out, plain_errors, taxonomy_of
from pipelines.ingest.source import IngestError
from pipelines.places import WAREHOUSE


def extract(
    path: Annotated[
        str | None,
        typer.Argument(metavar="FILE|-", help="Text, JSON Lines or a document; - is the input."),
    ] = None,
    kind: Annotated[
        Literal["posting", "syllabus"], typer.Option(help="How the text is to be read.")
    ] = "posting",
    mode: Annotated[
        Literal["accurate", "fast"],
        typer.Option(help="fast leaves out concepts that no label names."),
    ] = "accurate",
    rank: Annotated[
        int, typer.Option(min=0, help="Also the N likeliest ESCO concepts of each sentence.")
    ] = 0,
    sentences: Annotated[
        bool, typer.Option("--sentences", help="Take each line of the input as one sentence.")
    ] = False,
    explain: Annotated[
        str | None, typer.Option(help="A sentence: say why it gives the mentions it gives.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(help="With --explain: write the marked sentence there, as HTML.")
    ] = None,
    warehouse: WarehouseOption = WAREHOUSE,
) -> None:
    """Find the skills in a text; writes one JSON line a sentence.

    JSON Lines need `text`, an `id` is passed through. Offsets are characters of the sentence.

    Examples: `skillgap extract ad.pdf` · `skillgap extract --kind syllabus course.md` ·
    `echo "Able to weld pipes" | skillgap extract - --rank 5` ·
    `skillgap extract --explain "Three years of nursing experience, React is a plus"`
    """
    from pipelines.extraction.runner import load_pipeline

    with plain_errors():
        if (path is None) == (explain is None):
            raise IngestError("extract: give a FILE, - for the input, or --explain SENTENCE")
        taxonomy = taxonomy_of(warehouse)
        with err.status("loading the taxonomy (a quarter of a minute the first time)"):
            nlp = load_pipeline(warehouse / "extraction", taxonomy, mode=mode)
        label_of = dict(taxonomy.skills.select("skill_id", "preferred_label").iter_rows())
        if explain is not None:
            from pipelines.extraction.explain import Explanation

            explanation = Explanation(explain, kind, nlp, label_of)
            for line in explanation.in_words():
                out.print(line, highlight=False, markup=False)
            if html:
                html.write_text(explanation.html(), encoding="utf-8")
                out.print(f"wrote {html}")
            return
        from pipelines.extraction.records import sentence_records

        documents = _documents(str(path), sentences)
        for record in sentence_records(
            documents, kind, nlp, label_of, one_sentence=sentences, rank=rank
        ):
            sys.stdout.write(json.dumps(record, ensure_ascii=False) + "\n")


def _documents(path: str, one_sentence: bool) -> Iterator[tuple[str | None, str]]:
    """(id or None, text) of the documents, or lines, of a file or of standard input."""
    from pipelines.ingest.documents import DOCUMENT_TEXT
    from pipelines.ingest.readers import read_file
    from pipelines.ingest.records import Reject
    from pipelines.ingest.text import decode, read_text

    if path != "-" and not Path(path).is_file():
        raise IngestError(f"{path}: there is no such file")
    is_lines = path == "-" or Path(path).suffix in (".txt", ".jsonl", ".ndjson")
    if is_lines:
        text = decode(sys.stdin.buffer.read()) if path == "-" else read_text(Path(path))
        lines = [line for line in text.splitlines() if line.strip()]
        if lines and lines[0].lstrip().startswith("{"):
            yield from _json_documents(lines, path)
        elif one_sentence:
            yield from ((None, line) for line in lines)
        else:
            yield None, text
        return
    for record in read_file(Path(path), path):
        if isinstance(record, Reject):
            err.print(f"[yellow]skillgap:[/yellow] {record.locator}: {record.message}")
            continue
        fields = record.fields
        described = fields.get(DOCUMENT_TEXT) or "\n\n".join(
            str(fields[name]) for name in ("title", "description") if fields.get(name)
        )
        if described:
            yield None, described


def _json_documents(lines: list[str], path: str) -> Iterator[tuple[str | None, str]]:
    """The documents of JSON lines; a line that is none is said and left out."""
    for number, line in enumerate(lines, start=1):
        try:
            record = json.loads(line)
            name, text = record.get("id"), record["text"]
            if not isinstance(text, str):
                raise TypeError
        except (json.JSONDecodeError, AttributeError, KeyError, TypeError):
            place = f"{path}, line {number}"
            err.print(f'[yellow]skillgap:[/yellow] {place}: left out, it is not {{"text": "…"}}')
            continue
        yield (None if name is None else str(name)), text
