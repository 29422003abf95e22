import pytest
from celery.schedules import crontab, schedule
from django.utils.module_loading import import_string

from xingxian_portal.celery import app
from xingxian_portal.schedule import SCHEDULE

each_line = pytest.mark.parametrize("line", SCHEDULE.values(), ids=SCHEDULE)


@pytest.fixture(autouse=True)
def loaded():
    """Find the jobs of all apps, as a worker does when it starts."""
    app.loader.import_default_modules()


@each_line
def test_every_line_names_a_job_that_is_there_and_that_the_worker_knows(line):
    assert import_string(line["task"]).name == line["task"]
    assert line["task"] in app.tasks


@each_line
def test_every_line_is_forgotten_before_its_next_turn(line):
    assert isinstance(line["schedule"], float | schedule | crontab)
    assert 0 < line["options"]["expires"] <= (line["schedule"] if isinstance(line["schedule"], float) else 86400)


@each_line
def test_every_line_can_be_run_with_nothing_but_its_name(line, db):
    app.tasks[line["task"]].apply(throw=True)
