"""What codes mean to a person, and what to do about them. Texts are looked up in the catalogue by the templates."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from azscraper.tenants.audit import Action
from azscraper.web.dashboard.language import marked as _


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code in words."""

    title: str
    meaning: str
    advice: str


TARGET_ERRORS = {
    "not_found": Explanation(
        _("Not found"),
        _("The marketplace has no such page: the product was removed, or it was never sold there."),
        _("Check the ASIN and the marketplace. Trying again will not help unless one of them was wrong."),
    ),
    "blocked": Explanation(
        _("Blocked"),
        _("The marketplace answered with a robot check, again and again."),
        _(
            "Wait an hour and retry the failed targets. If it comes often, ask your operator to slow the crawl rate down."
        ),
    ),
    "timeout": Explanation(
        _("Timed out"),
        _("The marketplace did not answer in time, in any of the tries."),
        _("Retry the failed targets. If many time out, the connection of this server is the likely cause."),
    ),
    "http_error": Explanation(
        _("Connection trouble"),
        _("The marketplace, or the way to it, answered with an error."),
        _("Retry the failed targets. If it stays, ask your operator to look at network and proxies."),
    ),
    "robots_disallowed": Explanation(
        _("Not allowed by robots.txt"),
        _("The marketplace asks crawlers to stay away from this page, and this service respects that."),
        _("There is nothing to retry. Take the target out of your list."),
    ),
    "sign_in_required": Explanation(
        _("Behind a sign-in"),
        _("The marketplace shows this page only to customers who sign in, which this service never does."),
        _("There is nothing to retry. Take the target out of your list."),
    ),
    "unreachable": Explanation(
        _("Marketplace out of reach"),
        _("Its robots.txt could not be read in any of the tries, so no page was asked for."),
        _("Retry the failed targets later."),
    ),
    "parse_error": Explanation(
        _("Page not understood"),
        _("The page came, but it does not have the shape that we know."),
        _(
            "Retry once: it may have been a rare variant. If it stays, report the target, so that the parser can be mended."
        ),
    ),
    "invalid": Explanation(
        _("Invalid target"),
        _("The target can't be turned into a page of this marketplace."),
        _("Correct the target and post it in a new job."),
    ),
    "not_archived": Explanation(
        _("No longer in the archive"),
        _("The page was to be read again, but it is no longer kept."),
        _("Retry the failed targets: they are fetched anew."),
    ),
}
_UNKNOWN = Explanation(_("Failed"), _("The target ended without rows."), _("Retry the failed targets."))

_NOTICES = {
    "welcome": _("Welcome. Your account is ready."),
    "created": _("Created."),
    "saved": _("Saved."),
    "marked_yes": _("Marked as yours, in all lists of the project."),
    "marked_no": _("Marked as competitors’, in all lists of the project."),
    "marked_neither": _("The mark is taken away, in all lists of the project."),
    "removed": _("Removed. What was checked stays."),
    "suspended": _("The organization is suspended."),
    "unsuspended": _("The organization is active again. Webhook events that waited arrive within two minutes."),
    "deleted": _("Deleted."),
    "cancelled": _("The job was cancelled. Rows that were stored before stay."),
    "sent": _("A test event is on its way."),
    "message_sent": _("A test message is on its way."),
    "redelivered": _("The event is sent once more."),
    "archived": _("The project is archived: it refuses new jobs, its rows stay."),
    "reopened": _("The project is open again."),
    "password": _("Your password was changed. All other sessions were ended."),
    "granted": _("The credits were granted."),
    "revoked": _("The invitation was revoked."),
    "taken": _("The credits were taken back."),
}

ACTIONS = {
    Action.REGISTERED: _("signed up"),
    Action.LOGGED_IN: _("logged in"),
    Action.LOGIN_FAILED: _("failed to log in"),
    Action.LOGGED_OUT: _("logged out"),
    Action.HANDED_OFF: _("got a one-time code to log in with"),
    Action.USER_CHANGED: _("changed a user"),
    Action.PASSWORD_CHANGED: _("changed the password"),
    Action.ORGANIZATION_CHANGED: _("changed the organization"),
    Action.INVITATION_CREATED: _("created an invitation"),
    Action.INVITATION_REVOKED: _("revoked an invitation"),
    Action.CREDITS_GRANTED: _("granted credits"),
    Action.PLAN_CREATED: _("created a plan"),
    Action.PLAN_CHANGED: _("changed a plan"),
    Action.SETTINGS_CHANGED: _("changed settings of the installation"),
    Action.PROJECT_CREATED: _("created a project"),
    Action.PROJECT_CHANGED: _("changed a project"),
    Action.JOB_CREATED: _("started a job"),
    Action.JOB_RETRIED: _("retried failed entries of a job"),
    Action.JOB_REPARSED: _("read the kept pages of a job again"),
    Action.JOB_CANCELLED: _("cancelled a job"),
    Action.JOB_CHANGED: _("changed a job"),
    Action.JOB_EXPORTED: _("exported a job"),
    Action.KEY_CREATED: _("created an API key"),
    Action.KEY_CHANGED: _("changed an API key"),
    Action.KEY_DELETED: _("deleted an API key"),
    Action.SCHEDULE_CREATED: _("created a schedule"),
    Action.SCHEDULE_CHANGED: _("changed a schedule"),
    Action.SCHEDULE_DELETED: _("deleted a schedule"),
    Action.LIST_CREATED: _("created a list"),
    Action.LIST_CHANGED: _("changed a list"),
    Action.LIST_DELETED: _("deleted a list"),
    Action.LIST_ITEMS_CHANGED: _("changed what is in a list"),
    Action.PRODUCTS_MARKED: _("marked products"),
    Action.WEBHOOK_CREATED: _("created a webhook"),
    Action.WEBHOOK_CHANGED: _("changed a webhook"),
    Action.WEBHOOK_DELETED: _("deleted a webhook"),
    Action.WEBHOOK_SECRET_ROTATED: _("gave a webhook a new secret"),
    Action.WEBHOOK_DISABLED: _("switched a webhook off"),
    Action.CHANNEL_CREATED: _("created a channel"),
    Action.CHANNEL_CHANGED: _("changed a channel"),
    Action.CHANNEL_DELETED: _("deleted a channel"),
    Action.CHANNEL_DISABLED: _("switched a channel off"),
    Action.ALERT_CREATED: _("created an alert"),
    Action.ALERT_CHANGED: _("changed an alert"),
    Action.ALERT_DELETED: _("deleted an alert"),
}
"""What somebody did, behind who it was."""
OBJECTS = {name: f"/app/{name}s/" for name in ("project", "job", "schedule", "list", "webhook", "channel", "alert")}
"""Where the object of an action has its page, by the first word of the action."""


def error_help(code: str) -> Explanation:
    """What a target's or a job's error code means."""
    return TARGET_ERRORS.get(code, _UNKNOWN)


def notice(name: str | None) -> str | None:
    """The text to greet the next page with."""
    return _NOTICES.get(name or "")


_SENTENCES: dict[str, str] = {
    r"robots\.txt of (?P<host>\S+) forbids this page\.": _("robots.txt of %(host)s forbids this page."),
    r"robots\.txt of (?P<host>\S+) could not be read, so nothing may be fetched.*": _(
        "robots.txt of %(host)s could not be read, so nothing may be fetched."
    ),
    r"It was tried (?P<n>\d+) times\.": _("It was tried %(n)s times."),
    r"The marketplace answered with HTTP status (?P<n>\d+)\.": _("The marketplace answered with HTTP status %(n)s."),
    r"The marketplace refused the request with HTTP status (?P<n>\d+)\.": _(
        "The marketplace refused the request with HTTP status %(n)s."
    ),
    r"The page is larger than (?P<n>\d+) MiB\.": _("The page is larger than %(n)s MiB."),
    r"The page redirected more than (?P<n>\d+) times\.": _("The page redirected more than %(n)s times."),
    r"The page was not fetched: (?P<why>.+)\.": _("The page was not fetched: %(why)s."),
    r"The URL (?P<why>.+)": _("The address %(why)s"),
}
_PATTERNS = [(re.compile(pattern), sentence) for pattern, sentence in _SENTENCES.items()]
_END = re.compile(r"(?<=[.?!]) (?=[A-Z])")


def reason(message: str, say: Callable[[str], str]) -> str:
    """The message with each sentence that the catalogue has in the language of ``say``; others as they are."""
    return " ".join(_sentence(each, say) for each in _END.split(message)) if message else ""


def _sentence(sentence: str, say: Callable[[str], str]) -> str:
    for pattern, ours in _PATTERNS:
        if found := pattern.fullmatch(sentence):
            return say(ours) % {name: say(value) for name, value in found.groupdict().items()}
    return say(sentence)
