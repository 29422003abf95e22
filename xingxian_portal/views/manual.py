"""使用手册: a page for each role, open to anyone, reachable from the foot of every page.

A later part of the portal adds its chapter by a line in `CHAPTERS` and a template of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from liaisons import roles


@dataclass(frozen=True)
class Chapter:
    """One page of the manual: its slug (also its template), its title, one line about it, the roles it is written for."""

    slug: str
    title: str
    about: str
    roles: tuple[str, ...] = ()


CHAPTERS = (
    Chapter(
        "unit", "联络员、填报员", "两分钟报完一个月：签收、填报、佐证、撤回、申请延期",
        (roles.LIAISON.slug, roles.FILER.slug),
    ),
    Chapter(
        "lists", "清单", "起草、报送备案、公布、调整，公开查询",
        (roles.LIAISON.slug, roles.FILER.slug),
    ),
    Chapter(
        "cases", "免罚案件和监管试点", "登记、责令改正、复查、首违查询、决定、文书、统计",
        (roles.LIAISON.slug, roles.FILER.slug),
    ),
    Chapter("leader", "分管领导", "看本单位进度，需要时会签", (roles.UNIT_LEADER.slug,)),
    Chapter(
        "bureau", "司法局工作人员、局领导", "下达方案、看挂图、审核、催办、决定",
        (roles.OFFICER.slug, roles.BUREAU_LEADER.slug),
    ),
    Chapter("county", "县领导", "看挂图、看任意一天、看汇总", (roles.COUNTY_LEADER.slug,)),
    Chapter(
        "admin", "系统管理员、安全管理员", "账号、角色、单位、群组、日历",
        (roles.SYSTEM_ADMIN.slug, roles.SECURITY_ADMIN.slug),
    ),
    Chapter("auditor", "审计员", "查阅审计记录", (roles.AUDITOR.slug,)),
    Chapter("reviews", "案卷评查", "登记案卷、抽取、评分、异议、整改、通报", (roles.REVIEWER.slug,)),
    Chapter(
        "exports", "通报与导出", "月度材料怎么取数、修改、印发；各种表格怎么导出",
        (roles.OFFICER.slug, roles.BUREAU_LEADER.slug, roles.COUNTY_LEADER.slug, roles.LIAISON.slug, roles.SYSTEM_ADMIN.slug),
    ),
    Chapter(
        "imports", "导入表格", "用 Excel、WPS 成批填写：模板、预览、错误标注、确认、撤销",
        (roles.OFFICER.slug, roles.BUREAU_LEADER.slug, roles.LIAISON.slug, roles.FILER.slug, roles.SYSTEM_ADMIN.slug),
    ),
    Chapter("reminders", "提醒和催办", "什么时候提醒谁、用什么方式、逾期以后怎么办、台账和日历"),
    Chapter("lights", "灯和日期", "八种灯各是什么意思，期限怎么算"),
)  # fmt: skip
BY_SLUG = {chapter.slug: chapter for chapter in CHAPTERS}


def _own(request: HttpRequest) -> list[Chapter]:
    if not request.user.is_authenticated:
        return []
    held = {grant.role for grant in request.user.grants}
    return [chapter for chapter in CHAPTERS if held & set(chapter.roles)]


def manual(request: HttpRequest) -> HttpResponse:
    """Show the table of contents, the reader's own chapters first."""
    return render(request, "manual/index.html", {"chapters": CHAPTERS, "own": _own(request)})


def chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one chapter; an unknown one is 404."""
    if slug not in BY_SLUG:
        raise Http404
    given = {"chapter": BY_SLUG[slug], "chapters": CHAPTERS}
    return render(request, f"manual/{slug}.html", given)
