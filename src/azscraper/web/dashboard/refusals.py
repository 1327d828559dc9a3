"""Why a field of a form is refused, as a sentence that says what to do: of the words that the API has for it."""

import re
from collections.abc import Callable

from azscraper.web.dashboard.language import marked as _

_NUMBER = _("Write a number, for example 19.90.")
_FILL_IN = _("Fill this in.")
_ADDRESS = _("Write an address, for example https://example.com/hooks.")
_SENTENCES: dict[str, str] = {
    "must not be empty|must not be blank|is missing|is needed|Field required": _FILL_IN,
    "is not an e-mail address": _("Write an e-mail address, for example ann@example.com."),
    "has a domain that can't exist": _("The part behind the @ can't exist. Check how it is written."),
    "must be a number|Decimal input should.*": _NUMBER,
    "is not a number, for example .*": _NUMBER,
    "is not a number of days from 1 to (?P<n>[0-9]+)": _("Write a number of days from 1 to %(n)s."),
    "must stay: .* at least one condition": _("Keep at least one condition."),
    "is not a price; .*|the target price .* is not an amount .*": _NUMBER,
    "must be a whole number": _("Write a whole number."),
    "must be at least (?P<n>.+)": _("Write %(n)s or more."),
    "must be more than (?P<n>.+)": _("Write more than %(n)s."),
    "must be at most (?P<n>.+)": _("Write %(n)s or less."),
    "must be less than (?P<n>.+)": _("Write less than %(n)s."),
    "must have at most (?P<n>[0-9,]+) characters|is longer than (?P<m>[0-9,]+) characters": _(
        "Write at most %(n)s characters."
    ),
    "must have at least (?P<n>[0-9,]+) characters": _("Write at least %(n)s characters."),
    "must have at most (?P<n>[0-9,]+) items": _("Choose at most %(n)s."),
    "must have at least (?P<n>[0-9,]+) items": _("Choose at least %(n)s."),
    "takes 1 to (?P<n>[0-9,]+) (items|products)": _("Choose 1 to %(n)s."),
    "Input should be a valid (date|datetime|time).*|must be a time or a day in ISO 8601, .*|is not a day such as .*": _(
        "Write a day, for example 2026-12-31."
    ),
    "is a time of the day such as .*": _("Write a time of day, for example 08:00."),
    "is not (an IANA time zone such as|a time zone, such as) .*": _(
        "Choose a time zone of the list, for example Europe/Berlin."
    ),
    "has [0-9]+ fields; write 5 .*|is not a cron expression|refresh.cron .*": _(
        "Write five parts with spaces between, for example 0 8 * * *."
    ),
    "'(?P<part>.*)' is not a cron field": _("“%(part)s” is not a part of a cron expression."),
    "['\"](?P<part>.*)['\"] is not an ASIN": _(
        "“%(part)s” is not an ASIN. Write ten letters and digits, for example B0DEMO0001."
    ),
    "has '(?P<part>.*)' for the .*, which goes from (?P<n>[0-9]+) to (?P<m>[0-9]+)": _(
        "“%(part)s” is out of range. Write %(n)s to %(m)s there."
    ),
    "never comes": _("This day never comes. Choose another one."),
    "do not go with every month": _("Choose no days for once a month."),
    "must not begin when they end": _("Choose an end other than the beginning."),
    "has none; name at least one, such as us": _("Choose at least one marketplace."),
    "must begin with https://": _("Write an address that begins with https://."),
    "is not a URL|is not a URL with a host": _ADDRESS,
    "must lead to a public address": _("This address can't be reached from the internet. Write a public one."),
    "must not contain credentials": _("Leave the user name and the password out of the address."),
    "must not contain a fragment": _("Leave out what follows the # in the address."),
    "must be one URL of at most .*|must begin with the scheme of a service: .*": _(
        "Write an e-mail address, or the address that the service shows you, for example https://hooks.slack.com/…"
    ),
    "must not contain (NUL|invisible) characters": _("Leave out invisible characters."),
    "must not mix letters of several alphabets": _("Use letters of one alphabet."),
    "is needed for a price, because it sets the currency": _(
        "Choose a marketplace: it sets the currency of the price."
    ),
    "is below the lowest price|is below minPrice, .*": _("Write a price that is not below the lowest price."),
    "is wrong": _("This is not your current password."),
    "nothing was recognised|has nothing that is recognised; .*|has no targets that are recognized": _(
        "Nothing of it is recognised. Write one per line, for example B0DEMO0001 or the address of a product."
    ),
    "repeats one or two characters; .*": _("This repeats one or two characters. Use more different ones."),
    "is one of the most common passwords; .*": _(
        "This is one of the most common passwords. Choose a rarer one, for example four unrelated words."
    ),
    "must not be the name of this product": _("Choose something other than the name of this product."),
    "must not be the e-mail address or a part of it": _("Choose something that is not a part of your e-mail address."),
    "is not a currency: .*": _("Write three capital letters, for example EUR."),
    "is not a language: .*": _("Write a language, for example en-US."),
    r"String should match pattern '\^\\\\?d\{3,15\}\$'": _("Write digits, for example 172541."),
    r"String should match pattern '\^\[a-z0-9-\].*": _("Write small letters, digits and hyphens."),
    "must be true or false": _("Choose yes or no."),
    "must be a (string|list)": _("Write a text."),
    "String should match pattern .*": _("This is not in the form that is asked for. The hint says how to write it."),
    "(must be|is one of) (?P<names>'.+)|is one of (?P<more>.+)": _("Choose one of these: %(names)s."),
}
_PATTERNS = [(re.compile(pattern, re.DOTALL), sentence) for pattern, sentence in _SENTENCES.items()]
_LINE = re.compile(r"line (?P<row>\d+): (?P<why>.*)", re.DOTALL)


def in_words(message: str, say: Callable[[str], str]) -> str:
    """The sentence in the language of ``say``; a message that has none as it is, translated where the catalogue has it."""
    if line := _LINE.fullmatch(message):
        return say(_("Line %(row)s: %(why)s")) % {"row": line["row"], "why": in_words(line["why"], say)}
    for pattern, sentence in _PATTERNS:
        if found := pattern.fullmatch(message):
            given = {name: value for name, value in found.groupdict().items() if value is not None}
            return say(sentence) % ({"n": given.get("m"), "names": given.get("more")} | given)
    return say(message)
