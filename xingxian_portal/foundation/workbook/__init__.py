"""Workbooks in and out: what every sheet of the county has in common."""
