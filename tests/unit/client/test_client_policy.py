"""The client's pure parts: whether to try again, events out of blocks, errors out of envelopes."""

from itertools import pairwise

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper import client
from azscraper.client.asking import asked
from azscraper.client.calls import Answer, Lost, error_of, slice_of
from azscraper.client.event_stream import EventStream
from azscraper.client.flows import Open, Pause, Read, WaitTimeoutError, told
from azscraper.client.jobs import format_of
from azscraper.client.models import Target
from azscraper.client.retry import ATTEMPTS, delay
from azscraper.client.routes import crawl_config
from azscraper.errors import ConflictError, InvalidInputError, ServiceError, UnavailableError
from azscraper.records import Product
from azscraper.web.app import STATUS_OF_CODE


def answer(status, **headers):
    return Answer(status, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("came", "repeatable", "expected"),
    [
        (answer(429, retry_after="3"), False, 3.0),
        (answer(503, retry_after="0"), False, 0.0),
        (answer(429, retry_after="900"), True, None),
        (answer(429, retry_after="\u00b2"), True, 0.25),
        (answer(503), False, 0.25),
        (answer(502), True, 0.25),
        (answer(502), False, None),
        (answer(504), False, None),
        (answer(500), True, None),
        (answer(400), True, None),
        (Lost("refused", was_sent=False), False, 0.25),
        (Lost("reset", was_sent=True), True, 0.25),
        (Lost("reset", was_sent=True), False, None),
    ],
)
def test_what_is_sent_again(came, repeatable, expected):
    assert delay(came, attempt=1, repeatable=repeatable, jitter=0.0) == expected
    assert delay(came, attempt=ATTEMPTS, repeatable=repeatable, jitter=0.0) is None


@given(st.integers(1, ATTEMPTS - 1), st.floats(0, 1))
def test_delays_are_bounded_and_grow(attempt, jitter):
    seconds = delay(Lost("reset", was_sent=True), attempt=attempt, repeatable=True, jitter=jitter)
    assert 0.25 * 2 ** (attempt - 1) <= seconds <= min(0.5 * 2 ** (attempt - 1), 8)


JOB = {
    "id": "1" * 24,
    "projectId": "2" * 24,
    "organizationId": "3" * 24,
    "type": "details",
    "status": "queued",
    "config": {},
}
JOB |= {
    "progress": dict.fromkeys(("total", "pending", "running", "succeeded", "failed", "cancelled"), 0),
    "resultCount": 0,
}
JOB |= {"createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z", "bullJobId": "1" * 24, "targets": []}
META = {"jobId": "1" * 24, "target": "B0DEMO0001", "status": "success", "cached": False, "fetchedAt": None, "tookMs": 1}


def paused(flow, answers):
    """The pauses that the flow asks for, and its result, where the service answers so."""
    pauses, come, step = [], iter(answers), next(flow)
    with pytest.raises(StopIteration) as ended:
        while True:
            if isinstance(step, Pause):
                pauses.append(step.seconds)
                step = flow.send(None)
            elif isinstance(step, Open):
                status, headers, body = next(come)
                left = iter((orjson.dumps(body), b""))
                step = flow.send(Answer(status, headers))
            else:
                step = flow.send(next(left))
    return pauses, ended.value.value


def test_who_could_not_wait_asks_again_after_a_pause_and_only_for_so_long():
    full, waited = (202, {"retry-after": "5"}, {"data": JOB}), (202, {}, {"data": JOB})
    done = (200, {}, {"data": [{"record": "NewKind", "x": 1}], "meta": META | {"warnings": []}})
    seen = []
    pauses, result = paused(asked("/ask", {"type": "details"}, {}, seen.append, None), [full, waited, full, done])
    assert (pauses, len(seen), result.meta.credits) == ([5, 5], 3, None)
    assert (result.rows, result.of(Product)) == ([{"record": "NewKind", "x": 1}], [])
    with pytest.raises(WaitTimeoutError, match="still queued after 0 s"):
        paused(asked("/ask", {"type": "details"}, {}, seen.append, 0), [waited])


STREAM = b'retry: 2000\n\n: hello\n\nid: 1\nevent: progress\ndata: {"a":1}\n\n: beat\n\nid: 2\r\nevent: end\r\ndata: {}\r\n\r\n'


@pytest.mark.parametrize(("is_told", "least", "longest"), [(False, 3, 8), (True, 30, 90)])
def test_who_follows_a_job_waits_for_a_service_that_is_updated(is_told, least, longest):
    flow, waited, blocks = told("/jobs/1"), 0.0, [b"data: %b\n\n" % orjson.dumps(JOB)] if is_told else []
    reply = None
    with pytest.raises(UnavailableError):
        while True:
            step = flow.send(reply)
            waited += step.seconds if isinstance(step, Pause) else 0
            reply = (blocks.pop() if blocks else Lost("reset", was_sent=True)) if isinstance(step, Read) else None
            if isinstance(step, Open):
                reply = Answer(200, {}) if blocks else Lost("refused", was_sent=False)
    assert least <= waited <= longest


@given(st.lists(st.integers(0, len(STREAM)), max_size=12))
def test_events_are_the_same_however_the_blocks_are_cut(cuts):
    stream = EventStream()
    edges = [0, *sorted(cuts), len(STREAM)]
    blocks = [STREAM[a:b] for a, b in pairwise(edges)]
    events = [event for block in blocks for event in stream.feed(block)]
    assert [(event.name, event.data) for event in events] == [("progress", b'{"a":1}'), ("end", b"{}")]
    assert stream.is_over
    assert stream.resume() == {"Last-Event-ID": "2"}


def test_a_broken_event_is_asked_for_again():
    stream = EventStream()
    assert list(stream.feed(b"id: 7\ndata: {}\n\nid: 8\ndata: {")) != []
    assert stream.resume() == {"Last-Event-ID": "7"}
    assert [event.data for event in stream.feed(b"id: 8\ndata: {}\n\n")] == [b"{}"]


@pytest.mark.parametrize("code", STATUS_OF_CODE)
def test_each_code_is_an_error_of_its_own(code):
    body = {"success": False, "error": {"code": code, "message": "so", "details": [{"field": "a", "message": "b"}]}}
    error = error_of(Answer(STATUS_OF_CODE[code], {"retry-after": "7"}, orjson.dumps(body)))
    assert (type(error) is ServiceError) == (code in {"INTERNAL_ERROR", "METHOD_NOT_ALLOWED"})
    assert type(error).__name__ in client.__all__
    assert error.message == "so"
    assert code == "RATE_LIMIT_EXCEEDED" or error.details[0].field == "a"
    assert getattr(error, "retry_after_seconds", 7) == 7


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"error": 1}', b'{"error": {"code": "X"}}'])
def test_an_answer_without_an_envelope_is_unavailable(body):
    assert isinstance(error_of(Answer(502, {}, body)), UnavailableError)
    with pytest.raises(UnavailableError):
        slice_of(Target)(body)


def target(value):
    return {"value": value, "status": "success", "attempts": 1, "resultCount": 1, "newer": "field"}


@pytest.mark.parametrize(
    ("meta", "cursor"),
    [
        ({"total": 2}, None),
        ({"total": 3, "limit": 2, "offset": 0}, "2"),
        ({"total": 4, "limit": 2, "offset": 2}, None),
        ({"total": 9, "limit": 2, "nextCursor": "5.1"}, "5.1"),
        ({"total": 9, "limit": 2, "nextCursor": None}, None),
    ],
)
def test_where_the_next_part_begins(meta, cursor):
    read = slice_of(Target)(orjson.dumps({"data": [target("a"), target("b")], "meta": meta}))
    assert [item.value for item in read.items] == ["a", "b"]
    assert read.cursor == cursor


def test_config_is_camel_case():
    made = crawl_config("search", "kettle", {"min_price": 3, "maxPrice": 9, "lang": None})
    assert made == {"type": "search", "targets": ["kettle"], "config": {"minPrice": 3, "maxPrice": 9}}


def test_formats_by_suffix(tmp_path):
    names = ["a.CSV", "a.jsonl", "a.ndjson", "a.json", "a.xlsx", "a.parquet"]
    assert [format_of(tmp_path / name) for name in names] == ["csv", "ndjson", "ndjson", "json", "xlsx", "parquet"]
    with pytest.raises(InvalidInputError, match=r"\.csv"):
        format_of(tmp_path / "a.txt")


@pytest.mark.parametrize("url", ["127.0.0.1:8000", "ftp://x", "", "http://"])
def test_an_address_that_is_none_is_refused(url):
    with pytest.raises(InvalidInputError, match="http"):
        client.AzScraper(url)


@pytest.mark.parametrize("cursor", [None, "3.1"])
def test_rows_of_a_job_that_runs_are_not_taken_for_all(cursor):
    body = orjson.dumps({"data": [], "meta": {"total": 9, "nextCursor": cursor, "status": "running", "partial": True}})
    assert slice_of(Product)(body).cursor == cursor
    with pytest.raises(ConflictError, match="partial=True"):
        slice_of(Product, partial=False)(body)
    whole = orjson.dumps({"data": [], "meta": {"total": 9, "status": "completed"}})
    assert slice_of(Product, partial=False)(whole).items == []
