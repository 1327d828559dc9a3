"""Whose turn it is: fair queueing between organizations and between the jobs of each. Pure.

Start-time fair queueing (Goyal, Vin, Cheng 1996): each job has a virtual time that moves on by what it used, divided
by its share; whoever is furthest behind goes next. A job that begins, or wakes, starts where the running one that is
furthest behind stands: it owes nothing for the past and is owed nothing for it. So a small job behind large ones is
served at once, and large ones never starve.
"""

from dataclasses import dataclass

_SCALE = 40
"""Steps of virtual time that a target costs a job of weight 1 that is its organization's only one."""
_COARSE = 64
"""Steps in one priority of the queue: 2^31 priorities then last for 2^35 steps without an idle moment."""
_COARSE_OF_ASKS = 4
"""The same in the line of asks, where one step more is another target."""
_LOWEST_PRIORITY = -(2**31)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a job stands beside the others."""

    weight: int
    """Of its organization's plan, times its own."""
    open_jobs: int
    """Of its organization, itself included: they share what the organization gets."""
    floor: int
    """Virtual time of what runs of the other job that is furthest behind, of whatever organization."""

    @property
    def step(self) -> int:
        """What a target costs in virtual time."""
        return max(_SCALE * max(self.open_jobs, 1) // max(self.weight, 1), 1)


def first_turn(standing: Standing, *, fetches: int) -> int:
    """Virtual time at which a new job begins.

    Behind what its organization's other open jobs may use meanwhile: otherwise a thousand jobs of one target each
    would all come before everybody else's work.
    """
    others = max(standing.open_jobs - 1, 0)
    return standing.floor + fetches * _SCALE * others // max(standing.weight, 1)


def next_turn(turn: int, standing: Standing, *, used: int, slept: bool) -> int:
    """Virtual time of a job whose chunk has used so many fetches; one that slept has saved nothing up."""
    return (max(turn, standing.floor) if slept else turn) + used * standing.step


def priority(turn: int, *, is_ask: bool = False) -> int:
    """The queue's priority of a task: the lower the virtual time, the sooner."""
    return max(-(turn // (_COARSE_OF_ASKS if is_ask else _COARSE)), _LOWEST_PRIORITY)
