"""Pages about people: log-in, accounts, roles, notices, the audit trail."""
