"""How far the walk of a target has come. Pure."""

from dataclasses import dataclass, replace
from typing import Any, Self

from azscraper.crawl.policy import GiveUp
from azscraper.errors import InvalidInputError
from azscraper.jobs.jobs import INVALID
from azscraper.kinds.auto import AUTO
from azscraper.kinds.kind import Asked, Done, Finish, Kind, Step
from azscraper.kinds.registry import find_kind
from azscraper.marketplaces.addresses import short_link
from azscraper.running.chunks import Chunk, ClaimedTarget


@dataclass(frozen=True, slots=True)
class Walk:
    """A target that is asked for, and the pages that came of it."""

    chunk: Chunk
    kind: Kind[Any]
    asked: Asked[Any]
    done: tuple[Done, ...] = ()
    """Behind the link."""
    link: Done | None = None
    """The short link that leads to what is asked for."""

    @classmethod
    def begin(cls, chunk: Chunk, target: ClaimedTarget) -> Self:
        """Nothing came yet."""
        return cls(chunk, chunk.kind_of(target), chunk.asked(target))

    @property
    def number(self) -> int:
        """Of the next page among the target's."""
        return len(self.done) + (self.link is not None) + 1

    @property
    def most_steps(self) -> int:
        """Pages that the target takes, at most."""
        return self.kind.steps(self.asked) + (self.link is not None or self._begins_with_link)

    @property
    def _begins_with_link(self) -> bool:
        return self.link is None and not self.done and short_link(self.asked.target.key) is not None

    def next(self) -> Step | Finish | GiveUp:
        """The page to ask for."""
        if self._begins_with_link:
            return Step("link", self.asked.target.key, AUTO)
        return Finish() if len(self.done) >= self.kind.steps(self.asked) else self.kind.next(self.asked, self.done)

    def after(self, done: Done) -> "Walk | GiveUp":
        """Further by that step."""
        return self._landed(done) if done.step.reads == AUTO else replace(self, done=(*self.done, done))

    def _landed(self, link: Done) -> "Walk | GiveUp":
        """Where the link leads is what is asked for, where the job may ask for it."""
        wanted = self.asked.target
        try:
            target = find_kind(AUTO).resolve(link.url, wanted.marketplace)
        except InvalidInputError as exc:
            return GiveUp(INVALID, f"The short link leads to what can't be read: {exc.message}.")
        is_wrong = target.kind == AUTO if wanted.kind == AUTO else target.kind != wanted.kind
        if is_wrong:
            return GiveUp(
                INVALID, f"The short link leads to {link.url[:200]}, which names no target of {wanted.kind} jobs."
            )
        kind = find_kind(target.kind)
        return replace(self, kind=kind, asked=Asked(target, self.chunk.options_of(kind)), link=link)
