"""Workbooks about people: the audit trail."""
