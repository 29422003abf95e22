"""Documents of a round, sent as files and recorded."""

from __future__ import annotations

from django.db import models, transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from liaisons.access import Request, found, requires
from liaisons.models import Unit
from liaisons.permissions import Permission as P
from reform.case_review import outcomes, papers, rights, score_paper
from reform.models import DrawnFile, Rectification, ReviewRound
from reform.views.case_review.rounds import ORGANISES, organised, seen
from xingxian_portal.foundation import audit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READS = (P.READ_OWN, P.READ_ANY_FILING)


def _sent(request: Request, name: str, data: bytes, of: models.Model, kind: str = DOCX) -> HttpResponseBase:
    with transaction.atomic():
        audit.record("review_round.export", by=request.user, subject=of, after={"name": name})
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(data, content_type=kind, headers=headers)


def _with_results(round_: ReviewRound) -> ReviewRound:
    if not round_.has_results:
        raise Http404
    return round_


@requires(*ORGANISES)
def bulletin(request: Request, pk: int) -> HttpResponseBase:
    """Send the draft of the 通报, before it is made known too."""
    round_ = _with_results(organised(request, pk))
    return _sent(request, f"{round_.title}通报（稿）.docx", papers.bulletin(round_), round_)


@requires(*ORGANISES)
def archive(request: Request, pk: int) -> HttpResponseBase:
    """Send everything of the round in one file."""
    round_ = _with_results(organised(request, pk))
    return _sent(request, f"{round_.title}.zip", papers.archive(round_), round_, "application/zip")


@requires(*READS)
def opinion(request: Request, pk: int, unit_pk: int) -> HttpResponseBase:
    """Send a unit's 执法监督意见书 to the organiser, the bureau and the unit itself."""
    round_ = _with_results(seen(request, pk))
    drawn = DrawnFile.objects.visible_to(request.user).filter(round=round_, case_file__unit=unit_pk)
    unit = found(Unit.objects.filter(pk__in=drawn.values("case_file__unit")), pk=unit_pk)
    return _sent(request, f"执法监督意见书（{unit.short_name}）.docx", papers.opinion(round_, unit), round_)


@requires(*READS)
def notice(request: Request, pk: int) -> HttpResponseBase:
    """Send the 整改通知单 of a file."""
    rows = Rectification.objects.filter(drawn__in=DrawnFile.objects.visible_to(request.user))
    row = found(rows.select_related("drawn__case_file__unit", "drawn__round__organiser", "obligation"), drawn=pk)
    return _sent(request, f"整改通知单（{row.drawn.case_file.number}）.docx", papers.notice(row), row.drawn.round)


@requires(*ORGANISES)
def score_sheet(request: Request, pk: int) -> HttpResponseBase:
    """Send the 评查表 of a file to the round's organiser."""
    drawn = found(DrawnFile.objects.visible_to(request.user).select_related("round__organiser"), pk=pk)
    if not rights.organises(request.user, drawn.round):
        raise Http404
    round_, one = _with_results(drawn.round), outcomes.of_file(drawn.pk)
    data = score_paper.write(one, papers.issuer_of(round_))
    return _sent(request, f"评查表（{one.drawn.case_file.number}）.docx", data, round_)
