"""Exporters of a published snapshot: one class each, in `EXPORTERS`.

An exporter is given an open snapshot and writes files; it never opens a database itself.
"""

from pipelines.reports.files import CsvExporter, ParquetExporter
from pipelines.reports.overview import HtmlExporter
from pipelines.reports.workbook import WorkbookExporter

EXPORTERS = {
    exporter.FORMAT: exporter
    for exporter in (HtmlExporter, WorkbookExporter, CsvExporter, ParquetExporter)
}
