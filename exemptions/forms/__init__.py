"""What people fill in about lists and cases."""
