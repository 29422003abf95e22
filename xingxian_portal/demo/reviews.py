"""案卷评查 of the demo: the units' registers, a finished practice round of May, and the round of the half-year in scoring."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from liaisons.models import EnforcementField, Unit
from reform import drafts, filing, review
from reform.case_review import feedback, outcomes, publishing, rectifying, register, rounds, self_checks, sheets
from reform.case_review.outcomes import Standing
from reform.case_review.rounds import Quota, Scope
from reform.models import CaseFile, CaseReview, DrawnFile, ReviewRound, ReviewStandard
from xingxian_portal.demo import people
from xingxian_portal.demo.scans import scan

Add = Callable[[dt.datetime, Callable[[dt.datetime], Any]], None]
Moment = Callable[..., dt.datetime]

PRACTICE, HALF_YEAR = "2022 年行政处罚案卷练习评查", "2022 年上半年行政处罚案卷评查"
# unit code, the abbreviation of its case numbers, its field, what its cases are about
UNITS = [
    ("scj", "兴市监罚", "market", ["未按规定办理变更登记", "销售超过保质期的食品", "未明码标价"]),
    ("jtj", "兴交罚", "transport", ["擅自超限运输", "未随车携带营运证"]),
    ("sthjj", "兴环罚", "environment", ["物料堆场未密闭", "未按规定设置危险废物标志"]),
    ("wlj", "兴文罚", "culture", ["未悬挂未成年人禁入标志", "未核对登记上网人员身份"]),
    ("nyncj", "兴农罚", "agriculture", ["经营标签不合规的种子", "未建立兽药购销记录"]),
    ("yjj", "兴应急罚", "emergency", ["未如实记录安全教育培训", "安全设备未定期检测"]),
    ("141123100", "蔚罚", "urban", ["占道经营", "擅自倾倒建筑垃圾"]),
    ("141123102", "瓦罚", "urban", ["占用消防通道", "露天焚烧秸秆"]),
    ("141123103", "康罚", "urban", ["占道经营", "破坏公共绿地"]),
    ("141123104", "高罚", "urban", ["擅自设置户外广告", "占道经营"]),
]
PARTIES = [
    "兴县东关便利店",
    "兴县福源商行",
    "兴县顺达运输部",
    "兴县晋盛建材部",
    "兴县惠民超市",
    "兴县永昌餐饮店",
    "兴县新村合作社",
]
# item, points, problem, page, rule: what reviewers find
FOUND = [
    ("B1.4", "1", "承办人意见没有注明涉嫌违反的法律名称", "3", "记分表"),
    ("B2.5", "2", "被检查人拒签，没有见证人签名，也没有注明", "8", "行政处罚法第五十五条"),
    ("B3.6", "1", "第二页没有被询问人签名", "11", "记分表"),
    ("B4.4", "0.5", "没有描述物品的数量和性状", "13", "记分表"),
    ("B5.4", "1", "处罚依据只写法律名称，没有写条款项", "19", "行政处罚法第五十七条"),
    ("B6.2", "3", "告知书没有写明陈述、申辩的期限", "21", "行政处罚法第四十四条"),
    ("B7.5", "1", "没有写明向人民法院起诉的期限", "24", "行政处罚法第五十九条"),
    ("B8.1", "2", "送达回证缺受送达人签收日期", "26", "行政处罚法第六十一条"),
    ("B9.4", "1", "目录与卷内页码不对应", "1", "立卷归档要求"),
    ("B9.6", "2", "卷内有四页没有编号", "30", "立卷归档要求"),
]
# what costs a file its grade
GRAVE = [
    ("B2.2", "2", "检查笔录没有写明检查的过程和看到的情况", "7", "行政处罚法第五十五条"),
    ("B6.1", "5", "审批表没有负责人的意见和签名", "20", "行政处罚法第五十七条"),
    ("B6.2", "8", "没有行政处罚事先告知书", "21", "行政处罚法第四十四条"),
    ("B6.4", "4", "重大处罚的集体讨论没有记录各人意见", "22", "行政处罚法第五十七条"),
    ("B8.1", "5", "没有送达回证", "26", "行政处罚法第六十一条"),
    ("B8.3", "4", "没有罚没款票据", "28", "行政处罚法第六十七条"),
    ("B4.5", "1", "证据材料没有执法人员签名", "14", "行政处罚法第五十五条"),
]
VETO = {"problem": "依法应当听证，没有告知当事人有权要求听证", "page": "21", "rule": "行政处罚法第六十三条"}
OFFICERS = ["杨志敏", "苏海燕", "裴建明", "崔丽霞"]
CLEAN: dict[str, Any] = {"absent": ["B6.3"], "items": {}, "vetoes": {}, "remark": ""}
SELF_CHECKED = ("scj", "jtj", "141123100", "nyncj")


def tell(add: Add, everybody: people.People, moment: Moment) -> None:
    """Put every act into the story by `add`."""
    told = Reviews(everybody)
    add(_at(moment, 4, 25, 15), told.register)
    add(_at(moment, 5, 16, 9), told.open_practice)
    add(_at(moment, 5, 19, 16), partial(told.score_all, PRACTICE))
    add(_at(moment, 5, 20, 9), partial(told.give_feedback, PRACTICE))
    add(_at(moment, 5, 23, 10), told.object_and_mend)
    add(_at(moment, 5, 26, 16), partial(told.publish, PRACTICE))
    add(_at(moment, 6, 8, 11), told.mend)
    add(_at(moment, 6, 9, 15), told.accept_mended)
    add(_at(moment, 6, 13, 9), told.open_half_year)
    add(_at(moment, 6, 17, 16), told.score_some)


def _at(moment: Moment, month: int, day: int, hour: int) -> dt.datetime:
    return moment(dt.date(2022, month, day), hour, 20)


class Reviews:
    """Who acts, and dice of their own."""

    def __init__(self, everybody: people.People) -> None:
        self.people = everybody
        self.dice = random.Random(1031)  # noqa: S311 - the story must come out the same everywhere

    def register(self, at: dt.datetime) -> None:
        """Register each unit's cases of the year so far."""
        fields = {one.code: one for one in EnforcementField.objects.all()}
        for code, sign, field, subjects in UNITS:
            unit = Unit.objects.get(code=code)
            for number in range(1, 6):
                decided = dt.date(2022, 1, 12) + dt.timedelta(days=self.dice.randrange(95))
                values = {
                    "number": f"{sign}〔2022〕{number}号", "kind": CaseFile.PUNISHMENT, "field": fields.get(field),
                    "title": self.dice.choice(subjects), "party": self.dice.choice(PARTIES), "pages": self.dice.randint(24, 48),
                    "opened_on": decided - dt.timedelta(days=self.dice.randint(8, 40)), "decided_on": decided,
                    "closed_on": decided + dt.timedelta(days=12), "officers": self.dice.sample(OFFICERS, 2),
                }  # fmt: skip
                register.register(unit, values, by=self.people.contacts[code], at=at)

    def _open(self, title: str, codes: Sequence[str], per_unit: int, at: dt.datetime, **more: Any) -> ReviewRound:
        standard = ReviewStandard.objects.get(code="xzcf-ybcx", version=1)
        officer = self.people.officer
        assert officer.unit
        scope = Scope(
            title, officer.unit, dt.date(2022, 1, 1), dt.date(2022, 4, 30), list(Unit.objects.filter(code__in=codes)),
            [Quota(CaseFile.PUNISHMENT, per_unit, standard)], **more,
        )  # fmt: skip
        round_ = rounds.open_round(scope, by=officer, at=at)
        rounds.seat(round_, self.people.reviewers, by=officer, at=at)
        for code in SELF_CHECKED:
            if code in codes and not round_.is_practice:
                self._check(round_, code, at)
        rounds.seal(round_, by=officer, at=at)
        seed = "".join(str(self.dice.randrange(10)) for _ in range(6))
        rounds.draw(round_, seed, witnesses="县检察院李检察官、律师王律师", by=officer, at=at)
        for seat in round_.reviewers.select_related("user"):
            rounds.declare(seat, by=seat.user, at=at)
        return rounds.start(round_, by=officer, at=at)

    def _check(self, round_: ReviewRound, code: str, at: dt.datetime) -> None:
        words = {
            "problems": "个别卷宗目录与页码不对应，送达回证要素不全。",
            "measures": "逐卷补正，组织一次文书制作学习。",
        }
        unit = Unit.objects.get(code=code)
        by = self.people.contacts[code]
        self_checks.file_self_check(round_, unit, by=by, at=at, checked=5, excellent=2, failed=0, **words)

    def open_practice(self, at: dt.datetime) -> None:
        """Open, draw and start the practice round of May."""
        self._open(PRACTICE, ["scj", "jtj", "sthjj", "wlj", "141123100", "141123102"], 2, at, is_practice=True)

    def open_half_year(self, at: dt.datetime) -> None:
        """Open, draw and start the round of the half-year; the scans of pingcha's files come in."""
        round_ = self._open(HALF_YEAR, [code for code, *_ in UNITS], 2, at)
        mine = round_.drawn.filter(sheets__reviewer__user=self.people.reviewers[0])
        for drawn in mine.exclude(case_file__drawn__round__title=PRACTICE).select_related("case_file__unit"):
            file = drawn.case_file
            register.attach(file, [_scanned(file)], by=self.people.contacts[file.unit.code])

    def _typed(self, found: int, grave: Sequence[tuple[str, ...]] = ()) -> dict[str, Any]:
        rows = [*self.dice.sample([row for row in FOUND if row[0] not in {one[0] for one in grave}], found), *grave]
        items = {item: [{"points": points, "problem": problem, "page": page, "rule": rule}]
                 for item, points, problem, page, rule in rows}  # fmt: skip
        return CLEAN | {"items": items}

    def _sign(self, sheet: CaseReview, content: dict[str, Any], at: dt.datetime) -> None:
        by = sheet.reviewer.user
        sheets.save(sheet, content, by=by, at=at)
        sheets.sign(sheet, by=by, at=at)

    def _score(self, drawn: DrawnFile, at: dt.datetime) -> None:
        """Have both score; who differs too much gets a third, the others sign jointly."""
        found, grave = self.dice.randint(1, 3), self.dice.sample(GRAVE, self.dice.choice([0, 0, 0, 1, 2, 3, 5]))
        for sheet in drawn.sheets.select_related("reviewer__user").order_by("seat"):
            self._sign(sheet, self._typed(found, grave), at)
        if outcomes.of_file(drawn.pk).standing is Standing.THIRD:
            self._decide(drawn, self._typed(found, grave), at)
        else:
            for sheet in drawn.sheets.select_related("reviewer__user"):
                sheets.join(sheet, by=sheet.reviewer.user, at=at)

    def _decide(self, drawn: DrawnFile, content: dict[str, Any], at: dt.datetime) -> None:
        self._sign(drawn.sheets.select_related("reviewer__user").get(seat=CaseReview.THIRD), content, at)

    def score_all(self, title: str, at: dt.datetime) -> None:
        """Score every file of a round; in the last one somebody finds a veto, and the third finds it too."""
        *most, last = DrawnFile.objects.filter(round__title=title).order_by("number")
        for drawn in most:
            self._score(drawn, at)
        self._apart(last, "A12", VETO, at)
        self._decide(last, self._typed(2) | {"vetoes": {"A12": VETO}}, at)

    def score_some(self, at: dt.datetime) -> None:
        """Score half of the half-year's files; of the rest some wait for one signature, one for a third's."""
        drawn = list(
            DrawnFile.objects.filter(round__title=HALF_YEAR).exclude(sheets__reviewer__user=self.people.reviewers[0])
        )
        for one in drawn[:-4]:
            self._score(one, at)
        for one in drawn[-4:-1]:
            self._sign(one.sheets.select_related("reviewer__user").get(seat=CaseReview.FIRST), self._typed(3), at)
        words = {"problem": "立案审批表上只有一名执法人员", "page": "3", "rule": "行政处罚法第四十二条"}
        self._apart(drawn[-1], "A05", words, at)
        self._begun(at)

    def _apart(self, drawn: DrawnFile, code: str, words: dict[str, str], at: dt.datetime) -> None:
        """Have one of the two find a veto that the other does not see."""
        pair = drawn.sheets.select_related("reviewer__user").order_by("seat")
        for sheet, vetoes in zip(pair, ({}, {code: words}), strict=True):
            self._sign(sheet, self._typed(2) | {"vetoes": vetoes}, at)

    def _begun(self, at: dt.datetime) -> None:
        """Have the reviewer whose account is printed begin one sheet and sign one that then waits to be joined."""
        mine = CaseReview.objects.filter(reviewer__user=self.people.reviewers[0], drawn__round__title=HALF_YEAR)
        first, second, *_ = mine.select_related("reviewer__user", "drawn").order_by("drawn__number")
        sheets.save(first, self._typed(2), by=first.reviewer.user, at=at)
        content = self._typed(3)
        for sheet in second.drawn.sheets.select_related("reviewer__user").order_by("seat"):
            self._sign(sheet, content, at)

    # after scoring

    def _round(self, title: str) -> ReviewRound:
        return ReviewRound.objects.select_related("organiser").get(title=title)

    def give_feedback(self, title: str, at: dt.datetime) -> None:
        """Send the results back, five days for objections."""
        feedback.give_feedback(self._round(title), at.date() + dt.timedelta(days=5), by=self.people.officer, at=at)

    def object_and_mend(self, at: dt.datetime) -> None:
        """Object for 县市场局 to one item, which is upheld; have the file with the lowest score mended."""
        found = outcomes.of_round(self._round(PRACTICE))
        mine = next(one for one in found if one.drawn.case_file.unit.code == "scj")
        item = next(one.item for one in mine.problems if one.item)
        raised = feedback.object_to(
            mine.drawn,
            item,
            "卷内第 9 页另有一份材料可以证明，评查时可能漏看，请复核。",
            by=self.people.contacts["scj"],
            at=at,
        )
        feedback.answer(raised, "经查阅原卷，材料齐全，撤销这一项扣分。", upheld=True, by=self.people.officer, at=at)
        worst = min((one for one in found if one is not mine), key=lambda one: (one.score.final, one.drawn.number))
        rectifying.ask(
            worst.drawn, problems=rectifying.proposed(worst), owner=OFFICERS[0], due_on=dt.date(2022, 6, 10),
            by=self.people.officer, at=at,
        )  # fmt: skip

    def publish(self, title: str, at: dt.datetime) -> None:
        """通报 by the leader."""
        publishing.publish(self._round(title), by=self.people.leader, at=at)

    def _mending(self) -> DrawnFile:
        rows = DrawnFile.objects.filter(round__title=PRACTICE, rectification__isnull=False)
        return rows.select_related("rectification__obligation__unit").get()

    def mend(self, at: dt.datetime) -> None:
        """File what the unit mended."""
        duty = self._mending().rectification.obligation
        by = self.people.contacts[duty.unit.code]
        drafts.save(duty, by=by, text="已逐项补正，补正说明附卷；组织执法人员学习文书制作要求。", at=at)
        filing.file(duty, by=by, at=at)

    def accept_mended(self, at: dt.datetime) -> None:
        """复查 and 销号."""
        review.accept(self._mending().rectification.obligation, by=self.people.officer, at=at)


def _scanned(file: CaseFile) -> Any:
    head = [
        "行政处罚决定书", file.number, f"当事人：{file.party}", f"案由：{file.title}",
        f"{file.decided_on.year}年{file.decided_on.month}月，本机关执法人员检查时发现当事人有上述行为，",
        "有现场检查笔录、询问笔录、照片等证据证实。当事人已改正。",
        "依照有关法律规定，决定给予行政处罚。", "当事人如不服本决定，可以依法申请行政复议或者提起行政诉讼。", "",
        f"承办人：{'、'.join(file.officers)}", f"{file.decided_on.year}年{file.decided_on.month}月{file.decided_on.day}日",
    ]  # fmt: skip
    receipt = [
        "送达回证",
        file.number,
        f"受送达人：{file.party}",
        "送达文书：行政处罚决定书",
        "送达方式：直接送达",
        "受送达人签收：（签名）",
        "收到日期：　　年　　月　　日",
    ]
    return scan(f"{file.number}.pdf", [head, receipt])
