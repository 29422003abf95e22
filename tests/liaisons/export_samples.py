"""An export that a worker has written, as the tests of its pages need one."""

from __future__ import annotations

from liaisons.models import ExportRun, User
from xingxian_portal.foundation import clock, made_files


def written_run(user: User) -> ExportRun:
    """Give a run of the wall that is written for `user`."""
    now = clock.real_now()
    file = made_files.keep_bytes("挂图.xlsx", b"PK", by_id=user.pk)
    return ExportRun.objects.create(
        slug="wall",
        title="挂图",
        asked_by=user,
        asked_at=now,
        as_of=now,
        seen_at=now,
        total=1,
        written=1,
        state="done",
        file=file,
    )
