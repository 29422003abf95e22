"""Pages of the case-file review."""
