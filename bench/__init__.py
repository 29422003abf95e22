"""Measurements against peers, each one command: `python -m bench.wall`."""
