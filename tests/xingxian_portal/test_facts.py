"""The facts fill gaps when the portal starts, and never overrule the county."""

import io
import json
import re
import shutil

import pytest
from django.apps import apps
from django.core.management import call_command

from liaisons.models import Unit
from xingxian_portal import facts

pytestmark = pytest.mark.django_db


def unit_row(code="sgj", name="县示范局", **fields):
    return {
        "model": "liaisons.unit",
        "fields": {"code": code, "name": name, "short_name": name, "kind": "department"} | fields,
    }


def counts():
    return {model: apps.get_model(model).objects.count() for model in {row["model"] for row in all_rows()}}


def all_rows():
    return [row for name in facts.FILES for row in facts.rows_of(name)]


def test_every_file_of_the_folder_is_loaded():
    assert sorted(facts.FILES) == sorted(path.name for path in facts.FOLDER.iterdir())


def test_every_row_has_a_key_of_its_own():
    keys = [(row["model"], facts.key_of(row)) for row in all_rows()]
    assert len(keys) == len(set(keys))


def test_an_empty_database_gets_every_row_and_each_is_valid():
    loadings = facts.load_all()
    assert [(loading.created, loading.kept, loading.refused) for loading in loadings] == [
        (len(facts.rows_of(name)), 0, []) for name in facts.FILES
    ]
    for model in counts():
        for fact in apps.get_model(model).objects.all():
            fact.full_clean()


def test_a_row_the_county_made_before_the_release_keeps_the_countys_words():
    Unit.objects.create(code="sgj", name="县示范管理局", short_name="县示范局", kind=Unit.DEPARTMENT, confirmed=True)
    loading = facts.load("units.json", [unit_row()])
    assert (loading.created, loading.kept, loading.refused) == (0, 1, [])
    assert Unit.objects.get(code="sgj").name == "县示范管理局"


def test_a_row_without_room_is_refused_by_name_and_offered_again():
    own = Unit.objects.create(code="own", name="县示范局", short_name="县示范局", kind=Unit.DEPARTMENT)
    rows = [unit_row(), unit_row("qtj", "县其他局")]
    loading = facts.load("units.json", rows)
    assert loading.created == 1
    assert loading.refused == ['liaisons.unit ["sgj"]：与已有的数据冲突（名称或编码已被使用）。']
    own.delete()
    assert facts.load("units.json", rows).created == 1


def test_one_broken_file_leaves_nothing_half_loaded(tmp_path):
    shutil.copytree(facts.FOLDER, tmp_path, dirs_exist_ok=True)
    (tmp_path / facts.FILES[-1]).write_text("[{")
    with pytest.raises(ValueError, match="Expecting"):
        facts.load_all(tmp_path)
    assert set(counts().values()) == {0}


def test_the_command_prints_a_line_a_file_and_names_what_it_refused():
    Unit.objects.create(code="own", name="县电力公司", short_name="县电力公司", kind=Unit.OTHER)
    out, err = io.StringIO(), io.StringIO()
    call_command("load_facts", stdout=out, stderr=err)
    assert out.getvalue().splitlines()[:2] == [
        "calendar.json：新增 185 条，未动 0 条",
        "units.json：新增 49 条，未动 0 条",
    ]
    assert len(out.getvalue().splitlines()) == len(facts.FILES)
    assert err.getvalue().splitlines()[0].startswith('units.json：未载入 liaisons.unit ["dlgs"]：与已有的数据冲突')


def test_the_facts_hold_no_way_to_reach_a_person():
    for row in all_rows():
        written = json.dumps(row, ensure_ascii=False)
        assert re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)|@|\d{5,12}\s*@|[Qq]{2}|\d{3,4}-\d{7,8}", written) == []
