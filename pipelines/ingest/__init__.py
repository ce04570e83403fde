"""A file or a feed → rows of the raw tables, rejects beside them."""
