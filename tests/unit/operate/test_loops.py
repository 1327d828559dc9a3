"""What a worker does again and again: no error ends it."""

import asyncio
from contextlib import suppress

import pytest

from azscraper import metrics
from azscraper.errors import UnavailableError
from azscraper.operate.loops import Loop, keep


async def test_a_round_that_fails_is_counted_and_tried_again_and_holds_up_no_other() -> None:
    rounds: list[str] = []
    noted: list[tuple[str, str | None]] = []
    errors = [ValueError("unforeseen"), UnavailableError("The database does not answer")]
    both = asyncio.Event()

    async def failing() -> None:
        rounds.append("failing")
        if errors:
            raise errors.pop()
        both.set()

    async def fine() -> None:
        rounds.append("fine")

    async def note(name: str, _: Loop, error: str | None) -> None:
        noted.append((name, error))
        if error is not None:
            raise UnavailableError("The database does not answer")

    keeping = asyncio.create_task(keep({"failing": Loop(0, failing), "fine": Loop(0, fine)}, note))
    async with asyncio.timeout(10):
        await both.wait()
        await asyncio.sleep(0)
    keeping.cancel()
    await asyncio.gather(keeping, return_exceptions=True)
    assert rounds.count("failing") >= 3
    assert rounds.count("fine") >= 2
    of_failing = [error for name, error in noted if name == "failing"]
    assert of_failing[:3] == ["The database does not answer", "ValueError; the log says more", None]
    assert ("fine", None) in noted
    page = metrics.page().decode()
    assert 'azscraper_loop_failures_total{loop="failing"} 2.0' in page
    assert 'azscraper_loop_last_success_seconds{loop="failing"}' in page
    assert 'azscraper_loop_failures_total{loop="fine"} 0.0' in page


@pytest.mark.parametrize("ends_as", [None, UnavailableError("The database does not answer")])
async def test_a_loop_ends_although_a_round_loses_the_word_to_end(ends_as: Exception | None) -> None:
    began = asyncio.Event()

    async def deaf() -> None:
        began.set()
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(3600)
        if ends_as:
            raise ends_as

    async def note(*_: object) -> None:
        pass

    keeping = asyncio.create_task(keep({"deaf": Loop(3600, deaf)}, note))
    await began.wait()
    keeping.cancel()
    _, running = await asyncio.wait([keeping], timeout=10)
    keeping.cancel()
    assert not running
