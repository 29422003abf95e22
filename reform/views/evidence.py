"""Handing out a file that was handed in, to who may see it."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.views.decorators.cache import never_cache

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from reform import rights
from reform.dossier import OWN_ALONE
from reform.models import Evidence
from xingxian_portal.foundation import handing_out


@requires(P.READ_OWN, P.READ_ANY_FILING)
@never_cache
def evidence(request: Request, pk: int) -> HttpResponseBase:
    """Send the file under its own name, always as a download: nothing a unit uploads is opened as a page of ours."""
    rows = Evidence.objects.select_related(
        "file", "submission__obligation__milestone__task", "submission__obligation__unit"
    )
    row = found(rows.filter(file__isnull=False), pk=pk)
    obligation = row.submission.obligation
    needed = rights.Sight.OWN if row.submission.state in OWN_ALONE else rights.Sight.FILED
    if rights.sight(request.user, obligation) < needed:
        raise Http404
    assert row.file
    return handing_out.hand_out(
        row.file, "evidence.download", by=request.user, subject=row, unit_code=obligation.unit.code,
        after={"obligation": obligation.pk},
    )  # fmt: skip
