"""What the client makes of services that are newer or older than it, and that its words are those of the product."""

import subprocess
import sys
from typing import get_args

import pytest

from azscraper import words
from azscraper.client import models
from azscraper.client.calls import read_model
from azscraper.client.routes import crawl_config
from azscraper.errors import InvalidInputError, UnavailableError
from azscraper.jobs.targets import TargetStatus
from azscraper.results.formats import Format

HEX = "0" * 24
TIMES = {"createdAt": "2026-01-01T00:00:00.000Z", "updatedAt": "2026-01-01T00:00:00.000Z"}
JOB = {
    **TIMES, "id": HEX, "projectId": HEX, "organizationId": HEX, "type": "search", "status": "queued", "config": {}, "bullJobId": HEX,
    "resultCount": 0, "progress": {"total": 1, "pending": 1, "running": 0, "succeeded": 0, "failed": 0, "cancelled": 0},
}  # fmt: skip
SCHEDULE = {
    **TIMES, "id": HEX, "projectId": HEX, "organizationId": HEX, "cron": "@daily", "timezone": "UTC", "enabled": True,
    "crawlConfig": {"type": "search", "targets": ["kettle"], "config": {}}, "nextRunAt": None, "nextRuns": [],
}  # fmt: skip
DELIVERY = {
    "id": HEX, "webhookId": HEX, "eventId": HEX, "type": "job.failed", "subject": HEX, "status": "pending", "attempts": 0,
    "createdAt": TIMES["createdAt"],
}  # fmt: skip


def test_a_word_of_a_newer_service_is_read_as_its_text():
    job = read_model(models.JobState, JOB | {"type": "offers", "status": "dreaming"})
    assert (job.type, job.status, job.is_over) == ("offers", "dreaming", False)
    assert read_model(models.JobState, JOB | {"status": "dreamt", "completedAt": TIMES["updatedAt"]}).is_over
    assert job.model_dump()["status"] == "dreaming"
    assert '"status":"dreaming"' in job.model_dump_json(by_alias=True)
    crawl = {"crawlConfig": SCHEDULE["crawlConfig"] | {"type": "offers", "onInvalid": "ask"}}
    schedule = read_model(models.Schedule, SCHEDULE | crawl)
    assert (schedule.crawl_config.type, schedule.crawl_config.on_invalid) == ("offers", "ask")
    assert read_model(models.Delivery, DELIVERY | {"status": "lost"}).status == "lost"
    target = {"value": "kettle", "status": "asleep", "attempts": 0, "resultCount": 0}
    assert read_model(models.Target, target).status == "asleep"


def test_a_known_word_is_text_as_well():
    job = read_model(models.JobState, JOB)
    assert (type(job.type), type(job.status), job.is_over) == (str, str, False)


def test_a_field_of_a_newer_service_is_passed_over():
    progress = JOB["progress"] | {"asleep": 1}
    assert read_model(models.JobState, JOB | {"mood": "good", "progress": progress}) == read_model(models.JobState, JOB)


def test_what_an_older_service_does_not_say_is_none():
    schedule = read_model(models.Schedule, SCHEDULE)
    assert (schedule.last_job_id, schedule.last_error) == (None, None)
    assert read_model(models.Delivery, DELIVERY).status_code is None


@pytest.mark.parametrize("wrong", [{"status": 3}, {"status": None}, {"resultCount": "many"}, {"id": None}])
def test_another_shape_is_said(wrong):
    with pytest.raises(UnavailableError, match="different versions"):
        read_model(models.JobState, JOB | wrong)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        (models.JobStatus, words.JobStatus),
        (models.OnInvalid, words.OnInvalid),
        (models.DeliveryStatus, words.DeliveryStatus),
        (models.TargetStatus, TargetStatus),
        (models.ExportFormat, Format),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_callers_may_write_every_word(written, known):
    assert set(get_args(written)) == set(known)


def test_models_are_frozen_and_times_are_times():
    job = read_model(models.JobState, JOB)
    with pytest.raises(ValueError, match="frozen"):
        job.status = "running"
    assert job.model_dump()["created_at"] == job.created_at
    assert '"createdAt":"2026-01-01T00:00:00.000Z"' in job.model_dump_json(by_alias=True)


def test_the_schema_has_the_texts_under_the_fields_of_a_model_and_of_what_it_is_made_from():
    properties = models.WebhookSecret.model_json_schema(mode="serialization")["properties"]
    assert properties["secret"]["description"].startswith("Verify messages with it")
    assert properties["disabledReason"]["description"] == "Why the service disabled it; null if its owner did."


def test_the_client_brings_none_of_the_server():
    heavy = "psycopg fastapi starlette selectolax procrastinate aiohttp sqlalchemy uvicorn azscraper.marketplaces azscraper.tenants"
    script = f"import sys, azscraper.client; print([name for name in {heavy.split()} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_bound_that_json_has_no_word_for_is_refused(value):
    with pytest.raises(InvalidInputError, match="min_price: is not a number"):
        crawl_config("search", "mug", {"min_price": value})


def test_options_of_a_kind_that_is_not_installed_here_are_the_services_to_check():
    assert crawl_config("tables", "oak", {"legs": 4})["config"] == {"legs": 4}
    with pytest.raises(InvalidInputError, match="legs: is not an option"):
        crawl_config("search", "oak", {"legs": 4})
