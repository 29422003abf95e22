"""What can be allowed, one name each; `roles` says who may."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    """One thing a person may do; the value is stored nowhere, roles are."""

    VIEW_WALL = "view_wall"  # lights and sentences of every unit
    READ_ANY_TEXT = "read_any_text"  # sentence, text and dates of any obligation, not the attachments
    READ_ANY_FILING = "read_any_filing"  # everything filed by any unit, drafts aside
    EDIT_PLANS = "edit_plans"  # make, edit, issue and amend plans, give single orders
    REVIEW = "review"  # accept, return, enter for a unit, propose an exemption and the like
    DECIDE = "decide"  # decide extensions, exemptions, suspensions, revocations, reopening
    URGE = "urge"
    FILE = "file"  # own unit: sign for, draft, file, withdraw, ask for an extension
    READ_OWN = "read_own"  # own unit: read what it filed
    COSIGN = "cosign"  # own unit: sign as 分管领导 where a milestone asks for it
    MANAGE_UNITS = "manage_units"  # units, groups, aliases, mergers
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_CALENDAR = "manage_calendar"
    GRANT_ROLES = "grant_roles"
    READ_AUDIT = "read_audit"
