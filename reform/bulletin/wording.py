"""A first text of the 通报 from the facts: good things first, then who is late and for how long, problems, next nodes.

The officer edits it; lines begin as the document numbers them (一、 （一） 1.).
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from reform.bulletin.facts import Facts
from reform.desk import month_words
from xingxian_portal.foundation.official_numbers import chinese

ISSUER = "兴县司法局"
OFFICE = "兴县司法局办公室"
ADDRESSEE = "各乡镇人民政府，县直有关部门"
COPIES_TO = "县委办公室，县政府办公室"
MOST_NAMED = 8  # duties closed early that are named one by one


def title(facts: Facts) -> str:
    """Give the title."""
    return f"关于{month_words(facts['month'])}份推行柔性执法工作推进情况的通报"


def text(facts: Facts) -> str:
    """Give the body, a paragraph a line."""
    parts = [
        ("总体情况", list(_overall(facts))), ("工作亮点", list(_good(facts))), ("未按时完成的事项", list(_late(facts))),
        ("需要协调解决的问题", list(_problems(facts))), ("下一步时间节点", list(_next(facts))),
    ]  # fmt: skip
    lines = [_opening(facts)]
    for number, (head, found) in enumerate(((head, found) for head, found in parts if found), 1):
        lines += [f"{chinese(number)}、{head}", *found]
    return "\n".join([*lines, "请各单位对照本通报和反馈单，抓紧办理未完成事项，如期完成下一步各时间节点任务。"])


def _opening(facts: Facts) -> str:
    plan, as_of = facts["plan"], dt.datetime.fromisoformat(facts["as_of"]).astimezone()
    number = f"（{plan['number']}）" if plan["number"] else ""
    return (
        f"按照《{plan['title']}》{number}要求，现将{month_words(facts['month'])}份（{day(facts['first'])}至{day(facts['last'])}）"
        f"工作推进情况通报如下。数据截至{as_of.year}年{as_of.month}月{as_of.day}日。"
    )


def _overall(facts: Facts) -> Iterator[str]:
    totals, closed = facts["totals"], facts["closed"]
    rate = f"，按时报送率{totals['on_time_rate']}%" if totals["on_time_rate"] else ""
    filed = f"本月应报月度报告{totals['owed']}份，已报{totals['filed']}份，其中按时{totals['filed'] - totals['late']}份{rate}。"
    rate = f"，销号率{totals['closed_rate']}%" if totals["closed_rate"] else ""
    due = f"全县已到期应销号事项{totals['due']}项，已销号{totals['closed']}项{rate}；本期销号{len(closed)}项"
    early = sum(bool(one["early_days"]) for one in closed)
    yield filed + due + (f"，其中提前完成{early}项。" if early else "。")
    if facts["county"]:
        told = "，".join(f"{label.replace('　', '：')}{value}{measure}" for label, value, measure in facts["county"])
        yield f"{told}。"


def _good(facts: Facts) -> Iterator[str]:
    found = []
    on_time = [one["unit"]["short"] for one in facts["reports"] if one["filed_on"] and not one["late_days"]]
    if on_time:
        found.append(f"按时报送月度报告。{_names(on_time)}{len(on_time)}个单位按时报送。")
    early = sorted((one for one in facts["closed"] if one["early_days"]), key=lambda one: -one["early_days"])
    if early:
        told = "；".join(
            f"{one['unit']['short']}{quoted(one['name'])}提前{one['early_days']}天" for one in early[:MOST_NAMED]
        )
        found.append(
            f"提前完成任务。{told}{f'；另有{len(early) - MOST_NAMED}项提前完成' if len(early) > MOST_NAMED else ''}。"
        )
    many = _most_closed(facts)
    if many:
        found.append(f"销号较多。本期销号较多的单位：{many}。")
    yield from _numbered(found)


def _most_closed(facts: Facts) -> str:
    counted: dict[str, int] = defaultdict(int)
    for one in facts["closed"]:
        counted[one["unit"]["short"]] += 1
    best = sorted((unit for unit in counted if counted[unit] > 1), key=lambda unit: -counted[unit])[:5]
    return "、".join(f"{unit}{counted[unit]}项" for unit in best)


def _late(facts: Facts) -> Iterator[str]:
    found = []
    late = [f"{one['unit']['short']}（迟报{one['late_days']}天）" for one in facts["reports"] if one["late_days"]]
    missing = [f"{one['unit']['short']}{_over(one, facts)}" for one in facts["reports"] if one["missing"]]
    if late:
        found.append(f"月度报告迟报{len(late)}个单位。{'、'.join(late)}。")
    if missing:
        found.append(f"月度报告未报{len(missing)}个单位。{'、'.join(missing)}。")
    others = [one for one in facts["overdue"] if not _is_report(one, facts)]
    if others:
        told = "；".join(
            f"{one['unit']['short']}{quoted(one['name'])}应于{day(one['due_on'])}前完成，逾期{one['days']}天"
            for one in others
        )
        found.append(f"逾期未办结{len(others)}项。{told}。")
    if facts.get("listed"):
        told = "；".join(f"{one['unit']['short']}{quoted(one['name'])}" for one in facts["listed"])
        found.append(f"经催办仍未报送，予以通报。{told}。")
    yield from _numbered(found)


def _over(report: dict[str, Any], facts: Facts) -> str:
    over = (
        dt.datetime.fromisoformat(facts["as_of"]).astimezone().date() - dt.date.fromisoformat(report["due_on"])
    ).days
    return f"（逾期{over}天）" if over > 0 else ""


def _is_report(overdue: dict[str, Any], facts: Facts) -> bool:
    missing = {one["unit"]["code"] for one in facts["reports"] if one["missing"]}
    return overdue["unit"]["code"] in missing and month_words(facts["month"]) in overdue["name"]


def _problems(facts: Facts) -> Iterator[str]:
    for number, one in enumerate(facts["problems"], 1):
        if one["answer"]:
            done = f"已答复：{one['answer']}"
        elif one["answerer"]:
            done = (
                f"请{one['answerer']}于{day(one['answer_by'])}前答复"
                if one["answer_by"]
                else f"请{one['answerer']}答复"
            )
        else:
            done = "答复单位正在研究确定"
        yield f"{number}. {one['unit']['short']}反映：{_ended(one['text'])}{_ended(done)}"


def _next(facts: Facts) -> Iterator[str]:
    for number, one in enumerate(facts["next"], 1):
        units = one["units"]
        yield f"{number}. {day(one['day'])}前：{one['name']}，{len(units)}个单位待完成（{_names(units)}）。"


def _numbered(found: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(found, 1):
        yield f"（{chinese(number)}）{line}"


def _names(units: list[str]) -> str:
    return "、".join(units[:MOST_NAMED]) + ("等" if len(units) > MOST_NAMED else "")


def quoted(name: str) -> str:
    """Give a name in quotation marks; those within it become single ones."""
    return f"“{name.replace('“', '‘').replace('”', '’')}”"


def _ended(told: str) -> str:
    line = " ".join(told.split())
    return line if line.endswith(("。", "！", "？")) else f"{line}。"


def day(iso: str) -> str:
    """Give a day as prose writes it: 6月21日."""
    on = dt.date.fromisoformat(iso)
    return f"{on.month}月{on.day}日"
