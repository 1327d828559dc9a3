"""The message of what fired: text and HTML, in the channel's language. Pure."""

from collections.abc import Mapping, Sequence
from html import escape

from azscraper.channels.channels import EMAIL, Channel
from azscraper.channels.letters import UNSUBSCRIBE, document, footer
from azscraper.channels.links import Links
from azscraper.channels.pictures import HEIGHT, WIDTH
from azscraper.channels.sent import Message, Picture
from azscraper.marketplaces import MARKETPLACES
from azscraper.marketplaces.urls import product_url
from azscraper.tracking.alerts import wording
from azscraper.tracking.alerts.notices import Notice
from azscraper.tracking.alerts.trends import Trend

_HERE = {"en": "Open in AzScraper", "de": "In AzScraper öffnen"}
_THERE = {"en": "Open at Amazon", "de": "Bei Amazon öffnen"}
_RULE = {"en": "Alert", "de": "Alarm"}
_TREND = {
    "en": "{field} since {since}: lowest {lowest}, highest {highest}",
    "de": "{field} seit {since}: am niedrigsten {lowest}, am höchsten {highest}",
}


def message(
    message_id: str,
    notices: Sequence[Notice],
    channel: Channel,
    links: Links,
    *,
    unsubscribe: str | None,
    trends: Mapping[str, Trend],
) -> Message:
    """One message for all of them: a line each, how it got there (``trends``, by notice), links to the product here and there."""
    language = channel.language
    texts = [_text(notice, links, language, trends.get(notice.id)) for notice in notices]
    ending = f"\n{UNSUBSCRIBE[language]}: {unsubscribe}\n" if unsubscribe else ""
    html = "".join(_html(notice, links, language, trends.get(notice.id)) for notice in notices)
    return Message(
        message_id,
        wording.title(list(notices), language),
        "\n".join(texts) + ending,
        document(html + footer(unsubscribe, language), language),
        pictures=tuple(Picture(_name(notice_id), trend.picture()) for notice_id, trend in trends.items())
        if channel.type == EMAIL
        else (),
        unsubscribe=unsubscribe,
    )


def _name(notice_id: str) -> str:
    """Of a picture."""
    return f"{notice_id}.png"


def _trend_line(trend: Trend, language: str) -> str:
    lowest, highest = (wording.value(one, language, field=trend.field) for one in (trend.lowest, trend.highest))
    since = wording.day(trend.start, language)
    line = _TREND[language].format(
        field=wording.field(trend.field, language), since=since, lowest=lowest, highest=highest
    )
    return line[0].upper() + line[1:]


def _text(notice: Notice, links: Links, language: str, trend: Trend | None) -> str:
    parts = [wording.line(notice, language)]
    parts += [f"  {trend.blocks()}", f"  {_trend_line(trend, language)}"] if trend else []
    parts += (
        [f"  {_RULE[language]}: {notice.alert_name} · {wording.moment(notice.observed_at, language)}"]
        if notice.alert_name
        else []
    )
    parts += [f"  {url}" for url in (here(notice, links), there(notice)) if url]
    return "\n".join(parts) + "\n"


def _html(notice: Notice, links: Links, language: str, trend: Trend | None) -> str:
    anchors = [
        f'<a href="{escape(url)}">{label}</a>'
        for url, label in ((here(notice, links), _HERE[language]), (there(notice), _THERE[language]))
        if url
    ]
    under = [f"{_RULE[language]}: {escape(notice.alert_name)}"] if notice.alert_name else []
    under += [wording.moment(notice.observed_at, language), *anchors]
    return (
        f'<p style="margin:0 0 4px">{escape(wording.line(notice, language))}</p>{_picture(notice, language, trend)}'
        f'<p style="margin:0 0 20px;font-size:13px;color:#667085">{" · ".join(under)}</p>'
    )


def _picture(notice: Notice, language: str, trend: Trend | None) -> str:
    """With its words beside it: many readers show pictures only when asked."""
    if trend is None:
        return ""
    line = escape(_trend_line(trend, language))
    return (
        f'<p style="margin:8px 0 4px"><img src="cid:{_name(notice.id)}" width="{WIDTH}" height="{HEIGHT}" alt="{line}"'
        f' style="display:block;max-width:100%;height:auto;border:0"></p>'
        f'<p style="margin:0 0 4px;font-size:13px;color:#667085">{line}</p>'
    )


def here(notice: Notice, links: Links) -> str:
    """The page of the product, or of all notices."""
    if notice.asin and notice.marketplace:
        return links.page(f"projects/{notice.project_id}/products/{notice.asin}?marketplace={notice.marketplace}")
    return links.page(f"projects/{notice.project_id}/notices")


def there(notice: Notice) -> str | None:
    """The product at the marketplace, or the review that the notice tells of."""
    found = MARKETPLACES.get(notice.marketplace)
    if found is None or not notice.asin:
        return None
    review = next((reason["reviewId"] for reason in notice.reasons if reason.get("reviewId")), None)
    return f"https://{found.host}/gp/customer-reviews/{review}" if review else product_url(found, notice.asin)
