"""Pages that belong to no app: the first page, the demo's clock, errors."""
