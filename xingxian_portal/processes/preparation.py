"""What is put in order before the processes start: tables, the county's facts, the demo's story, the clock."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db import Error, connection, transaction

from reform.reminders import planning
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.processes import demo_accounts, preflight


def prepare(folder: Path, *, demo: bool) -> None:
    """Bring the database up to date and, with `demo`, play the story into an empty one; refuse what cannot be."""
    preflight.ensure_database_answers()
    try:
        call_command("migrate", interactive=False, verbosity=0)
        preflight.ensure_kind(demo=demo)
        call_command("load_facts", verbosity=0)
        if demo:
            _play(folder)
        clock.resume()
        planning.plan()  # or the reminders would be late until beat's first look, minutes from now
    except Error as error:
        raise Refused(preflight.database_trouble(error)) from error
    finally:
        connection.close()


def _play(folder: Path) -> None:
    # All or nothing: a start that is killed in the middle leaves an empty database, not half a story.
    with transaction.atomic():
        if not clock.is_demo():
            call_command("play_demo", verbosity=0)
        demo_accounts.let_in(demo_accounts.password(folder))
