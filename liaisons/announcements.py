"""What this app tells the apps above it, inside the transaction: a receiver that fails undoes the act.

`appointed` is sent with unit, posts (those that are held now), by and at when posts of a unit were filled or confirmed.
`closed` is sent with unit, into (None for a unit that was dissolved), by and at when a unit was closed.
"""

from __future__ import annotations

from django.dispatch import Signal

appointed = Signal()
closed = Signal()
