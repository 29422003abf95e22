"""What people fill in about people."""
