"""整改: what is wrong with a file is to be mended by its unit until a day. It is a 交办, so it has its light and reminders."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import transaction

from liaisons.models import User
from reform import orders
from reform.case_review import outcomes, stages
from reform.models import DrawnFile, Party, Rectification, Stage
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

LONGEST = 2000
LONGEST_OWNER = 30


def proposed(outcome: outcomes.Outcome) -> str:
    """Give the list of problems to begin with; what both reviewers wrote in the same words comes once."""
    lines = dict.fromkeys(f"{one.problem}（第 {one.page} 页，{one.rule}）" for one in outcome.problems)
    return "\n".join(f"{number}. {line}" for number, line in enumerate(lines, 1))


@transaction.atomic
def ask(
    drawn: DrawnFile, *, problems: str, owner: str, due_on: dt.date, by: User, at: dt.datetime | None = None
) -> Rectification:
    """发整改通知单: name the problems, who answers for them, until when. Raises Refused, Denied."""
    at, round_ = at or clock.now(), stages.organised(drawn.round, by)
    stages.at(round_, Stage.FEEDBACK, Stage.PUBLISHED, what="通知整改")
    drawn = DrawnFile.objects.select_for_update(of=("self",)).select_related("case_file__unit").get(pk=drawn.pk)
    if Rectification.objects.filter(drawn=drawn).exists():
        raise Refused("这一卷已经发过整改通知单，没有重复下发。")
    _check(problems, owner, due_on, clock.local_date(at))
    order = orders.Order(
        title=f"案卷整改：{drawn.case_file.number}"[:60],
        basis=f"{round_.title}发现的问题：\n{problems.strip()}\n责任人：{owner.strip()}",
        issuer=round_.organiser, due_on=due_on, items=[],
        parties=[{"unit_id": drawn.case_file.unit_id, "role": Party.RESPONSIBLE}],
    )  # fmt: skip
    code = hashlib.sha256(f"rectification {drawn.pk}".encode()).hexdigest()[:12]
    duty = orders.give(order, code=f"zg-{code}", by=by, at=at)
    row = Rectification.objects.create(
        drawn=drawn, problems=problems.strip(), owner=owner.strip(), obligation=duty, asked_at=at, asked_by=by
    )
    after = {"drawn": drawn.pk, "owner": row.owner, "due_on": due_on}
    audit.record("rectification.ask", by=by, subject=row, unit_code=drawn.case_file.unit.code, after=after, at=at)
    return row


def _check(problems: str, owner: str, due_on: dt.date, today: dt.date) -> None:
    if not 0 < len(problems.strip()) <= LONGEST:
        raise Refused(f"请写明要整改的问题，{LONGEST} 字以内。", "problems")
    if not 0 < len(owner.strip()) <= LONGEST_OWNER:
        raise Refused("请填写整改责任人。", "owner")
    if due_on < today:
        raise Refused("整改期限不能早于今天。", "due_on")
