"""Entries of the audit in words: no JSON, no ids, both languages."""

from datetime import UTC, datetime

import pytest

from azscraper.tenants.audit import Entry
from azscraper.web.dashboard import language
from azscraper.web.dashboard.pages.happened import facts, name_of

LIST = {
    "name": "Kettles",
    "type": "details",
    "marketplaces": ["www.amazon.com", "www.amazon.de"],
    "config": {},
    "refresh": {"every": "day", "at": "08:00", "timezone": "Europe/Berlin"},
}
ENTRIES = [
    ({"projectId": "p", "after": LIST}, "Kettles",
     ["Kind: Products", "Marketplaces: US, DE", "Check: At 08:00 (Europe/Berlin)"]),
    ({"projectId": "p", "before": {"name": "Pots", "refresh": None}, "after": {"name": "Kettles", "refresh": LIST["refresh"]}},
     "Kettles", ["Name: Pots → Kettles", "Check: – → At 08:00 (Europe/Berlin)"]),
    ({"projectId": "p", "type": "search", "targets": 1200}, "", ["Kind: Keywords", "Targets: 1,200"]),
    ({"projectId": "p", "before": {"enabled": True}, "after": {"enabled": False}}, "", ["Switched on: yes → no"]),
    ({"projectId": "p", "before": {"name": "Old", "events": ["job.failed"]}}, "Old", []),
    ({"by": "handoff"}, "", ["with a one-time code"]),
    ({"projectId": "p", "retryOf": "a" * 24, "onlyFailed": True, "type": "details", "targets": 2}, "",
     ["Only what failed", "Kind: Products", "Targets: 2"]),
]  # fmt: skip


@pytest.mark.parametrize(("details", "name", "said"), ENTRIES)
def test_details_are_facts_in_words(details, name, said):
    entry = Entry("e", "o", "user", "u", "list.created", "l", None, details, datetime.now(UTC))
    found = facts(entry, language.words("en"), language.texts("en").gettext)
    assert (name_of(entry), sorted(found)) == (name, sorted(said))
    german = " ".join(facts(entry, language.words("de"), language.texts("de").gettext))
    assert "{" not in german
    assert not any(word in german for word in ("Kind:", "Check:", "Targets", "Switched", "Only"))
