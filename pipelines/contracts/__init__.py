"""Contracts: what each table promises. One declaration a table; nothing here touches data at rest.

`TABLES` lists every table of the warehouse in the order data walks through them.
"""

from pipelines.contracts.core import CORE
from pipelines.contracts.mart import MART
from pipelines.contracts.raw import RAW
from pipelines.contracts.table import Column, Table

TABLES: dict[str, Table] = {table.name: table for table in (*RAW, *CORE, *MART)}

__all__ = ["TABLES", "Column", "Table"]
