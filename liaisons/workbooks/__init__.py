"""Workbooks about people, units and the calendar, in and out; the audit trail."""
