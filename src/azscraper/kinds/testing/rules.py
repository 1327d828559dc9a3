"""What a kind does: what every kind keeps to, tried with made-up targets, options and pages."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from hypothesis import strategies as st

from azscraper.crawl.policy import GiveUp
from azscraper.errors import InvalidInputError
from azscraper.kinds.kind import Asked, Done, Finish, Found, Kind, Origin, Step, Target
from azscraper.kinds.registry import kinds
from azscraper.kinds.testing.hold import BLANK, Check, hold
from azscraper.kinds.testing.made_up import Trial, any_options, any_page, any_read
from azscraper.marketplaces import MARKETPLACES, Marketplace
from azscraper.records.pages import Read

_FETCHED_AT = datetime(2026, 1, 1, tzinfo=UTC)
_ODD_TARGETS = ("https://[", "https://www.amazon.com", "http://example.com/x", "//", "\0", "a" * 2048, "%", "?k=&k=")
_few_examples = hypothesis.settings(
    max_examples=25,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=(hypothesis.Phase.generate, hypothesis.Phase.shrink),
    suppress_health_check=list(hypothesis.HealthCheck),
)


def of_rules(kind: Kind[Any], marketplace: Marketplace, cases: Path) -> Iterator[tuple[str, Check]]:
    """An item a rule."""
    yield "the example is a target", partial(_has_example, kind, marketplace)
    yield "its address is the same target", partial(_round_trips, kind, marketplace)
    for origin in kind.origins:
        where = f"the sources of {origin.record.__name__}"
        yield where, partial(_tells_sources, origin, Trial(kind, marketplace, cases))
    rules: dict[str, Rule] = {
        "any text is a target or is refused": _takes_any_text,
        "a target has a price and an end": _has_price,
        "a walk ends, and each step has its name": _walks,
        "any pages make rows": _makes_rows,
        "any bytes are a page": _reads_any_bytes,
    }
    for name, rule in rules.items():
        yield name, partial(_hypothetically, rule, Trial(kind, marketplace, cases))


Rule = Callable[[Trial, st.DataObject], None]


def _hypothetically(rule: Rule, trial: Trial) -> None:
    @_few_examples
    @hypothesis.given(data=st.data())
    def holds(data: st.DataObject) -> None:
        rule(trial, data)

    holds()


def _has_example(kind: Kind[Any], marketplace: Marketplace) -> None:
    _leads_to_host(kind, *_first(kind, marketplace))
    for other in MARKETPLACES.values():
        with suppress(InvalidInputError):  # a kind may be of some marketplaces alone
            _leads_to_host(kind, *_first(kind, other))
    if kind.looks_like is not None:
        hold(kind.looks_like(kind.example), f"looks_like does not know the example: {kind.example}")


def _first(kind: Kind[Any], marketplace: Marketplace) -> tuple[Target, Step]:
    """Of the example."""
    target = kind.resolve(kind.example, marketplace)
    step = kind.next(Asked(target, kind.options()), ())
    if not isinstance(step, Step):
        pytest.fail("The walk of the example has no first step", pytrace=False)
    return target, step


def _round_trips(kind: Kind[Any], marketplace: Marketplace) -> None:
    target, step = _first(kind, marketplace)
    again = kind.resolve(step.url, marketplace)
    hold(again.kind == kind.name, f"{step.url} is taken for a target of {again.kind}")
    if kind.round_trip:
        hold(again == target, f"{step.url} is the target {again.key}, not {target.key}. Or say round_trip=False")


def _leads_to_host(kind: Kind[Any], target: Target, step: Step) -> None:
    parts = urlsplit(step.url)
    hosts = kind.hosts(target.marketplace)
    hold(target.kind == kind.name and target.key, f"resolve names no target of {kind.name}: {target}")
    hold(BLANK not in step.url, f"The address of a step is still a blank: {step.url}")
    hold(parts.scheme == "https", f"The step {step.name} is not https: {step.url}")
    hold(parts.hostname in hosts, f"The host of {step.url} is none of hosts(marketplace): {', '.join(hosts)}")
    is_known = step.reads in {kind.name, *kinds()}
    hold(is_known, f"The step {step.name} is for a kind that there is not: {step.reads}")


def _tells_sources(origin: Origin, trial: Trial) -> None:
    what = origin.record.__name__
    hold(origin.record in trial.kind.schemas.values(), f"{what} has sources, and is no record of the kind")
    for page in trial.pages[:2]:
        for name in origin.record.model_fields:
            listed = origin.sources(name)
            hold(
                len(set(listed)) == len(listed), f"Two sources of {what}.{name} have the same name: {', '.join(listed)}"
            )
            strange = [record for record, _ in origin.hear(page, name) if not isinstance(record, origin.record)]
            hold(not strange, f"The sources of {what}.{name} are heard for other records")


def _takes_any_text(trial: Trial, data: st.DataObject) -> None:
    kind, text = trial.kind, data.draw(st.text(min_size=1) | st.sampled_from(_ODD_TARGETS))
    if kind.looks_like is not None:
        hold(isinstance(kind.looks_like(text), bool), f"looks_like({text!r}) is neither true nor false")
    if not text.strip():
        return
    try:
        target = kind.resolve(text, trial.marketplace)
    except InvalidInputError as exc:
        hold(
            BLANK not in exc.message, f"What the kind says of a text that is no target is still a blank: {exc.message}"
        )
        return
    step = kind.next(Asked(target, kind.options()), ())
    if isinstance(step, Step):
        _leads_to_host(kind, target, step)


def _has_price(trial: Trial, data: st.DataObject) -> None:
    kind, options = trial.kind, data.draw(any_options(trial.kind))
    hold(kind.price(options) >= 1, f"The price of a target is {kind.price(options)}: it is at least 1")
    hold(kind.most_steps(options) >= 1, f"most_steps is {kind.most_steps(options)}: it is at least 1")


def _walks(trial: Trial, data: st.DataObject) -> None:
    asked, done, _ = _walked(trial, data)
    names = [one.step.name for one in done]
    hold(len(set(names)) == len(names), f"Two steps have the same name: {', '.join(names)}")
    for number, one in enumerate(done):
        _leads_to_host(trial.kind, asked.target, one.step)
        again = trial.kind.next(asked, done[:number])
        hold(again == one.step, f"The step {one.step.name} is another one when the same target is walked again")


def _walked(trial: Trial, data: st.DataObject) -> tuple[Asked[Any], tuple[Done, ...], Finish | GiveUp]:
    """A walk to its end, past pages that say anything."""
    kind = trial.kind
    asked: Asked[Any] = Asked(trial.target, data.draw(any_options(kind)))
    most, done = kind.most_steps(asked.options), tuple[Done, ...]()
    while isinstance(step := kind.next(asked, done), Step):
        hold(len(done) < most, f"The walk goes on after most_steps, which is {most}")
        done = (*done, _done(trial, data, step))
    return asked, done, step


def _done(trial: Trial, data: st.DataObject, step: Step) -> Done:
    if step.optional and data.draw(st.booleans()):
        return Done(step, None, "not_found", step.url, _FETCHED_AT)
    reader = trial.kind if step.reads == trial.kind.name else kinds()[step.reads]
    is_kept = reader is trial.kind and trial.reads and data.draw(st.booleans())
    read = data.draw(st.sampled_from(trial.reads)) if is_kept else any_read(reader, data)
    return Done(step, read, None, step.url, _FETCHED_AT)


def _makes_rows(trial: Trial, data: st.DataObject) -> None:
    kind, (asked, done, ending) = trial.kind, _walked(trial, data)
    if isinstance(ending, GiveUp) or all(one.read is None for one in done):
        return
    found = kind.rows(asked, done)
    hold(isinstance(found, Found), "rows gives something else than Found")
    others = (record for name in kind.brings(asked.options) for record in kinds()[name].records)
    known = {*kind.records, *others}
    strange = {type(one).__name__ for one in found.records if type(one) not in known}
    hold(not strange, f"rows gives records that the kind does not list: {', '.join(strange)}")
    hold(kind.rows(asked, done) == found, "rows makes something else of the same pages")
    if kind.follow is not None:
        hold(kind.follow(asked, found) == kind.follow(asked, found), "follow tells something else of the same rows")


def _reads_any_bytes(trial: Trial, data: st.DataObject) -> None:
    kind, page = trial.kind, any_page(trial, data)
    hold(isinstance(kind.recognises(page), bool), "recognises gives neither true nor false")
    for asked in (None, Asked(trial.target, kind.options())):
        hold(isinstance(kind.reads(page, asked), Read), "reads gives something else than Read")
