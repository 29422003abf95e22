"""Tables of Django's administration as exports: those with more rows than an answer holds are written by a worker.

They stand on no page of exports: the tables' own pages lead to them, and what these show is what goes out.
"""

from __future__ import annotations

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.sites import AdminSite
from django.db import models
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import redirect

from liaisons import export_runs, exports
from liaisons.exports import Export, Made, Wish
from liaisons.models import User
from xingxian_portal.foundation import clock, table_out
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.table_out import TableOut

PART = "管理后台"
ASKED = "asked"  # the whole query of the table's page: a filter may stand in it twice


def offer_all(site: AdminSite) -> None:
    """Offer every table of the administration; called once all are registered."""
    for its in site._registry.values():
        if isinstance(its, TableOut):
            exports.offer(_export(site, its))
    table_out.hand_many_to(_ask)


def slug_of(model: type[models.Model]) -> str:
    """Name the export of a table."""
    return f"table-{model._meta.app_label}-{model._meta.model_name}"


def _export(site: AdminSite, its: TableOut) -> Export:
    def may(user: User) -> bool:
        return site.has_permission(_request(user)) and its.gives_out(_request(user))

    def make(wish: Wish) -> Made:
        try:
            sheet, count = its.sheet_out(_request(wish.user, wish.query.get(ASKED, "")))
        except IncorrectLookupParameters as error:
            raise Refused("筛选条件已不能用，请回到列表重新筛选。") from error
        return Made([sheet], count, name=sheet.title)

    return Export(slug_of(its.model), str(its.model._meta.verbose_name), "", PART, may, make)


def _request(user: User, query: str = "") -> HttpRequest:
    """Give what a page of the administration is asked with: a worker has no request of its own."""
    request = HttpRequest()
    request.method, request.user, request.GET = "GET", user, QueryDict(query)
    return request


def _ask(request: HttpRequest, model: type[models.Model]) -> HttpResponseBase:
    assert isinstance(request.user, User)
    export = exports.named(slug_of(model), request.user)
    assert export  # the page that asks is open to the same people
    wish = Wish(request.user, clock.now(), {ASKED: request.GET.urlencode()})
    return redirect("export_run", export_runs.ask(export, wish, export.make(wish)).pk)
