"""The papers of a case, drawn from what is recorded: 责令改正通知书, 包容免罚告知承诺书, 不予行政处罚决定书."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from exemptions.cases import correction
from exemptions.cases.decisions import Correction
from exemptions.cases.kinds import FORGIVING, Decision
from exemptions.cases.parties import PartyKind
from exemptions.cases.states import State
from exemptions.models import CaseFile, CorrectionOrder, ExemptionCase, Item
from xingxian_portal.foundation.official_document import OfficialDocument

LAW = "《中华人民共和国行政处罚法》"
GROUNDS = {
    Item.MINOR: f"{LAW}第三十三条第一款“违法行为轻微并及时改正，没有造成危害后果的，不予行政处罚”",
    Item.FIRST: f"{LAW}第三十三条第一款“初次违法且危害后果轻微并及时改正的，可以不予行政处罚”",
    Item.NO_FAULT: f"{LAW}第三十三条第二款“当事人有证据足以证明没有主观过错的，不予行政处罚”",
}
REMEDY = "如对本{paper}不服，可以自收到之日起六十日内依法申请行政复议，也可以自收到之日起六个月内依法向人民法院提起行政诉讼。"
CORRECTED = {
    Correction.BEFORE: "检查前已主动改正", Correction.ON_THE_SPOT: "已当场改正", Correction.IN_TIME: "已在责令的期限内改正",
}  # fmt: skip
SIGN_HERE = "（签名或者盖章）：　　　　　　　　　年　　月　　日"


@dataclass(frozen=True)
class Paper:
    """One kind of paper: its name, when a case has it, and how it is written."""

    slug: str
    title: str
    is_ready: Callable[[ExemptionCase, CorrectionOrder | None], bool]
    write: Callable[[ExemptionCase, CorrectionOrder | None], OfficialDocument]


def day(on: dt.date) -> str:
    """Give a day as a document writes it."""
    return f"{on.year}年{on.month}月{on.day}日"


def _begin(case: ExemptionCase, title: str, number: str = "") -> OfficialDocument:
    return OfficialDocument(f"{case.unit.name}\n{title}", issuer=case.unit.name, number=number)


def _party(paper: OfficialDocument, case: ExemptionCase) -> None:
    paper.paragraph(f"当事人：{case.party_name}")
    if case.credit_code:
        paper.paragraph(f"统一社会信用代码：{case.credit_code}")
    if case.party_address:
        paper.paragraph(f"住所（经营场所）：{case.party_address}")


def _you(case: ExemptionCase) -> str:
    return "你" if case.party_kind == PartyKind.PERSON else "你单位"


def _found(case: ExemptionCase, whom: str) -> str:
    broken = f"上述行为违反了{case.item.broken}的规定。" if case.item and case.item.broken else ""
    return f"经查，{day(case.discovered_on)}发现{whom}有下列行为：{_stopped(case.conduct)}{broken}"


def _stopped(text: str) -> str:
    return text.strip().rstrip("。；;.") + "。"


def _officers(case: ExemptionCase) -> str:
    rows = case.handlers.select_related("officer")
    names = "、".join(f"{row.officer.name}（证号{row.officer.certificate}）" for row in rows)
    return f"执法人员：{names}"


def _write_order(case: ExemptionCase, order: CorrectionOrder | None) -> OfficialDocument:
    assert order
    paper, you = _begin(case, "责令改正通知书", order.number.text), _you(case)
    paper.address(case.party_name)
    _party(paper, case)
    paper.paragraph(_found(case, you))
    when = "立即改正" if order.correct_by == order.ordered_on else f"于{day(order.correct_by)}前改正"
    paper.paragraph(f"依据{LAW}第二十八条第一款的规定，现责令{you}{when}。改正要求：{_stopped(order.demands)}")
    paper.paragraph("本机关将对改正情况进行复查。逾期不改正的，依法处理。" + REMEDY.format(paper="通知"))
    paper.paragraph(_officers(case))
    paper.sign(on=order.ordered_on)
    paper.signature_lines(f"当事人{SIGN_HERE}", f"执法人员{SIGN_HERE}")
    return paper


def _write_promise(case: ExemptionCase, order: CorrectionOrder | None) -> OfficialDocument:
    assert order
    paper, you = _begin(case, "包容免罚告知承诺书"), _you(case)
    paper.address(case.party_name)
    _party(paper, case)
    paper.paragraph(_found(case, you))
    paper.paragraph(
        f"本机关已对{you}进行批评教育，并责令于{day(order.correct_by)}前改正（{order.number.text}）。"
        f"按期改正且符合{GROUNDS[case.kind]}的，依法不予行政处罚；逾期不改正的，依法立案查处。"
    )
    paper.heading("承诺内容")
    promised = (
        order.promise.strip()
        or f"已知悉上述告知内容，承诺于{day(order.correct_by)}前改正，今后遵守法律法规，不再发生同类行为。"
    )
    paper.paragraph(promised)
    paper.paragraph(_officers(case))
    paper.sign(on=order.promised_on or order.ordered_on)
    paper.signature_lines(f"承诺人{SIGN_HERE}")
    return paper


def _write_decision(case: ExemptionCase, order: CorrectionOrder | None) -> OfficialDocument:
    assert case.decision_number
    assert case.decided_on
    title = "不予行政处罚决定书" if case.decision == Decision.NO_PENALTY else "不予罚款决定书"
    paper = _begin(case, title, case.decision_number.text)
    _party(paper, case)
    for text in (_found(case, "当事人"), *_proofs(case)):
        paper.paragraph(text)
    state = Correction(order.result if order else case.how_corrected)
    corrected = f"鉴于当事人{CORRECTED[state]}，" if state in CORRECTED else ""
    decided = "不予行政处罚" if case.decision == Decision.NO_PENALTY else "不予罚款（依法应当给予的其他处罚照常）"
    paper.paragraph(f"本机关认为，{corrected}符合{GROUNDS[case.kind]}的规定，决定对当事人{decided}。")
    if case.decision_reason:
        paper.paragraph(_stopped(case.decision_reason))
    paper.paragraph(f"依据{LAW}第三十三条第三款，本机关已对当事人进行教育：{_stopped(case.education)}")
    paper.paragraph(REMEDY.format(paper="决定"))
    paper.paragraph(_officers(case))
    paper.sign(on=case.decided_on)
    return paper


def _proofs(case: ExemptionCase) -> list[str]:
    rows = case.conditions.select_related("file").filter(met=True)
    told = [f"{row.text}（{row.proof or _stage(row.file)}）" for row in rows if row.proof or row.file]
    return [f"经核对，下列条件均满足：{'；'.join(told)}。"] if told else []


def _stage(file: CaseFile | None) -> str:
    return f"{file.get_stage_display()}材料" if file else ""


PAPERS = (
    Paper("order", "责令改正通知书", lambda case, order: order is not None, _write_order),
    Paper("promise", "告知承诺书", lambda case, order: order is not None, _write_promise),
    Paper(
        "decision", "不予行政处罚决定书",
        lambda case, order: case.state == State.DECIDED and case.decision in FORGIVING, _write_decision,
    ),
)  # fmt: skip
BY_SLUG = {paper.slug: paper for paper in PAPERS}


def ready(case: ExemptionCase) -> list[Paper]:
    """Give the papers that the case has; of a void case none."""
    order = correction.newest(case)
    return [paper for paper in PAPERS if case.state != State.VOID and paper.is_ready(case, order)]


def write(case: ExemptionCase, paper: Paper) -> bytes:
    """Write the paper as .docx."""
    return paper.write(case, correction.newest(case)).as_bytes()
