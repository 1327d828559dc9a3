"""Every route of the service as a method, written once for both colours; an operator's own are behind ``request``."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic.alias_generators import to_camel

from azscraper.client import models
from azscraper.client.alerts import Alerts
from azscraper.client.asking import TargetAnswer, asked, begun
from azscraper.client.calls import Answer, Call, body_of, data, given, items, json_of, moment, nothing, slice_of
from azscraper.client.colours import C, listing, operation
from azscraper.client.flows import Emit, EmitAll, Flow, Items, Open, answered, listed, next_step, paged
from azscraper.client.following.history import History
from azscraper.client.following.keywords import Keywords
from azscraper.client.following.lists import Lists
from azscraper.client.jobs import Job
from azscraper.client.models import JobState, JobStatus, JobType, OnInvalid
from azscraper.client.rows import ProjectRows
from azscraper.errors import Detail, InvalidInputError, NotFoundError
from azscraper.ids import is_id

T = TypeVar("T")
_WAIT_SECONDS = 30
"""What one request for a target waits, as the service has it."""


class Routes(ProjectRows[C], History[C], Keywords[C], Lists[C], Alerts[C]):
    """The service. ``project`` is a project's id or name everywhere; without one it is the only one that is not archived,
    which for a project's key is the key's. Every method raises a ServiceError of ``azscraper.errors`` by its code.
    """

    # --- jobs

    @operation
    def run(
        self,
        /,
        type: JobType,  # noqa: A002 - the field's word
        targets: str | Iterable[str],
        *,
        project: str | None = None,
        on_invalid: OnInvalid | None = None,
        name: str | None = None,
        tags: Sequence[str] = (),
        **config: Any,
    ) -> "Flow[Job[C]]":
        """Post a crawl job: ``search`` with keywords, ``details`` with ASINs, product URLs or /dp/ASIN paths.

        ``config`` as in the reference, in snake_case: marketplace="de", pages=3, min_price=10. An account that has no
        project yet gets one named Default. Sent again after a lost connection, the job is made once. Raises
        InvalidInputError whose details name each target that is none; with on_invalid="skip" the job goes on without
        them, and they are failed targets with the code ``invalid``. ``jobs`` finds it by ``name`` and ``tags``.
        """
        body = crawl_config(type, targets, config, on_invalid=on_invalid)
        body |= body_of(name=name, tags=list(tags) or None)
        project_id = yield from self._project_id(project, make=True)
        state = yield from answered(Call("POST", f"/projects/{project_id}/jobs", data(JobState), body=body, once=True))
        return Job(self.driver, state)

    @operation
    def ask(
        self,
        /,
        type: JobType,  # noqa: A002 - the field's word
        target: str,
        *,
        project: str | None = None,
        wait_seconds: int | None = None,
        timeout_seconds: float | None = None,
        where: str | None = None,
        seen: Callable[[JobState], object] = lambda _: None,
        **config: Any,
    ) -> Flow[TargetAnswer]:
        """Fetch one target now: its rows, what its page says about itself, and ``meta``.

        Waits as long as it takes, or up to ``timeout_seconds``: then it raises WaitTimeoutError, and the job goes on.
        ``where`` (``price.amount<20,sponsored=false``) leaves rows out. ``wait_seconds`` is what one
        request waits, 30 unless you say otherwise; ``seen`` is called with the job where it waited in vain. Raises NotFoundError, TargetRefusedError,
        TargetFailedError and UnavailableError (robot checks); ``details[0].code`` is the target's error code.
        """
        crawl = crawl_config(type, target, config)
        if timeout_seconds is not None:
            wait_seconds = min(wait_seconds or _WAIT_SECONDS, max(0, int(timeout_seconds)))
        body = {"type": type, "target": target, "config": crawl["config"], **body_of(waitSeconds=wait_seconds)}
        project_id = yield from self._project_id(project, make=True)
        return (yield from asked(f"/projects/{project_id}/ask", body, given(where=where), seen, timeout_seconds))

    @operation
    def begin(
        self,
        /,
        type: JobType,  # noqa: A002 - the field's word
        target: str,
        *,
        project: str | None = None,
        **config: Any,
    ) -> "Flow[Job[C]]":
        """As ``ask``, without waiting: the job of one target, which does not wait behind other jobs. Follow it as any job."""
        crawl = crawl_config(type, target, config)
        project_id = yield from self._project_id(project, make=True)
        body = {"type": type, "target": target, "config": crawl["config"]}
        job_id = yield from begun(f"/projects/{project_id}/ask", body)
        state = yield from answered(Call("GET", f"/jobs/{job_id}", data(JobState)))
        return Job(self.driver, state)

    @operation
    def job(self, job_id: str) -> "Flow[Job[C]]":
        """A job by its id."""
        state = yield from answered(Call("GET", f"/jobs/{_id(job_id, 'Job')}", data(JobState)))
        return Job(self.driver, state)

    @listing
    def jobs(
        self,
        project: str | None = None,
        *,
        status: JobStatus | None = None,
        type: JobType | None = None,  # noqa: A002 - the same
        text: str | None = None,
        tag: str | None = None,
        created_after: date | None = None,
        created_before: date | None = None,
        most: int | None = None,
    ) -> "Items[Job[C]]":
        """A project's jobs, newest first; ``text`` is a part of the name, or how the id begins."""
        project_id = yield from self._project_id(project)
        between = {"createdAfter": moment(created_after), "createdBefore": moment(created_before)}
        params = given(status=status, type=type, q=text, tag=tag, limit="100", **between)
        path = f"/projects/{project_id}/jobs"
        states = paged(lambda offset: Call("GET", path, slice_of(JobState), params | given(offset=offset)), most=most)
        made: Callable[[JobState], Job[C]] = partial(Job, self.driver)
        yield from _each(states, made)

    # --- schedules

    @operation
    def create_schedule(
        self,
        /,
        cron: str,
        type: JobType,  # noqa: A002 - the same
        targets: str | Iterable[str],
        *,
        timezone: str = "UTC",
        enabled: bool = True,
        project: str | None = None,
        on_invalid: OnInvalid | None = None,
        name: str | None = None,
        tags: Sequence[str] = (),
        **config: Any,
    ) -> Flow[models.Schedule]:
        """Post the same job again and again, by the clock of a time zone; each has the ``name`` and the ``tags``."""
        crawl = crawl_config(type, targets, config, on_invalid=on_invalid)
        body = {"cron": cron, "crawlConfig": crawl, "timezone": timezone, "enabled": enabled}
        body |= body_of(name=name, tags=list(tags) or None)
        project_id = yield from self._project_id(project, make=True)
        call = Call("POST", f"/projects/{project_id}/schedules", data(models.Schedule), body=body, once=True)
        return (yield from answered(call))

    @operation
    def schedules(
        self, project: str | None = None, *, text: str | None = None, tag: str | None = None
    ) -> Flow[list[models.Schedule]]:
        """A project's schedules, newest first; ``text`` is a part of the name, or how the id begins."""
        project_id = yield from self._project_id(project)
        path = f"/projects/{project_id}/schedules"
        return (yield from answered(Call("GET", path, items(models.Schedule), given(q=text, tag=tag))))

    @operation
    def schedule(self, schedule_id: str) -> Flow[models.Schedule]:
        """A schedule by its id."""
        return answered(Call("GET", f"/schedules/{_id(schedule_id, 'Schedule')}", data(models.Schedule)))

    @operation
    def change_schedule(
        self,
        schedule_id: str,
        *,
        cron: str | None = None,
        timezone: str | None = None,
        enabled: bool | None = None,
        crawl: Mapping[str, Any] | None = None,
        name: str | None = None,
        tags: Sequence[str] | None = None,
    ) -> Flow[models.Schedule]:
        """Change the time, the zone, the job (``crawl_config`` makes one), the name (empty: none) or the tags; switch off or on."""
        body = body_of(cron=cron, timezone=timezone, enabled=enabled, crawlConfig=crawl, name=name)
        body |= {} if tags is None else {"tags": list(tags)}
        path = f"/schedules/{_id(schedule_id, 'Schedule')}"
        return answered(Call("PATCH", path, data(models.Schedule), body=body))

    @operation
    def delete_schedule(self, schedule_id: str) -> Flow[None]:
        """Delete it; the jobs that it posted stay."""
        return answered(Call("DELETE", f"/schedules/{_id(schedule_id, 'Schedule')}", nothing))

    # --- webhooks

    @operation
    def create_webhook(
        self, url: str, events: Sequence[str] | None = None, *, project: str | None = None
    ) -> Flow[models.WebhookSecret]:
        """Send a project's events to a URL; the answer alone shows the secret. Without ``events``: everything."""
        project_id = yield from self._project_id(project, make=True)
        body = body_of(url=url, events=None if events is None else list(events))
        call = Call("POST", f"/projects/{project_id}/webhooks", data(models.WebhookSecret), body=body, once=True)
        return (yield from answered(call))

    @operation
    def webhooks(self, project: str | None = None) -> Flow[list[models.Webhook]]:
        """A project's webhooks, newest first."""
        project_id = yield from self._project_id(project)
        return (yield from answered(Call("GET", f"/projects/{project_id}/webhooks", items(models.Webhook))))

    @operation
    def webhook(self, webhook_id: str) -> Flow[models.Webhook]:
        """A webhook by its id."""
        return answered(Call("GET", _webhook(webhook_id), data(models.Webhook)))

    @operation
    def change_webhook(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        events: Sequence[str] | None = None,
        enabled: bool | None = None,
    ) -> Flow[models.Webhook]:
        """Change the URL or the events; switch off or on."""
        body = body_of(url=url, events=events, enabled=enabled)
        return answered(Call("PATCH", _webhook(webhook_id), data(models.Webhook), body=body))

    @operation
    def delete_webhook(self, webhook_id: str) -> Flow[None]:
        """Delete it and its deliveries."""
        return answered(Call("DELETE", _webhook(webhook_id), nothing))

    @operation
    def rotate_webhook_secret(self, webhook_id: str) -> Flow[models.WebhookSecret]:
        """A new secret; for 24 hours the one before signs along."""
        return answered(Call("POST", f"{_webhook(webhook_id)}/rotate-secret", data(models.WebhookSecret)))

    @operation
    def test_webhook(self, webhook_id: str) -> Flow[models.Delivery]:
        """Send a ``webhook.test`` event to it."""
        return answered(Call("POST", f"{_webhook(webhook_id)}/test", data(models.Delivery), once=True))

    @listing
    def deliveries(
        self, webhook_id: str, *, status: models.DeliveryStatus | None = None, most: int | None = None
    ) -> Items[models.Delivery]:
        """A webhook's deliveries, newest first."""
        return listed(f"{_webhook(webhook_id)}/deliveries", models.Delivery, most=most, limit="100", status=status)

    @operation
    def redeliver(self, delivery_id: str) -> Flow[models.Delivery]:
        """Send the same event once more."""
        path = f"/deliveries/{_id(delivery_id, 'Delivery')}/redeliver"
        return answered(Call("POST", path, data(models.Delivery), once=True))

    # --- keys of a project

    @operation
    def api_keys(self, project: str | None = None) -> Flow[list[models.ApiKey]]:
        """A project's keys, without their secrets."""
        project_id = yield from self._project_id(project)
        return (yield from answered(Call("GET", f"/projects/{project_id}/api-keys", items(models.ApiKey))))

    @operation
    def create_api_key(self, name: str, *, project: str | None = None) -> Flow[models.NewApiKey]:
        """A key that reaches this project alone; the answer alone shows it."""
        project_id = yield from self._project_id(project, make=True)
        call = Call("POST", f"/projects/{project_id}/api-keys", data(models.NewApiKey), body={"name": name}, once=True)
        return (yield from answered(call))

    @operation
    def change_api_key(
        self, key: models.ApiKey, *, name: str | None = None, disabled: bool | None = None
    ) -> Flow[models.ApiKey]:
        """Rename, disable or enable."""
        path = f"/projects/{key.project_id}/api-keys/{key.id}"
        return answered(Call("PATCH", path, data(models.ApiKey), body=body_of(name=name, disabled=disabled)))

    @operation
    def delete_api_key(self, key: models.ApiKey) -> Flow[None]:
        """Take it out for good."""
        return answered(Call("DELETE", f"/projects/{key.project_id}/api-keys/{key.id}", nothing))

    # --- the service

    @operation
    def is_healthy(self) -> Flow[bool]:
        """Whether the service answers, and its database does; asked once."""
        head = yield Open(Call("GET", "/health/ready", nothing))
        return isinstance(head, Answer) and not head.is_error

    @operation
    def marketplaces(self) -> Flow[list[models.Marketplace]]:
        """The marketplaces that jobs can name."""
        return answered(Call("GET", "/marketplaces", items(models.Marketplace)))

    @operation
    def kinds(self, *, marketplace: str | None = None) -> Flow[list[models.Kind]]:
        """The kinds of pages that jobs can ask for; with a marketplace, whether its robots.txt lets them be crawled."""
        params = {"marketplace": marketplace} if marketplace is not None else {}
        return answered(Call("GET", "/kinds", items(models.Kind), params=params))

    @operation
    def schema(self, record: str) -> Flow[dict[str, Any]]:
        """The JSON Schema of a record or of a kind's options, by the names that ``kinds`` says: ``product``."""
        return answered(Call("GET", f"/schemas/{quote(record, safe='')}", json_of))

    @operation
    def request(self, /, method: str, path: str, *, body: Any = None, **params: str) -> Flow[Any]:
        """Any other route, such as an operator's: the whole answer as JSON."""
        return answered(Call(method, path, json_of, params, body))


def crawl_config(
    kind: JobType, targets: str | Iterable[str], config: Mapping[str, Any], *, on_invalid: OnInvalid | None = None
) -> dict[str, Any]:
    """The body that makes a job: ``config`` may be in snake_case, what is None in it is left out.

    Raises InvalidInputError, with the nearest name, for what is not an option of any job.
    """
    from azscraper.jobs import options  # noqa: PLC0415 - knows the job's model, which only who posts a job needs

    if wrong := [*options.unknown(kind, config), *_not_finite(config)]:
        raise InvalidInputError("; ".join(f"{detail.field}: {detail.message}" for detail in wrong), wrong)
    values = [targets] if isinstance(targets, str) else list(targets)
    named = {to_camel(name): value for name, value in config.items() if value is not None}
    return {"type": kind, "targets": values, "config": named, **given(onInvalid=on_invalid)}


def _not_finite(config: Mapping[str, Any]) -> list[Detail]:
    """JSON has no word for these numbers: they would go out as null, which is no bound at all."""
    numbers = {name: value for name, value in config.items() if isinstance(value, float)}
    return [Detail(name, "is not a number") for name, value in numbers.items() if not math.isfinite(value)]


def _each(flow: Items[Any], made: Callable[[Any], T]) -> Items[T]:
    """The same items, each made into something else."""
    step = next(flow, None)
    while step is not None:
        reply = yield _made(step, made)
        step = next_step(flow, reply)


def _made(step: Any, made: Callable[[Any], T]) -> Any:
    if isinstance(step, EmitAll):
        return EmitAll([made(item) for item in step.items])
    return Emit(made(step.item)) if isinstance(step, Emit) else step


def _id(text: str, what: str) -> str:
    """The id. Raises NotFoundError for a text that is none: it might be another route's path."""
    if not is_id(text):
        raise NotFoundError(f"{what} not found: {text!r} is not an id")
    return text


def _webhook(webhook_id: str) -> str:
    return f"/webhooks/{_id(webhook_id, 'Webhook')}"
