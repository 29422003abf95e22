"""Workbooks of lists and cases, in and out."""
