from celery import current_app
from django.utils import timezone

from xingxian_portal import celery
from xingxian_portal.foundation import jobs
from xingxian_portal.settings import base


def test_pages_hand_work_to_the_same_application_that_the_worker_runs():
    assert current_app._get_current_object() is celery.app
    assert jobs.record_pulse.app is celery.app


def test_a_killed_worker_loses_nothing_and_takes_no_more_than_it_works_on():
    conf = celery.app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost) == (True, True)
    assert conf.worker_prefetch_multiplier == 1
    assert conf.task_ignore_result is True


def test_a_running_job_is_never_handed_out_a_second_time():
    assert celery.app.conf.task_time_limit < base.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]


def test_a_job_killed_with_its_worker_comes_back_within_a_minute_of_its_time():
    options = celery.app.conf.broker_transport_options
    assert options["unacked_restore_interval"] * options["unacked_restore_throttle"] <= 60


def test_the_schedule_s_hours_are_those_of_the_county():
    assert celery.app.timezone == timezone.get_default_timezone()
    assert str(celery.app.timezone) == "Asia/Shanghai"
