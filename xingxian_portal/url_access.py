"""Every address of the portal and who may enter, on one list.

A test holds the list against the resolver, so that no page can be forgotten, and walks each address as each
member of a fixed cast. Here stands who may enter a page at all; which rows it then shows is the querysets' part.
"""

from __future__ import annotations

from liaisons.permissions import Permission as P
from xingxian_portal.access_kinds import ANYONE, ANYONE_ACTS, LOGGED_IN, Access, act, need
from xingxian_portal.business_tables import BUSINESS

ROSTER = need(P.READ_OWN, P.KEEP_ANY_CONTACTS, P.SEE_PHONES)
KEEPERS = (P.KEEP_CONTACTS, P.KEEP_ANY_CONTACTS)
ACCOUNTS = need(P.MANAGE_ACCOUNTS, P.GRANT_ROLES)
REFERENCE = need(P.MANAGE_UNITS)
DESK = need(P.REVIEW)
LISTS = need(P.READ_OWN, P.READ_ANY_FILING)
ROUNDS = (P.ORGANISE_REVIEWS, P.ORGANISE_OWN_REVIEWS)
CASE_FILES = (P.READ_OWN, P.READ_ANY_FILING)
KEEPS_FILES = (P.FILE, P.ORGANISE_REVIEWS)
BRINGS = (P.FILE, P.KEEP_CONTACTS, P.KEEP_ANY_CONTACTS, P.MANAGE_UNITS, P.MANAGE_CALENDAR, P.ORGANISE_REVIEWS)

ACCESS: dict[str, Access] = {
    "healthz": ANYONE,
    "home": LOGGED_IN,
    "manual": ANYONE,
    "manual_chapter": ANYONE,
    "privacy": ANYONE,
    "next_workday": act(P.VIEW_WALL),
    # liaisons: log-in and oneself
    "login": ANYONE,
    "login_code": ANYONE,
    "invitation": ANYONE,
    "logout": ANYONE_ACTS,
    "setup": ANYONE,
    "change_password": LOGGED_IN,
    "security": LOGGED_IN,
    "session_end": act(),
    "second_factor": LOGGED_IN,
    "second_factor_codes": LOGGED_IN,
    "second_factor_off": LOGGED_IN,
    "roles": LOGGED_IN,
    "notices": LOGGED_IN,
    "notices_read": act(),
    "notice": LOGGED_IN,
    "notice_acknowledge": act(),
    # liaisons: accounts
    "accounts": ACCOUNTS,
    "account_new": need(P.MANAGE_ACCOUNTS),
    "account": ACCOUNTS,
    "account_edit": need(P.MANAGE_ACCOUNTS),
    "account_disable": act(P.MANAGE_ACCOUNTS),
    "account_enable": act(P.MANAGE_ACCOUNTS),
    "account_reset_password": act(P.MANAGE_ACCOUNTS),
    "account_invite": act(P.MANAGE_ACCOUNTS),
    "account_unlock": act(P.MANAGE_ACCOUNTS),
    "account_reset_second_factor": act(P.MANAGE_ACCOUNTS, P.GRANT_ROLES),
    "account_roles": ACCOUNTS,
    "role_revoke": act(P.GRANT_ROLES),
    "audit": need(P.READ_AUDIT),
    "audit_verify": act(P.READ_AUDIT),
    "audit_export": need(P.READ_AUDIT),
    # liaisons: contacts
    "roster": ROSTER,
    "roster_phones": act(P.READ_OWN, P.SEE_PHONES),
    "unit_contacts": ROSTER,
    "roster_appoint": need(*KEEPERS),
    "roster_confirm": act(*KEEPERS),
    "post_edit": need(*KEEPERS),
    "post_end": act(*KEEPERS),
    "post_handover": need(*KEEPERS),
    "handover_sheet": ROSTER,
    "officers": ROSTER,
    "officer_new": need(*KEEPERS),
    "officer_edit": need(*KEEPERS),
    # liaisons: exports; what one is offered is each export's own part
    "exports": need(P.VIEW_WALL),
    "export_take": need(P.VIEW_WALL),
    "bulletin_new": act(P.REVIEW),
    "bulletin": need(P.REVIEW, P.READ_ANY_TEXT, P.EXPORT_ANY, P.READ_OWN),
    "bulletin_edit": need(P.REVIEW),
    "bulletin_draft": need(P.REVIEW),
    "bulletin_issue": act(P.REVIEW),
    "bulletin_drop": act(P.REVIEW),
    "bulletin_file": need(P.REVIEW, P.READ_ANY_TEXT, P.EXPORT_ANY, P.READ_OWN),
    "export_run": need(P.VIEW_WALL),
    "export_run_file": need(P.VIEW_WALL),
    # liaisons: imports; which sheets and batches one finds is each sheet's own part
    **dict.fromkeys(("imports", "import_sheet", "import_template", "import_batch", "import_annotated"), need(*BRINGS)),
    **dict.fromkeys(("import_confirm", "import_recheck", "import_undo", "import_drop"), act(*BRINGS)),
    # liaisons: units and groups
    "units": need(P.MANAGE_UNITS, P.EDIT_PLANS),
    "unit_new": REFERENCE,
    "unit_edit": REFERENCE,
    "unit_aliases": REFERENCE,
    "groups": need(P.MANAGE_UNITS, P.EDIT_PLANS),
    "group": need(P.MANAGE_UNITS, P.EDIT_PLANS),
    "group_new": REFERENCE,
    "group_edit": REFERENCE,
    "group_join": act(P.MANAGE_UNITS),
    "group_leave": REFERENCE,
    "group_detach": act(P.MANAGE_UNITS),
    "group_aliases": REFERENCE,
    "alias_remove": act(P.MANAGE_UNITS),
    # reform: the wall and the duties behind it
    "wall": need(P.VIEW_WALL),
    "wall_screen": need(P.VIEW_WALL),
    "obligations": need(P.VIEW_WALL),
    "obligation": need(P.VIEW_WALL),
    # reform: the bureau's desk
    **dict.fromkeys(
        ("desk", "desk_waiting", "desk_missing", "desk_undecided", "desk_overdue", "desk_problems", "desk_lagging",
         "desk_review", "desk_contacts", "desk_look"),
        DESK,
    ),
    "desk_accept": act(P.REVIEW),
    "desk_entered": DESK,
    "desk_entered_file": act(P.REVIEW),
    "desk_urge": act(P.URGE),
    "review_filing": DESK,
    "review_begin": act(P.REVIEW),
    "review_accept": act(P.REVIEW),
    "review_return": act(P.REVIEW),
    "obligation_propose": DESK,
    "obligation_set_date": DESK,
    "obligation_mark": DESK,
    "obligation_urge": need(P.URGE, P.READ_OWN),
    "obligation_comment": need(P.REVIEW, P.READ_OWN),
    "obligation_on_behalf": DESK,
    "proposal": DESK,
    "proposal_decide": act(P.REVIEW),
    # reform: the months
    "months": need(P.READ_ANY_TEXT),
    "month": need(P.READ_ANY_TEXT),
    "task_figures": need(P.READ_ANY_TEXT, P.READ_OWN),
    # reform: problems
    "problems": need(P.READ_OWN),
    "problem": need(P.REVIEW, P.READ_OWN),
    "problem_assign": act(P.REVIEW),
    "problem_answer": act(P.REVIEW, P.FILE),
    # reform: plans, tasks, orders; which of them a person may read is the queryset's part
    "plans": need(P.VIEW_WALL),
    "plan": need(P.VIEW_WALL),
    "plan_new": need(P.EDIT_PLANS),
    "plan_edit": need(P.EDIT_PLANS),
    "plan_delete": act(P.EDIT_PLANS),
    "plan_preview": need(P.EDIT_PLANS),
    "plan_issue": act(P.EDIT_PLANS),
    "plan_amend": need(P.EDIT_PLANS),
    "plan_term": need(P.EDIT_PLANS),
    "plan_give": act(P.EDIT_PLANS),
    "task": need(P.VIEW_WALL),
    "task_new": need(P.EDIT_PLANS),
    "task_edit": need(P.EDIT_PLANS),
    "task_delete": act(P.EDIT_PLANS),
    "milestone_new": need(P.EDIT_PLANS),
    "milestone_edit": need(P.EDIT_PLANS),
    "milestone_delete": act(P.EDIT_PLANS),
    "order_new": need(P.EDIT_PLANS),
    "order_edit": need(P.EDIT_PLANS),
    # reform: units with what they owe
    "unit": need(P.VIEW_WALL),
    "unit_merge": REFERENCE,
    "unit_dissolve": REFERENCE,
    # reform: a unit's own work. What saves and files is a page too: after logging in again one comes there by the address.
    "workbench": need(P.READ_OWN),
    "led_tasks": need(P.READ_OWN),
    "led_task": need(P.READ_OWN),
    "reports": need(P.READ_OWN),
    "report": need(P.READ_OWN, P.READ_ANY_FILING),
    "report_draft": need(P.FILE),
    "report_file": need(P.FILE),
    "obligations_sign": act(P.FILE),
    "obligation_sign": act(P.FILE),
    "filing": need(P.FILE),
    "filing_draft": need(P.FILE),
    "filing_file": need(P.FILE),
    "obligation_withdraw": act(P.FILE),
    "obligation_extension": need(P.FILE),
    "cosign": need(P.COSIGN),
    "cosign_sign": act(P.COSIGN),
    "cosign_decline": act(P.COSIGN),
    "steps": need(P.FILE),
    "step_done": act(P.FILE),
    "step_remove": act(P.FILE),
    "obligation_elsewhere": need(P.FILE),
    "evidence": need(P.READ_OWN, P.READ_ANY_FILING),
    # exemptions: cases and lists; which of them a person may read is the querysets' part
    **dict.fromkeys(("exemption_cases", "exemption_case", "exemption_case_paper", "exemption_case_file"), LISTS),
    **dict.fromkeys(("exemption_case_figures", "pilots", "pilot"), need(P.READ_OWN, P.READ_ANY_TEXT)),
    **dict.fromkeys(
        ("exemption_case_new", "exemption_case_edit", "exemption_case_conditions", "exemption_case_confirm",
         "exemption_case_order", "exemption_case_promise", "exemption_case_recheck", "exemption_case_decide",
         "exemption_case_serve", "exemption_case_publicity", "exemption_case_void", "exemption_case_elsewhere"),
        need(P.FILE),
    ),
    **dict.fromkeys(("exemption_case_check", "exemption_case_attach", "exemption_case_detach"), act(P.FILE)),
    **dict.fromkeys(("pilot_new", "pilot_edit", "pilot_progress", "pilot_close"), need(P.FILE)),
    "pilots_carry": act(P.FILE),
    **dict.fromkeys(
        ("exemption_lists", "lists_in_force", "list_overlaps", "list_adjustments", "edition", "edition_compare",
         "edition_document", "edition_printed", "legal_bases"),
        LISTS,
    ),
    **dict.fromkeys(("edition_edit", "edition_examples", "item_new", "item_edit"), need(P.FILE)),
    **dict.fromkeys(
        ("edition_begin", "item_remove", "edition_file", "edition_withdraw", "edition_drop",
         "edition_bring_over"),
        act(P.FILE),
    ),
    **dict.fromkeys(("edition_review", "legal_basis_status"), need(P.RECORD_LISTS)),
    **dict.fromkeys(("edition_record", "edition_return"), act(P.RECORD_LISTS)),
    **dict.fromkeys(("edition_publish", "edition_abolish"), need(P.FILE, P.RECORD_LISTS)),
    **dict.fromkeys(("public", "public_item", "public_lists", "public_document", "public_data"), ANYONE),
    # reform: case-file review; which rounds, files and sheets a person finds is the querysets' part
    **dict.fromkeys(
        ("review_rounds", "review_round", "review_draw", "review_draw_text", "review_standards", "review_standard"),
        need(P.VIEW_WALL),
    ),
    **dict.fromkeys(("review_round_new", "review_round_edit", "review_bulletin", "review_bundle", "review_score_sheet"), need(*ROUNDS)),
    **dict.fromkeys(
        ("review_seal", "review_unseal", "review_seat", "review_unseat", "review_start", "review_feedback", "review_third", "review_reassign",
         "review_answer", "review_rectify", "review_publish", "review_archive"),
        act(*ROUNDS),
    ),
    "review_self_check": need(P.FILE),
    "review_object": act(P.FILE),
    **dict.fromkeys(("review_declare", "review_sheet", "review_sheet_save"), need(P.SCORE_CASES)),
    **dict.fromkeys(("review_sheet_join", "review_sheet_dispute", "review_sheet_recuse"), act(P.SCORE_CASES)),
    **dict.fromkeys(("review_result", "review_opinion", "review_notice", "case_files", "case_file"), need(*CASE_FILES)),
    **dict.fromkeys(("case_file_new", "case_file_edit", "case_elsewhere"), need(*KEEPS_FILES)),
    **dict.fromkeys(("case_file_remove", "case_documents", "case_document_remove"), act(*KEEPS_FILES)),
    "case_document": need(*CASE_FILES, P.SCORE_CASES),
    **dict.fromkeys(("review_standard_new", "review_standard_edit"), need(P.ORGANISE_REVIEWS)),
    **dict.fromkeys(("review_standard_revise", "review_standard_issue"), act(P.ORGANISE_REVIEWS)),
    # reminders, the ledger, the ways to people, the calendar
    **dict.fromkeys(("reminders", "reminder_rules", "reminder_rule_edit", "reminder_calls"), need(P.URGE)),
    "reminder_calls_note": act(P.URGE),
    "reminder_health": need(P.URGE, P.MANAGE_CALENDAR),
    "escalations": need(P.URGE),
    "escalations_decide": act(P.URGE),
    "escalation_letter": need(P.URGE, P.READ_OWN),
    "ledger": need(P.URGE, P.READ_OWN),
    "broken_contacts": need(P.KEEP_ANY_CONTACTS),
    "contact_lift": act(P.KEEP_ANY_CONTACTS),
    "contact": LOGGED_IN,
    "contact_of": need(P.KEEP_ANY_CONTACTS),
    **dict.fromkeys(("delegation_new", "delegation_end"), act()),
    "delegation_new_of": act(P.KEEP_ANY_CONTACTS),
    "calendar": LOGGED_IN,
    "calendar_year": LOGGED_IN,
    "calendar_mark": need(P.MANAGE_CALENDAR),
    "calendar_confirm": need(P.MANAGE_CALENDAR),
    # Django's administration: its pages for one table share one line
    "admin:index": REFERENCE,
    "admin:app_list": REFERENCE,
    "admin:autocomplete": REFERENCE,
    "admin:jsi18n": REFERENCE,
    "admin:foundation_calendarday": REFERENCE,
    "admin:foundation_calendaryear": REFERENCE,
    "admin:liaisons_enforcementfield": REFERENCE,
    "admin:liaisons_unit": REFERENCE,
    "admin:liaisons_unitalias": REFERENCE,
    "admin:liaisons_unitgroup": REFERENCE,
    **dict.fromkeys((f"admin:{table}" for table in BUSINESS), REFERENCE),  # list and workbook, no change
}  # fmt: skip


def line_of(name: str) -> str:
    """Give the line that an address stands on: itself, or for Django's administration that of its table."""
    table, _, page = name.rpartition("_")
    return table if name.startswith("admin:") and page in {"changelist", "export", "add", "change", "delete"} else name
