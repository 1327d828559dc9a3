"""The message of what fired: text and HTML, in the channel's language. Pure."""

from collections.abc import Sequence
from html import escape

from azscraper.channels.channels import Channel
from azscraper.channels.letters import UNSUBSCRIBE, document, footer
from azscraper.channels.links import Links
from azscraper.channels.sent import Message
from azscraper.marketplaces import MARKETPLACES
from azscraper.marketplaces.urls import product_url
from azscraper.tracking.alerts import wording
from azscraper.tracking.alerts.notices import Notice

_HERE = {"en": "Open in AzScraper", "de": "In AzScraper öffnen"}
_THERE = {"en": "Open at Amazon", "de": "Bei Amazon öffnen"}
_RULE = {"en": "Alert", "de": "Alarm"}


def message(
    message_id: str, notices: Sequence[Notice], channel: Channel, links: Links, *, unsubscribe: str | None
) -> Message:
    """One message for all of them; a line each, with links to the product here and there."""
    language = channel.language
    texts = [_text(notice, links, language) for notice in notices]
    ending = f"\n{UNSUBSCRIBE[language]}: {unsubscribe}\n" if unsubscribe else ""
    html = "".join(_html(notice, links, language) for notice in notices)
    return Message(
        message_id,
        wording.title(list(notices), language),
        "\n".join(texts) + ending,
        document(html + footer(unsubscribe, language), language),
        unsubscribe=unsubscribe,
    )


def _text(notice: Notice, links: Links, language: str) -> str:
    parts = [wording.line(notice, language)]
    parts += (
        [f"  {_RULE[language]}: {notice.alert_name} · {wording.moment(notice.observed_at, language)}"]
        if notice.alert_name
        else []
    )
    parts += [f"  {url}" for url in (here(notice, links), there(notice)) if url]
    return "\n".join(parts) + "\n"


def _html(notice: Notice, links: Links, language: str) -> str:
    anchors = [
        f'<a href="{escape(url)}">{label}</a>'
        for url, label in ((here(notice, links), _HERE[language]), (there(notice), _THERE[language]))
        if url
    ]
    under = [f"{_RULE[language]}: {escape(notice.alert_name)}"] if notice.alert_name else []
    under += [wording.moment(notice.observed_at, language), *anchors]
    return (
        f'<p style="margin:0 0 4px">{escape(wording.line(notice, language))}</p>'
        f'<p style="margin:0 0 20px;font-size:13px;color:#667085">{" · ".join(under)}</p>'
    )


def here(notice: Notice, links: Links) -> str:
    """The page of the product, or of all notices."""
    if notice.asin and notice.marketplace:
        return links.page(f"projects/{notice.project_id}/products/{notice.asin}?marketplace={notice.marketplace}")
    return links.page(f"projects/{notice.project_id}/notices")


def there(notice: Notice) -> str | None:
    """The product at the marketplace."""
    found = MARKETPLACES.get(notice.marketplace)
    return product_url(found, notice.asin) if found and notice.asin else None
