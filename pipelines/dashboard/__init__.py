"""The committee's web application: pages laid out from the published snapshot and the address.

Belongs here: pages, pictures, addresses, the server. Does not belong here: formulas (gap_metrics),
sentences that reports say too (presentation), anything that writes the warehouse.
"""

from pipelines.dashboard.app import close, create_app, serve

__all__ = ["close", "create_app", "serve"]
