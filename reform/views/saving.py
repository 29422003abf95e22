"""Saving a draft for a form or for the script that saves while one types: what was typed is kept, whatever happens.

The script asks for JSON and gets the draft's new mark; a form gets a page. Words, files and taking a file out again
come in one request, so that no button loses what another field holds.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponseBase, JsonResponse
from django.utils import timezone

from liaisons.access import Request
from reform import drafts, evidence_elsewhere, rights
from reform.forms.typed import FILES, removed, struck_out
from reform.models import Obligation, Submission
from xingxian_portal.foundation import uploads
from xingxian_portal.foundation.refusal import Refused


def wants_json(request: Request) -> bool:
    """Say whether the script asks."""
    return request.headers.get("Accept") == "application/json"


def keep(request: Request, obligation: Obligation, save: Callable[[], Submission]) -> dict[str, str]:
    """Save the words, then the files; gives what was wrong with the files, by field.

    Raises Stale, MoveRefused (the words are not saved), Http404.
    """
    try:
        save()
        if (file := removed(request.POST)) is not None:
            drafts.detach(obligation, file, by=request.user)
        if (elsewhere := struck_out(request.POST)) is not None:
            evidence_elsewhere.strike_out(obligation, elsewhere, by=request.user)
        if files := request.FILES.getlist(FILES):
            drafts.attach(obligation, files, by=request.user)
    except rights.Denied as denied:
        raise Http404 from denied
    except uploads.Refused as refused:
        return {FILES: str(refused)}
    return {}


def saved(obligation: Obligation) -> HttpResponseBase:
    """Answer the script: the draft's new mark, and when it was saved."""
    draft = drafts.latest(obligation)
    assert draft
    at = timezone.localtime(draft.saved_at)
    return JsonResponse({"mark": drafts.mark_after(draft), "saved": f"{at:%H:%M}"})


def not_saved(refused: Refused) -> HttpResponseBase:
    """Answer the script when its page is out of date: it keeps what was typed and shows the sentence."""
    return JsonResponse({"message": str(refused)}, status=409)
