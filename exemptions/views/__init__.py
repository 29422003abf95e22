"""Pages of lists and cases."""
