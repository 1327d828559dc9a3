"""Alerts, their notices and channels, as the client asks for them."""

from collections.abc import Mapping, Sequence
from typing import Any

from azscraper.client import models
from azscraper.client.calls import Call, body_of, data, items, nothing
from azscraper.client.colours import C, listing, operation
from azscraper.client.flows import Flow, Items, answered, listed
from azscraper.client.projects import Projects
from azscraper.errors import NotFoundError
from azscraper.ids import is_id


class Alerts(Projects[C]):
    """Rules that say when somebody is to be told, and where messages go."""

    @operation
    def create_alert(
        self,
        /,
        when: Sequence[Mapping[str, Any]],
        *,
        what: Mapping[str, Any] | None = None,
        channels: Sequence[str] = (),
        project: str | None = None,
        **more: Any,
    ) -> Flow[models.Alert]:
        """Tell when a product, a keyword or a job becomes so: ``when=[{"field": "price", "op": "below", "value": 20}]``.

        ``what`` names products, a list, a tag, a keyword or runs (all products of the project without it), ``channels`` ids, names
        or ``email:me@example.com``; ``more`` is as in the reference: currency, match, rearm, digest, quietHours, expiresAt, name.
        """
        body = {"when": list(when), "channels": list(channels), **body_of(what=what), **more}
        project_id = yield from self._project_id(project, make=True)
        call = Call("POST", f"/projects/{project_id}/alerts", data(models.Alert), body=body, once=True)
        return (yield from answered(call))

    @operation
    def preview_alert(
        self,
        /,
        when: Sequence[Mapping[str, Any]],
        *,
        what: Mapping[str, Any] | None = None,
        project: str | None = None,
        **more: Any,
    ) -> Flow[models.AlertPreview]:
        """What such an alert would have told in the last 30 days; nothing is created. As ``create_alert``."""
        body = {"when": list(when), **body_of(what=what), **more}
        project_id = yield from self._project_id(project)
        return (
            yield from answered(
                Call("POST", f"/projects/{project_id}/alerts/preview", data(models.AlertPreview), body=body)
            )
        )

    @operation
    def preview_existing_alert(self, alert_id: str) -> Flow[models.AlertPreview]:
        """What an alert would have told in the last 30 days, had it begun then."""
        path = f"{_path('alerts', alert_id, 'Alert')}/preview"
        return answered(Call("GET", path, data(models.AlertPreview)))

    @operation
    def alerts(self, project: str | None = None) -> Flow[list[models.Alert]]:
        """A project's alerts, newest first."""
        project_id = yield from self._project_id(project)
        return (yield from answered(Call("GET", f"/projects/{project_id}/alerts", items(models.Alert))))

    @operation
    def alert(self, alert_id: str) -> Flow[models.Alert]:
        """An alert by its id."""
        return answered(Call("GET", _path("alerts", alert_id, "Alert"), data(models.Alert)))

    @operation
    def change_alert(self, /, alert_id: str, **changes: Any) -> Flow[models.Alert]:
        """Change what is named, as in the reference: ``enabled=False``, ``channels=["team"]``."""
        return answered(Call("PATCH", _path("alerts", alert_id, "Alert"), data(models.Alert), body=changes))

    @operation
    def delete_alert(self, alert_id: str) -> Flow[None]:
        """Delete it; its notices stay."""
        return answered(Call("DELETE", _path("alerts", alert_id, "Alert"), nothing))

    @operation
    def test_alert(self, alert_id: str) -> Flow[models.AlertTest]:
        """Send a test message to its channels."""
        path = f"{_path('alerts', alert_id, 'Alert')}/test"
        return answered(Call("POST", path, data(models.AlertTest), once=True))

    @listing
    def notices(
        self, project: str | None = None, *, unread: bool = False, alert: str | None = None, most: int | None = None
    ) -> Items[models.Notice]:
        """What fired, newest first; those that nobody read, or those of one alert."""
        project_id = yield from self._project_id(project)
        path = f"/projects/{project_id}/notices"
        params = {"unread": "true" if unread else None, "alert": alert}
        yield from listed(path, models.Notice, most=most, limit="100", **params)

    @operation
    def mark_notices(
        self, ids: Sequence[str] | None = None, *, read: bool = True, project: str | None = None
    ) -> Flow[models.Marked]:
        """Mark notices as read, or as unread; without ``ids``, all."""
        project_id = yield from self._project_id(project)
        body = body_of(ids=None if ids is None else list(ids), read=read)
        return (yield from answered(Call("PATCH", f"/projects/{project_id}/notices", data(models.Marked), body=body)))

    @operation
    def create_channel(
        self,
        *,
        email: str | None = None,
        url: str | None = None,
        name: str | None = None,
        language: str | None = None,
        project: str | None = None,
    ) -> Flow[models.Channel]:
        """Where alerts go: an address, whose owner has to follow a link, or a service's URL, which gets a test message."""
        body = body_of(email=email, url=url, name=name, language=language)
        project_id = yield from self._project_id(project, make=True)
        call = Call("POST", f"/projects/{project_id}/channels", data(models.Channel), body=body, once=True)
        return (yield from answered(call))

    @operation
    def channels(self, project: str | None = None) -> Flow[list[models.Channel]]:
        """A project's channels, newest first."""
        project_id = yield from self._project_id(project)
        return (yield from answered(Call("GET", f"/projects/{project_id}/channels", items(models.Channel))))

    @operation
    def channel(self, channel_id: str) -> Flow[models.Channel]:
        """A channel by its id."""
        return answered(Call("GET", _path("channels", channel_id, "Channel"), data(models.Channel)))

    @operation
    def change_channel(
        self, channel_id: str, *, name: str | None = None, language: str | None = None, enabled: bool | None = None
    ) -> Flow[models.Channel]:
        """Change the name or the language; switch off or on."""
        body = body_of(name=name, language=language, enabled=enabled)
        return answered(Call("PATCH", _path("channels", channel_id, "Channel"), data(models.Channel), body=body))

    @operation
    def delete_channel(self, channel_id: str) -> Flow[None]:
        """Delete it and its messages."""
        return answered(Call("DELETE", _path("channels", channel_id, "Channel"), nothing))

    @operation
    def test_channel(self, channel_id: str) -> Flow[models.ChannelMessage]:
        """Send a test message to it."""
        path = f"{_path('channels', channel_id, 'Channel')}/test"
        return answered(Call("POST", path, data(models.ChannelMessage), once=True))

    @listing
    def channel_messages(self, channel_id: str, *, most: int | None = None) -> Items[models.ChannelMessage]:
        """What it sent, newest first."""
        path = f"{_path('channels', channel_id, 'Channel')}/messages"
        return listed(path, models.ChannelMessage, most=most, limit="100")


def _path(kind: str, given: str, what: str) -> str:
    if not is_id(given):
        raise NotFoundError(f"{what} not found: {given!r} is not an id")
    return f"/{kind}/{given}"
