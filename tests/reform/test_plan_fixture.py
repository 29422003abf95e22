"""Every word the facts quote stands in 兴司发〔2022〕10号, line breaks aside."""

from hashlib import sha256

import pytest

from liaisons.models import Unit, UnitAlias, UnitGroup
from tests.reform.plan_rows import milestones, parties_of, plan, rows, tasks, text, whom

DIGEST = "990c2ed6059d77f91a7a7edced6148a91f8e3433aa5b47027a85aed3468a36ea"
SECTION_ONE = ["二、任务分工", "（一）深入推进综合行政执法改革"]
SECTION_TWO = ["二、任务分工", "（二）推进实施包容免罚清单模式"]
SECTION_THREE = ["三、工作要求"]

# Code: heading, number, first words, last words before the bracket or the end, 牵头单位, 责任单位 as the text has them.
TASKS = {
    "211": (SECTION_ONE, "1", "严格落实省委", "5月底前到岗开展工作。", ["县委编办"], ["各乡镇人民政府"]),
    "212": (
        SECTION_ONE, "2", "充分发挥“行政执法大讲堂”", "为全县提供先进经验。",
        ["县司法局", "县委编办"], ["各乡镇人民政府", "县直执法部门"],
    ),
    "213": (SECTION_ONE, "3", "各级行政执法机关要", "切实理顺日常监管与行政执法关系。", [], ["各行政执法部门", "各乡镇人民政府"]),
    "214": (SECTION_ONE, "4", "乡镇综合执法机构要", "向县司法局层报。", ["县司法局"], ["县委编办", "县财政局", "各乡镇人民政府"]),
    "221": (
        SECTION_TWO, "1", "梳理制定公布包容免罚清单。", "也可依法不予罚款。",
        ["县市场局", "县司法局"], ["县直相关执法部门", "各乡镇人民政府"],
    ),
    "222": (
        SECTION_TWO, "2", "做好包容审慎监管的落实。", "为全县提供可复制可推广的经验。",
        ["县市场局", "县司法局"], ["县直相关执法部门", "各乡镇人民政府"],
    ),
    "223": (
        SECTION_TWO, "3", "注重开展普法宣传教育。", "自律意识和合法经营意识。",
        ["县司法局", "县市场局"], ["县直相关执法部门", "各乡镇人民政府"],
    ),
    "31": (SECTION_THREE, "1", "十大综合执法领域主管部门要", "各项决策部署落地见效。", [], ["十大综合执法领域主管部门"]),
    "32": (SECTION_THREE, "2", "各级执法部门要", "高素质行政执法队伍。", [], ["各级执法部门", "各级执法部门"]),
    "33": (SECTION_THREE, "3", "按照县优化营商环境", "将工作推进情况向县司法局报告。", [], ["县直有关部门", ""]),
}  # fmt: skip


@pytest.fixture(scope="module")
def names_of(county):
    """Give the names by which each unit and group goes in the county, by its code."""
    names = {unit.code: {unit.name, unit.short_name} for unit in Unit.objects.all()}
    names |= {group.code: {group.name} for group in UnitGroup.objects.all()}
    for alias, unit, group in UnitAlias.objects.values_list("name", "unit__code", "group__code"):
        names[unit or group].add(alias)
    return names


def test_the_text_is_the_whole_document_without_anybodys_number():
    assert plan()["text"].startswith("兴县司法局文件\n\n兴司发〔2022〕10号\n")
    assert plan()["text"].endswith("单位名称	分管领导	联系方式	联络员	联系方式")
    assert "联系人：（略）电子邮箱：（略）兴县司法局办公室" in text()
    # As transcribed from the document; quotes are only as good as the text that they are held to.
    assert sha256(plan()["text"].encode()).hexdigest() == DIGEST


def test_the_plan_is_named_as_the_document_names_itself():
    assert plan()["document_number"] in text()
    assert f"《{plan()['title']}》" in text()


def test_the_tasks_in_the_order_of_the_document():
    assert list(tasks()) == list(TASKS)
    assert [task["position"] for task in rows("task")] == list(range(1, 11))
    starts = [text().index(task["quote"]) for task in rows("task")]
    assert starts == sorted(starts)


@pytest.mark.parametrize("code", TASKS)
def test_a_task_is_its_whole_passage(code):
    path, number, first, last, *_ = TASKS[code]
    task = tasks()[code]
    assert (task["heading_path"], task["number"]) == (path, number)
    assert text().count(f"{number}. {task['quote']}") == 1
    assert task["quote"].startswith(first)
    body, bracket, attribution = task["quote"].partition("（牵头单位：" if TASKS[code][4] else "（责任单位：")
    assert body.endswith(last)
    assert not bracket or attribution.endswith("）")


@pytest.mark.parametrize("code", TASKS)
def test_a_tasks_parties_are_those_behind_its_sentence_in_their_order(code):
    *_, leads, responsible = TASKS[code]
    parties = parties_of(code)
    assert [party["quote"] for party in parties if party["role"] == "lead"] == leads
    assert [party["quote"] for party in parties if party["role"] == "responsible"] == responsible


@pytest.mark.parametrize("code", [code for code in TASKS if not code.startswith("3")])
def test_the_bracket_names_exactly_the_parties(code):
    *_, leads, responsible = TASKS[code]
    bracket = tasks()[code]["quote"].rpartition("（")[2].replace("，", "、").removesuffix("）")
    lead, _, rest = bracket.rpartition("责任单位：")
    assert rest.split("、") == responsible
    assert lead.removeprefix("牵头单位：").rstrip("、").split("、") == (leads or [""])


@pytest.mark.parametrize("code", milestones())
def test_a_milestone_is_one_piece_of_its_tasks_passage_and_of_nothing_else(code):
    milestone = milestones()[code]
    assert milestone["quote"] in tasks()[milestone["of"]]["quote"]
    assert text().count(milestone["quote"]) == 1
    assert code.startswith(f"{milestone['of']}-")
    assert 2 <= len(milestone["short_title"]) <= 6


@pytest.mark.parametrize("code", [*milestones(), *tasks()])
def test_a_party_by_the_plan_is_quoted_from_the_passage_and_one_by_the_bureau_gives_reason_and_day(code):
    passage = tasks()[code.split("-")[0]]["quote"]
    for party in parties_of(code):
        if party["source"] == "plan":
            assert party["quote"], code
            assert party["quote"] in passage
        else:
            assert (party["quote"], party["confirmed"], party["decided_on"]) == ("", False, "2022-04-13")
            assert party["reason"]


def test_every_name_in_the_text_leads_to_its_unit_or_group(names_of):
    strange = {
        (party["quote"], whom(party))
        for party in rows("taskparty") + rows("milestoneparty")
        if party["quote"] and party["quote"] not in names_of[whom(party)]
    }
    # 各级 means both levels: the county's departments, which bear the name, and the townships.
    assert strange == {("各级执法部门", "townships")}


def test_the_bureau_alone_decided_on_the_townships_monthly_report_and_person():
    by_bureau = [party for party in rows("taskparty") + rows("milestoneparty") if party["source"] == "bureau"]
    assert [whom(party) for party in by_bureau] == ["townships"] * 3
    assert [(party.get("task") or party["milestone"])[1] for party in by_bureau] == [
        "33", "33-liaison", "33-monthly-report",
    ]  # fmt: skip


@pytest.mark.parametrize("item", rows("dataitem"), ids=lambda item: "-".join([item["milestone"][1], item["code"]]))
def test_a_data_item_comes_from_words_of_its_task_or_is_open(item):
    passage = tasks()[milestones()[item["milestone"][1]]["of"]]["quote"]
    assert item["quote"] in passage
    assert item["quote"] or not item["confirmed"]
    assert item["confirmed"] or not item["required"], "nobody is made to fill in what nobody has confirmed"
    assert bool(item["measure"]) == (item["kind"] == "count")


@pytest.mark.parametrize(
    ("milestone", "labels"),
    [
        ("211-agencies", ["机构名称", "“三定”规定文号", "组建日期"]),
        ("211-staffing", ["编制数", "到岗人数"]),
        ("212-training", ["期数", "人数", "学时"]),
        ("212-pilots", ["试点计划", "试点进展", "试点经验"]),
        ("213-item-list", ["事项数", "报送备案日期", "备案号"]),
        ("213-training", ["期数", "人数", "学时"]),
        (
            "214-registration",
            ["挂牌日期", "编制数", "在岗人数", "持证人数", "有办公场所", "电脑", "打印机", "执法记录仪", "执法车辆"],
        ),
        ("222-pilots", ["试点单位", "试点计划", "试点进展", "试点经验"]),
    ],
)
def test_the_data_items_of_a_milestone(milestone, labels):
    assert [item["label"] for item in rows("dataitem") if item["milestone"][1] == milestone] == labels


def test_only_the_pilots_of_supervision_are_open_and_say_why():
    open_ones = [milestone for milestone in rows("milestone") if not milestone["confirmed"]]
    assert [milestone["code"] for milestone in open_ones] == ["222-pilots"]
    assert "待核实" in open_ones[0]["note"]
