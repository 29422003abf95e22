"""What this app tells the apps above it, inside the transaction: a receiver that fails undoes the act.

`appointed` is sent with unit, posts (those that are held now), by and at when posts of a unit were filled or confirmed.
"""

from __future__ import annotations

from django.dispatch import Signal

appointed = Signal()
