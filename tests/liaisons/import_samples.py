"""Workbooks that were sent in, as the walk through the addresses needs them."""

from __future__ import annotations

from typing import Any

from liaisons.models import User
from tests.cast import Cast
from xingxian_portal.foundation import clock, made_files
from xingxian_portal.foundation.workbook.imports import ImportBatch

OF_A_BATCH = (
    "import_batch", "import_annotated", "import_confirm", "import_recheck", "import_undo", "import_drop",
)  # fmt: skip


def a_batch(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Give a faulty roster that the visitor has sent."""
    user = visitor or cast.weifen
    file = made_files.keep_bytes("名单.xlsx", b"PK", by_id=user.pk)
    batch = ImportBatch.objects.create(
        sheet="roster", file=file, file_name="名单.xlsx", sha256=file.sha256, made_at=clock.now(), made_by_id=user.pk,
        state="faulty", counts={"rows": 1, "errors": 1},
    )  # fmt: skip
    return {"pk": batch.pk}


SAMPLES = {
    **dict.fromkeys(("import_sheet", "import_template"), lambda cast, visitor: {"slug": "roster"}),
    **dict.fromkeys(OF_A_BATCH, a_batch),
}
