"""What codes mean to a person, and what to do about them. Texts are looked up in the catalogue by the templates."""

from dataclasses import dataclass

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
    "welcome": _("Welcome. Your account is ready: make your first project."),
    "created": _("Created."),
    "saved": _("Saved."),
    "suspended": _("The organization is suspended."),
    "unsuspended": _("The organization is active again. Webhook events that waited arrive within two minutes."),
    "deleted": _("Deleted."),
    "cancelled": _("The job was cancelled. Rows that were stored before stay."),
    "sent": _("A test event is on its way."),
    "redelivered": _("The event is sent once more."),
    "archived": _("The project is archived: it refuses new jobs, its rows stay."),
    "reopened": _("The project is open again."),
    "password": _("Your password was changed. All other sessions were ended."),
    "granted": _("The credits were granted."),
    "revoked": _("The invitation was revoked."),
    "taken": _("The credits were taken back."),
}

FAILURES = (
    _("API key not found"),
    _("Add at least one target"),
    _("Choose a file"),
    _("Choose a format"),
    _("Choose products or keywords"),
    _("Job not found"),
    _("No target of this job failed"),
    _("Only an operator of this installation can see this page"),
    _("Operators can't disable themselves"),
    _("Organization not found"),
    _("Plan not found"),
    _("Project not found"),
    _("Schedule not found"),
    _("There is a plan of that name"),
    _("The e-mail address or the password is wrong"),
    _("The form was not sent from this site"),
    _("The password was changed by another request"),
    _("The project is archived; reopen it to post jobs"),
    _("The webhook is switched off; enable it first"),
    _("An organization has at most 100 open projects; archive one that you no longer need"),
    _("An organization has at most 1000 projects, archived ones included"),
    _("A project has at most 50 API keys; delete one that nobody uses"),
    _("A project has at most 100 schedules"),
    _("A project has at most 20 webhooks"),
    _("At most 6 such messages can be sent per minute"),
    _("At most 60 such messages can be sent per minute"),
    _("This e-mail address already has an account"),
    _("This page is out of date; load it again and send the form once more"),
    _("Too many failed log-ins; try again later"),
    _("Webhook not found"),
    _("Invitation not found"),
    _("The invitation was used already"),
    _("Sign-up is closed on this installation; ask its operator"),
    _("Sign-up is by invitation on this installation; ask its operator for a link"),
    _("This invitation was used or has expired; ask the operator of this installation for a new link"),
    _("This installation is not set up yet; open the link that it printed in its terminal at the last start"),
    _("Too many sign-ups from this address; try again later"),
    _("Job limit reached for this month"),
    _("Target limit reached for this month"),
    _("Export limit reached for this month"),
    _("The job is already completed"),
    _("The job is already failed"),
    _("The job is already cancelled"),
    _("nothing was recognised"),
    _("is wrong"),
    _("has a field out of range"),
    _("is missing"),
    _("is not a cron expression"),
    _("is not an e-mail address"),
    _("must not be empty"),
    _("is not a URL"),
    _("is not a URL with a host"),
    _("must begin with https://"),
    _("must lead to a public address"),
    _("must not be 0"),
    _("must not hold credentials"),
    _("must not hold a fragment"),
    _("is not an IANA time zone such as Europe/Berlin"),
    _("never comes"),
    _("repeats one or two characters; use more different ones"),
    _("is one of the most common passwords; choose a rarer one, for example four unrelated words"),
    _("must not be the name of this product"),
    _("must not hold invisible characters"),
    _("must not mix letters of several alphabets"),
    _("has a domain that can't exist"),
    _("must not be the e-mail address or a part of it"),
)
"""Messages of features that people meet, so that the catalogue has them; others are shown as they are."""


def error_help(code: str) -> Explanation:
    """What a target's or a job's error code means."""
    return TARGET_ERRORS.get(code, _UNKNOWN)


def notice(name: str | None) -> str | None:
    """The text to greet the next page with."""
    return _NOTICES.get(name or "")
