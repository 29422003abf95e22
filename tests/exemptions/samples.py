"""Lists for the walk of all addresses: such that a visitor who may enter also finds one."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from exemptions.edition_states import State
from exemptions.models import Edition, ExemptionList, Item
from liaisons.models import Unit, User
from liaisons.permissions import Permission
from tests.cast import Cast
from tests.exemptions.factories import BasisFactory, EditionFactory, ItemFactory, ListFactory
from xingxian_portal.foundation import uploads

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


def _unit(cast: Cast, visitor: User | None) -> Unit:
    own = visitor.unit if visitor and visitor.unit_ids_with(Permission.FILE) else None
    unit = own or cast.weifen.unit
    assert unit
    return unit


def _edition(unit: Unit, **given: Any) -> Edition:
    kind = given.pop("kind", ExemptionList.EXEMPTION)
    row = ListFactory(unit=unit, kind=kind)
    found = Edition.objects.filter(exemption_list=row, state=given.get("state", State.PUBLISHED)).first()
    return found or EditionFactory(exemption_list=row, number=row.editions.count() + 1, **given)


def _item(edition: Edition) -> Item:
    return edition.items.first() or ItemFactory(edition=edition)


def _published(cast: Cast, visitor: User | None) -> Edition:
    return _edition(_unit(cast, visitor), in_force=True)


def _draft(cast: Cast, visitor: User | None) -> Edition:
    return _edition(_unit(cast, visitor), state=State.DRAFT)


def published(cast: Cast, visitor: User | None) -> dict[str, Any]:
    edition = _published(cast, visitor)
    _item(edition)
    return {"pk": edition.pk}


def draft(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": _draft(cast, visitor).pk}


def draft_item(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": _item(_draft(cast, visitor)).pk}


def published_item(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": _item(_published(cast, visitor)).pk}


def document(cast: Cast, visitor: User | None) -> dict[str, Any]:
    edition = _edition(_unit(cast, visitor), in_force=True, kind=ExemptionList.ITEM_LIST)
    if edition.file is None:
        edition.file = uploads.store(SimpleUploadedFile("清单.pdf", PDF), by_id=None)
        edition.save()
    return {"pk": edition.pk}


def begin(cast: Cast, visitor: User | None) -> dict[str, Any]:
    return {"pk": _unit(cast, visitor).pk, "kind": ExemptionList.EXEMPTION}


OF_AN_EDITION = ("edition", "edition_compare", "edition_printed", "edition_document")
SAMPLES = {
    "edition_begin": begin,
    **dict.fromkeys(
        ("edition", "edition_compare", "edition_printed", "edition_publish", "edition_abolish", "edition_review"),
        published,
    ),
    **dict.fromkeys(("edition_record", "edition_return"), published),
    "edition_document": document,
    **dict.fromkeys(
        (
            "edition_edit",
            "edition_examples",
            "item_new",
            "edition_file",
            "edition_withdraw",
            "edition_drop",
            "edition_bring_over",
        ),
        draft,
    ),
    **dict.fromkeys(("item_edit", "item_remove"), draft_item),
    "public_item": published_item,
    "public_document": document,
    "public_data": lambda cast, visitor: {"form": "json"},
    "legal_basis_status": lambda cast, visitor: {"pk": BasisFactory().pk},
}
