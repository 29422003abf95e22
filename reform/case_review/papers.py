"""Documents of a round as .docx: 执法监督意见书 to a unit, 整改通知单 for a file, the draft of the 通报, and all of it for the archive."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

from liaisons.models import Unit
from reform.bulletin import wording
from reform.case_review import outcomes, protocol, ranking, score_paper, typed
from reform.case_review.outcomes import Outcome
from reform.models import Deduction, Rectification, ReviewRound
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.official_document import OfficialDocument


def issuer_of(round_: ReviewRound) -> str:
    """Give the name under which the organiser writes."""
    return wording.ISSUER if round_.is_of_bureau else round_.organiser.name


def _dated(round_: ReviewRound) -> dt.date:
    """Give the day its documents bear: that of the 通报, today as long as they are drafts."""
    return clock.local_date(round_.published_at) if round_.published_at else clock.today()


def day(on: dt.date) -> str:
    """Give a day as a document writes it."""
    return f"{on.year}年{on.month}月{on.day}日"


def _sampling(round_: ReviewRound) -> str:
    period = f"{day(round_.period_from)}至{day(round_.period_to)}"
    return (
        f"从{period}作出决定的案卷目录{len(round_.population)}卷中，按公开的种子“{round_.seed}”随机抽取"
        f"{round_.drawn.count()}卷，每卷由两名评查员背对背评分，相差超过{typed.plain(round_.tolerance)}分的由第三人复核。"
    )


def opinion(round_: ReviewRound, unit: Unit) -> bytes:
    """Write the 执法监督意见书 to one unit; its number is the office's to fill in."""
    found = [one for one in outcomes.of_round(round_) if one.drawn.case_file.unit_id == unit.pk]
    on = _dated(round_)
    number = f"兴司监〔{on.year}〕　　号" if round_.is_of_bureau else ""
    document = OfficialDocument("行政执法监督意见书", issuer=issuer_of(round_), number=number)
    document.address(unit.name)
    document.paragraph(f"我单位组织了“{round_.title}”。{_sampling(round_)}现将你单位案卷的评查情况和意见函告如下。")
    document.heading("评查结果")
    rows = [
        [one.drawn.case_file.number, one.drawn.case_file.title, str(one.score.final), one.grade] for one in found
    ]  # fmt: skip
    document.table(["案卷", "案由", "得分", "等次"], rows, widths=[4, 5, 2, 2])
    document.heading("存在的问题")
    _problems(document, found)
    document.heading("意见")
    document.paragraph(_advice(found))
    document.sign(on=on)
    return document.as_bytes()


def _problems(document: OfficialDocument, found: Sequence[Outcome]) -> None:
    """Write what is wrong file by file, what both reviewers found once."""
    for one in found:
        if one.problems:
            document.heading(f"{one.drawn.case_file.number}（{one.drawn.case_file.title}）", 2)
        for line in dict.fromkeys(score_paper.told(taken) for taken in one.problems):
            document.heading(f"{line}。", 3)
    if not any(one.problems for one in found):
        document.paragraph("未发现需要整改的问题。")


def _advice(found: Sequence[Outcome]) -> str:
    if not any(one.problems for one in found):
        return "请继续保持，认真总结经验做法。"
    asked = any(hasattr(one.drawn, "rectification") for one in found)
    until = "整改情况按整改通知单载明的期限报送。" if asked else "整改情况留存备查。"
    return f"请逐项对照整改，明确责任人和完成时限，举一反三，规范执法程序和文书制作；{until}"


def notice(row: Rectification) -> bytes:
    """Write the 整改通知单 for one file, with room for who signs for it."""
    file, round_ = row.drawn.case_file, row.drawn.round
    document = OfficialDocument("案卷评查整改通知单", issuer=issuer_of(round_))
    document.address(file.unit.name)
    document.paragraph(f"在“{round_.title}”中，你单位{file.number}（{file.title}）存在下列问题，请予整改。")
    document.heading("需要整改的问题")
    document.text(row.problems)
    document.heading("整改要求")
    due = row.obligation.due_on
    rows = [[file.unit.short_name, row.owner, day(due) if due else "另行确定", ""]]
    document.table(["责任单位", "责任人", "完成期限", "签收人、日期"], rows, widths=[3, 2, 3, 3])
    document.paragraph("请在期限前完成整改，并在兴县柔性执法推进平台报送整改情况和佐证材料，由本单位复查。")
    document.sign(on=clock.local_date(row.asked_at))
    return document.as_bytes()


def bulletin(round_: ReviewRound) -> bytes:
    """Write the draft of the 通报; a person edits it before it is issued."""
    found, on = outcomes.of_round(round_), _dated(round_)
    number = f"兴司通〔{on.year}〕　　号" if round_.is_of_bureau else ""
    document = OfficialDocument(
        f"关于{round_.title}情况的通报", issuer=issuer_of(round_), number=number, headed=round_.is_of_bureau
    )
    document.address("各被评查单位" if round_.is_of_bureau else "各股室、各执法人员")
    summary = ranking.summary(found)
    document.paragraph(f"现将{round_.title}情况通报如下。")
    document.heading("基本情况")
    document.paragraph(_sampling(round_))
    grades = "，".join(f"{grade}{number}卷" for grade, number in summary.grades.items())
    document.paragraph(
        f"共评查{summary.files}卷，平均{summary.mean}分，其中{grades}。第三人复核{summary.arbitrated}卷；"
        f"收到异议{summary.objections}条，成立{summary.upheld}条，均已更正。"
    )
    previous = ranking.last_round(round_)
    before = outcomes.of_round(previous) if previous else []
    _ranking(document, previous, found, before)
    _found(document, found, before)
    document.heading("工作要求")
    document.paragraph(
        f"本次发出整改通知{summary.rectifications}件。各单位要对照问题逐项整改，按期报送；有关问题要举一反三，"
        "加强法制审核和集体讨论，规范文书制作和立卷归档。"
    )
    document.sign(on=on)
    if round_.is_of_bureau:
        document.record(printed_by=wording.OFFICE, printed_on=on, copies_to=wording.COPIES_TO)
    return document.as_bytes()


def _ranking(
    document: OfficialDocument, previous: ReviewRound | None, found: Sequence[Outcome], before: Sequence[Outcome]
) -> None:
    document.heading("各单位情况")
    if previous:
        told = f"与“{previous.title}”（平均{outcomes.mean(before)}分）相比的变化列在表中。"
        document.paragraph(told)
    rows = [
        [str(one.place), one.unit.short_name, str(one.mean), "—" if one.change is None else f"{one.change:+}", str(one.files)]
        for one in ranking.by_unit(found, before)
    ]  # fmt: skip
    document.table(["名次", "单位", "平均分", "变化", "卷数"], rows, widths=[1, 4, 2, 2, 1])


def _found(document: OfficialDocument, found: Sequence[Outcome], before: Sequence[Outcome]) -> None:
    document.heading("主要问题")
    for one in ranking.by_class(found, before):
        last = f"（上次{one.before}处）" if one.before is not None else ""
        document.paragraph(
            f"{one.label}方面{one.problems}处，涉及{one.files}卷，平均每卷{one.per_file}处{last}，主要是：{'；'.join(one.examples)}。"
        )
    if best := ranking.best(found):
        document.heading("优秀案卷")
        names = "；".join(
            f"{one.drawn.case_file.unit.short_name}{one.drawn.case_file.number}（{one.score.final}分）" for one in best
        )
        document.paragraph(f"{names}。")


def results_text(round_: ReviewRound) -> str:
    """Give every file's result with what was taken, as text."""
    lines = [f"{round_.title}　评查结果"]
    for one in outcomes.of_round(round_):
        file = one.drawn.case_file
        lines += [
            "",
            f"{one.drawn.number}. {file.unit.short_name}　{file.number}　{one.score.final} 分　{one.grade}　{one.drawn.standard}",
        ]
        lines += [
            f"   {sheet.get_seat_display()} {sheet.by_name}：{one.first_score_of(sheet).final} 分"
            for sheet in one.sheets
        ]
        lines += [f"   {_taken_line(taken)}" for taken in one.deductions]
        lines += [f"   异议：{objection.text}　复核：{objection.answer}" for objection in one.objections]
    return "\n".join(lines) + "\n"


def _taken_line(taken: Deduction) -> str:
    lifted = "（异议成立，已撤销）" if taken.lifted_by_id else ""
    return f"{taken.sheet.get_seat_display()}：{score_paper.told(taken)} 扣 {taken.points} 分{lifted}"


def self_checks_text(round_: ReviewRound) -> str:
    """Give what the units found in their own files, as text."""
    lines = [f"{round_.title}　各单位自查"]
    for one in round_.self_checks.select_related("unit"):
        counted = f"自查 {one.checked} 卷，自评优秀 {one.excellent}，不合格 {one.failed}"
        lines += ["", f"{one.unit.short_name}　{counted}", f"   问题：{one.problems}", f"   措施：{one.measures}"]
    return "\n".join(lines) + "\n"


def archive(round_: ReviewRound) -> bytes:
    """Give everything of a round in one file: how it was drawn, every sheet and result, the documents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("抽取记录.txt", protocol.text(round_))
        bundle.writestr("自查情况.txt", self_checks_text(round_))
        bundle.writestr("评查结果.txt", results_text(round_))
        bundle.writestr("通报（稿）.docx", bulletin(round_))
        for outcome in outcomes.of_round(round_):
            bundle.writestr(f"评查表/第{outcome.drawn.number}卷.docx", score_paper.write(outcome, issuer_of(round_)))
        for unit in Unit.objects.filter(case_files__drawn__round=round_).distinct():
            bundle.writestr(f"执法监督意见书/{unit.short_name}.docx", opinion(round_, unit))
        rows = Rectification.objects.filter(drawn__round=round_)
        for row in rows.select_related("drawn__case_file__unit", "drawn__round__organiser", "obligation"):
            bundle.writestr(f"整改通知单/第{row.drawn.number}卷.docx", notice(row))
    return out.getvalue()
