"""A job that is watched: few streams, closed with their pages, and a browser that stays usable meanwhile."""

import time

import pytest
from playwright.sync_api import expect

from acceptance.conftest import wait_until
from browser.conftest import register

pytestmark = pytest.mark.xdist_group("browser")

HOST = "www.amazon.com"
SLOW = [
    f"https://{HOST}/dp/{asin}"
    for asin in (
        "B0FAULTSLO",
        *(f"B0FAIL{count}SLO" for count in range(1, 10)),
        *(f"B0DEMO{n:04}" for n in range(60, 80)),
    )
]
"""Thirty pages of a marketplace that is asked once a second, some of them three seconds late."""
EVENTS = 5
"""With one stream more for each, this would be enough for no connection to be free."""
HANGS_SECONDS = 20
"""A page that waits for a free connection waits for the job's end; one that gets it needs a fraction of a second."""
COUNT_STREAMS = """
    window.streams = []; window.heard = 0;
    window.EventSource = class extends EventSource {
        constructor(...given) {
            super(...given);
            window.streams.push(this);
            this.addEventListener("progress", () => { window.heard += 1; });
        }
    };
    window.openStreams = () => window.streams.filter((stream) => stream.readyState !== 2).length;
"""


@pytest.fixture(scope="module")
def watcher(stand):
    stand.sql("INSERT INTO hosts (host, rate) VALUES (%s, 1) ON CONFLICT (host) DO UPDATE SET rate = 1", HOST)
    yield register(stand, "watcher@example.com", "Slow things")
    stand.sql("UPDATE hosts SET rate = NULL WHERE host = %s", HOST)


@pytest.fixture
def slow_job(watcher):
    path = f"/projects/{watcher.project_id}/jobs"
    job_id = watcher.api("POST", path, type="details", targets=SLOW)["id"]
    yield job_id
    if watcher.api("GET", f"/jobs/{job_id}")["status"] in {"queued", "running"}:
        watcher.api("POST", f"/jobs/{job_id}/cancel")


def test_a_watched_job_keeps_one_stream_and_the_browser_stays_usable(visit, watcher, slow_job):
    with visit(watcher.token) as it:
        it.page.context.add_init_script(COUNT_STREAMS)
        tabs = [it.page, it.page.context.new_page()]
        for tab in tabs:
            tab.goto(f"{it.url}/app/jobs/{slow_job}")
        for tab in tabs:
            wait_until(lambda tab=tab: tab.evaluate("window.heard") >= EVENTS, "enough events")
            assert tab.evaluate("window.openStreams()") == 1
            assert tab.evaluate("window.streams.length") == 1  # it was never opened again
        tabs += [it.page.context.new_page() for _ in range(4)]
        for tab in tabs[2:]:
            tab.goto(f"{it.url}/app/jobs/{slow_job}")
            expect(tab.locator("#live")).to_contain_text("succeeded")
        assert sum(tab.evaluate("window.openStreams()") for tab in tabs) == 3
        before = time.monotonic()
        it.page.context.new_page().goto(f"{it.url}/app/projects")
        assert time.monotonic() - before < HANGS_SECONDS
        assert watcher.api("GET", f"/jobs/{slow_job}")["status"] == "running"  # nothing waited for its end
        tabs[0].close()
        watcher.api("POST", f"/jobs/{slow_job}/cancel")
        for tab in tabs[1:]:
            expect(tab.locator(".badge.cancelled").first).to_be_visible()
            assert tab.evaluate("window.openStreams()") == 0


def test_a_hidden_page_gives_its_stream_back(visit, watcher, slow_job):
    with visit(watcher.token) as it:
        it.page.context.add_init_script(
            COUNT_STREAMS
            + """window.isHidden = false;
            Object.defineProperty(document, "hidden", { get: () => window.isHidden });"""
        )
        it.go(f"/app/jobs/{slow_job}")
        wait_until(lambda: it.page.evaluate("window.openStreams()") == 1, "the stream")
        for hidden, count in ((True, 0), (False, 1)):
            it.page.evaluate(
                "(it) => { window.isHidden = it; document.dispatchEvent(new Event('visibilitychange')); }", hidden
            )
            wait_until(lambda count=count: it.page.evaluate("window.openStreams()") == count, "the change")
