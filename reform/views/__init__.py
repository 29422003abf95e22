"""Pages of the work: the wall, the duties behind it, plans and reports."""
