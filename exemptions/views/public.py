"""What anyone may look up without logging in: search, one item in plain words, what is published, open data.

These pages know no session and no person, so that they may be kept by caches: they are rendered without the request.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import conditional_page, require_safe

from exemptions import public_data, public_search
from exemptions.models import Edition, ExemptionList, Item
from exemptions.models.item import ItemQuerySet
from exemptions.public_search import Asked
from exemptions.views.lists import XLSX
from liaisons.access import found
from liaisons.models import EnforcementField, Unit
from reform.forms.typed import ids
from xingxian_portal.foundation import clock, handing_out
from xingxian_portal.foundation.rate_limits import limited

KEPT_SECONDS = 300
LONGEST = 60
View = Callable[..., HttpResponseBase]


def kept(view: View) -> View:
    """Let caches keep the answer for a few minutes; asked again with its mark, a page that is the same is not sent.

    One address may ask so and so often in a minute; what is too much costs nothing else and is kept by nobody.
    """

    @limited("public", per_minute=lambda: settings.PORTAL_PUBLIC_RATE)
    @require_safe
    @conditional_page
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except Http404:
            return _missing(request)
        patch_cache_control(response, public=True, max_age=KEPT_SECONDS)
        return response

    return answered


def _missing(request: HttpRequest) -> HttpResponse:
    # In the public's own frame; not kept, so that what is published tomorrow under this address is seen.
    response = _page(request, "public/missing.html")
    response.status_code = HTTPStatus.NOT_FOUND
    return response


def _page(request: HttpRequest, template: str, **given: Any) -> HttpResponse:
    frame = {"is_demo": getattr(request, "is_demo", False), "today": clock.today()}
    return HttpResponse(render_to_string(template, frame | given))


def _number(request: HttpRequest, name: str) -> int | None:
    return next(iter(ids([request.GET.get(name, "")])), None)


def _asked(request: HttpRequest) -> Asked:
    words = request.GET.get("words", "").replace("\0", "").strip()[:LONGEST]
    kind = request.GET.get("kind", "")
    return Asked(words, _number(request, "unit"), _number(request, "field"), kind if kind in dict(Item.KINDS) else "")


@kept
def search(request: HttpRequest) -> HttpResponseBase:
    """Search the published items by words, unit, field and kind."""
    asked, today = _asked(request), clock.today()
    shown = public_search.find(asked, today, _number(request, "page") or 1)
    query = request.GET.copy()
    query.pop("page", None)
    with_lists = Edition.objects.in_force_on(today).filter(exemption_list__kind=ExemptionList.EXEMPTION)
    units = Unit.objects.filter(exemption_lists__editions__in=with_lists).order_by("position", "code")
    return _page(
        request, "public/search.html", asked=asked, found=shown, units=units, query=query.urlencode(),
        fields=EnforcementField.objects.all(), kinds=Item.KINDS, longest=LONGEST,
    )  # fmt: skip


def published_items() -> ItemQuerySet:
    """Give the items that are or were published, with what a page says of them."""
    rows = Item.objects.filter(
        edition__effective_from__isnull=False, edition__exemption_list__kind=ExemptionList.EXEMPTION
    )
    return rows.in_full().select_related("edition__exemption_list__unit")


@kept
def item(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show one item in plain words with its conditions as a check-list."""
    row = found(published_items(), pk=pk)
    conditions = list(row.conditions.all())
    ticked = ids(request.GET.getlist("ticked"))
    missing = [condition for condition in conditions if condition.pk not in ticked]
    return _page(
        request, "public/item.html", item=row, conditions=conditions, ticked=ticked, missing=missing,
        checked="check" in request.GET, successor=_successor(row), code=_code(request),
    )  # fmt: skip


def _successor(row: Item) -> Item | None:
    """Give the same item as it holds today where this one no longer does."""
    if row.edition.in_force_on(clock.today()):
        return None
    held = Item.objects.in_force_on(clock.today()).filter(edition__exemption_list=row.edition.exemption_list_id)
    return held.filter(code=row.code).first()


def _code(request: HttpRequest) -> str:
    drawn = segno.make(request.build_absolute_uri(request.path), error="m", micro=False)
    return mark_safe(drawn.svg_inline(scale=4, border=2))  # noqa: S308 - the address stands in it as squares alone


@kept
def lists(request: HttpRequest) -> HttpResponseBase:
    """Show which editions of which lists are published and in force today."""
    rows = Edition.objects.in_force_on(clock.today()).exclude(exemption_list__kind=ExemptionList.EXAMPLES)
    rows = rows.select_related("exemption_list__unit", "file")
    return _page(request, "public/lists.html", editions=rows.in_order())


@kept
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the document of a published list that is not kept item by item."""
    rows = Edition.objects.filter(effective_from__isnull=False, file__isnull=False).select_related("file")
    row = found(rows.exclude(exemption_list__kind=ExemptionList.EXEMPTION), pk=pk)
    assert row.file
    return handing_out.hand_to_anyone(row.file)


FORMS: dict[str, tuple[Callable[[Any], bytes], str]] = {
    "csv": (public_data.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (public_data.as_xlsx, XLSX),
}


@kept
def data(request: HttpRequest, form: str) -> HttpResponseBase:
    """Give all that holds today as .json, .csv or .xlsx."""
    today = clock.today()
    if form == "json":
        return JsonResponse(public_data.as_json(today), json_dumps_params={"ensure_ascii": False})
    if form not in FORMS:
        raise Http404
    make, content_type = FORMS[form]
    name = content_disposition_header(True, f"兴县包容免罚清单{today}.{form}") or "attachment"
    return HttpResponse(make(today), content_type=content_type, headers={"Content-Disposition": name})
