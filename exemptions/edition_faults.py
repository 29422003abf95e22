"""What keeps an edition from being filed, one sentence each, the items named as people see them."""

from __future__ import annotations

from collections.abc import Iterator

from exemptions.models import Edition, Item

SHOWN = 10  # a list of three hundred faults helps nobody


def of(edition: Edition) -> list[str]:
    """Give what is missing or wrong; empty when the edition can be filed."""
    if not edition.exemption_list.has_items:
        return list(_of_file(edition))
    rows = edition.items.in_full().select_related("edition")
    faults = [f"第{item.position}项“{item.conduct[:20]}”{fault}" for item in rows for fault in _of_item(item)]
    if not rows:
        faults = ["清单里还没有事项。"]
    if len(faults) > SHOWN:
        return [*faults[:SHOWN], f"还有 {len(faults) - SHOWN} 处，改好以上各处后再看。"]
    return faults


def _of_file(edition: Edition) -> Iterator[str]:
    if edition.file is None:
        yield "请上传清单文件。"
    if not edition.stated_count:
        yield "请填写清单的事项数。"


def _of_item(item: Item) -> Iterator[str]:
    if not item.conditions.all():
        yield "没有写适用条件。"
    if not item.penalty:
        yield "没有写处罚依据。"
    if item.kind == Item.FIRST and not item.months_back:
        yield "是首违不罚，没有写回溯期（本项或整张清单的）。"
    for basis in item.bases:
        if not basis.is_in_force:
            yield f"引用的{basis}{basis.get_status_display()}，请改用现行依据。"
