"""The database's clock, as a worker keeps it."""

from datetime import UTC, datetime, timedelta

import pytest

from azscraper.store.shared_clock import SharedClock

NOW = datetime(2026, 3, 29, 0, 59, 30, tzinfo=UTC)
HOURS = timedelta(hours=3)


class _Machine:
    """A machine whose clock and ticks are set by hand, and a database whose clock is right."""

    def __init__(self) -> None:
        self.ticked = 0.0
        self.wrong = timedelta(0)

    def local(self) -> datetime:
        return NOW + timedelta(seconds=self.ticked) + self.wrong

    async def execute(self, *_: object) -> "_Machine":
        return self

    async def fetchone(self) -> tuple[datetime]:
        return (NOW + timedelta(seconds=self.ticked),)

    @property
    def right(self) -> datetime:
        return NOW + timedelta(seconds=self.ticked)


@pytest.mark.parametrize("wrong", [HOURS, -HOURS, timedelta(days=-400), timedelta(0)])
async def test_a_wrong_clock_moves_nothing_once_the_databases_was_asked(wrong: timedelta) -> None:
    machine = _Machine()
    machine.wrong = wrong
    clock = SharedClock(machine.local, lambda: machine.ticked)
    assert clock() - machine.right == wrong
    await clock.measure(machine)  # type: ignore[arg-type]
    machine.ticked += 90
    assert clock() == machine.right


@pytest.mark.parametrize("jump", [HOURS, -HOURS])
async def test_a_jump_moves_nothing_and_is_told_once(jump: timedelta, capsys: pytest.CaptureFixture[str]) -> None:
    machine = _Machine()
    clock = SharedClock(machine.local, lambda: machine.ticked)
    await clock.measure(machine)  # type: ignore[arg-type]
    machine.wrong = jump
    machine.ticked += 5
    assert clock() == machine.right
    for _ in range(3):
        await clock.measure(machine)  # type: ignore[arg-type]
    said = capsys.readouterr()
    assert (said.out + said.err).count("clock is not the database's") == 1
