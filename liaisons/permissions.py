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
    RECORD_LISTS = "record_lists"  # put lists on record or send them back; keep the status of legal bases
    FILE = "file"  # own unit: sign for, draft, file, withdraw, ask for an extension
    READ_OWN = "read_own"  # own unit: read what it filed
    COSIGN = "cosign"  # own unit: sign as 分管领导 where a milestone asks for it
    ORGANISE_REVIEWS = "organise_reviews"  # case-file review rounds of the bureau, and the standards
    ORGANISE_OWN_REVIEWS = "organise_own_reviews"  # own unit: a round over its own case files
    SCORE_CASES = "score_cases"  # the case files assigned to oneself
    KEEP_CONTACTS = "keep_contacts"  # own unit: leader, liaison, filers, enforcement officers
    KEEP_ANY_CONTACTS = "keep_any_contacts"  # the same for every unit
    SEE_PHONES = "see_phones"  # full telephone numbers of every unit; each look is recorded
    MANAGE_UNITS = "manage_units"  # units, groups, aliases, mergers
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_CALENDAR = "manage_calendar"
    GRANT_ROLES = "grant_roles"
    READ_AUDIT = "read_audit"
    EXPORT_ANY = "export_any"  # every unit's rows in the summary sheets, telephone numbers masked


# How the page of roles says it, in the order in which it lists them.
LABELS: dict[Permission, str] = {
    Permission.VIEW_WALL: "看挂图作战",
    Permission.READ_ANY_TEXT: "看各单位事项的原文、进展和日期",
    Permission.READ_ANY_FILING: "看各单位的报送和佐证",
    Permission.EDIT_PLANS: "编制、下发、修订方案和交办",
    Permission.REVIEW: "审核、退回、代录",
    Permission.DECIDE: "决定延期、免报、中止、撤销",
    Permission.URGE: "催办",
    Permission.RECORD_LISTS: "审查清单、准予备案，登记法律依据的修改和废止",
    Permission.FILE: "签收、起草、报送",
    Permission.READ_OWN: "查阅本单位报送",
    Permission.COSIGN: "会签",
    Permission.ORGANISE_REVIEWS: "组织案卷评查，维护评查标准",
    Permission.ORGANISE_OWN_REVIEWS: "组织本单位的案卷评查",
    Permission.SCORE_CASES: "评查分配给自己的案卷",
    Permission.KEEP_CONTACTS: "维护本单位联系人和执法人员",
    Permission.KEEP_ANY_CONTACTS: "维护各单位联系人和执法人员",
    Permission.SEE_PHONES: "查看各单位联系人的完整号码（每次都记录）",
    Permission.MANAGE_UNITS: "管理单位、群组和别名",
    Permission.MANAGE_ACCOUNTS: "建立、停用账号，重置密码",
    Permission.MANAGE_CALENDAR: "维护日历",
    Permission.GRANT_ROLES: "授予和收回角色",
    Permission.READ_AUDIT: "查阅审计记录",
    Permission.EXPORT_ANY: "导出全县各类汇总表（号码打星号）",
}
