"""Every table of the portal in one of three kinds: reference data, business, or none of Django's administration's.

Reference data is edited there (the `admin.py` of each app); business tables are looked at and taken out, but for what
nobody but its unit may read yet and what is blind; what is left out holds secrets or is machinery. A test holds the
three to be all.
"""

from __future__ import annotations

from django.db.models import Q

_FILED = ("draft", "cosigning")
_KNOWN = ("draft", "dropped")


def _not(path: str, *states: str) -> Q:
    return ~Q(**{f"{path}state__in": states})


_EVERYTHING = Q()
_PUBLISHED = Q(drawn__round__published_at__isnull=False)  # a sheet is blind as long as the round runs

# Which rows of each business table are shown.
BUSINESS: dict[str, Q] = {
    "reform_plan": _not("", "draft"),
    "reform_task": _not("plan__", "draft"),
    "reform_taskparty": _not("task__plan__", "draft"),
    "reform_milestone": _not("task__plan__", "draft"),
    "reform_milestoneparty": _not("milestone__task__plan__", "draft"),
    "reform_dataitem": _not("milestone__task__plan__", "draft"),
    **dict.fromkeys(
        ("reform_obligation", "reform_opening", "reform_move", "reform_proposal", "reform_problem", "reform_step",
         "reform_urging", "reform_escalation", "reform_comment"), _EVERYTHING,
    ),
    "reform_submission": _not("", *_FILED),
    **dict.fromkeys(("reform_submissionvalue", "reform_evidence", "reform_monthlyreport"), _not("submission__", *_FILED)),
    "reform_reportline": _not("report__submission__", *_FILED),
    "reform_bulletin": _not("", "draft"),
    "reform_bulletinfile": _not("bulletin__", "draft"),
    **dict.fromkeys(
        ("reform_reminderrule", "reform_reminderstep", "reform_reviewstandard", "reform_reviewitem", "reform_reviewveto",
         "reform_casefile", "reform_casedocument", "reform_reviewround", "reform_roundquota", "reform_roundreviewer",
         "reform_drawnfile", "reform_selfcheck", "reform_objection", "reform_rectification"), _EVERYTHING,
    ),
    "reform_conflict": Q(reviewer__round__published_at__isnull=False),
    "reform_casereview": _PUBLISHED,
    "reform_deduction": Q(sheet__drawn__round__published_at__isnull=False),
    **dict.fromkeys(("exemptions_exemptionlist", "exemptions_legalbasis"), _EVERYTHING),
    "exemptions_edition": _not("", *_KNOWN),
    **dict.fromkeys(("exemptions_editionmove", "exemptions_item"), _not("edition__", *_KNOWN)),
    **dict.fromkeys(("exemptions_condition", "exemptions_itembasis"), _not("item__edition__", *_KNOWN)),
    "exemptions_exemptioncase": _not("", "draft"),
    **dict.fromkeys(
        ("exemptions_caseofficer", "exemptions_casemove", "exemptions_casefile", "exemptions_casecondition",
         "exemptions_correctionorder", "exemptions_firstoffencecheck"), _not("case__", "draft"),
    ),
    **dict.fromkeys(
        ("exemptions_documentnumber", "exemptions_numberseries", "exemptions_pilot", "exemptions_pilotprogress",
         "liaisons_person", "liaisons_appointment", "liaisons_delegation", "liaisons_officer", "liaisons_user",
         "liaisons_rolegrant", "liaisons_ledgerentry"), _EVERYTHING,
    ),
}  # fmt: skip

# Why a table is not there at all.
_SECRETS = "keys, passwords, sessions and addresses of people"
_TRAIL = "the audit trail is the auditor's alone"
_MACHINERY = "the portal's own bookkeeping"
LEFT_OUT = {
    **dict.fromkeys(
        ("liaisons_authenticator", "liaisons_formerpassword", "liaisons_session", "liaisons_contactpreference",
         "liaisons_suppression"), _SECRETS,
    ),
    **dict.fromkeys(
        ("foundation_auditentry", "foundation_auditseal", "foundation_auditcheckpoint", "foundation_auditcheck"), _TRAIL,
    ),
    **dict.fromkeys(
        ("liaisons_letter", "liaisons_attempt", "liaisons_notice", "liaisons_plannerstate", "liaisons_exportrun",
         "foundation_clockanchor", "foundation_storedfile", "foundation_loadedfact", "foundation_pulse",
         "foundation_importbatch", "foundation_importrow", "foundation_importissue", "exemptions_publicentry"), _MACHINERY,
    ),
    "liaisons_groupmember": "edited with its group",
    "foundation_keptelsewhere": "named by the evidence that it is, and no more than that to be seen",
}  # fmt: skip
