"""The messages that a channel begins with: the mail that asks its recipient to agree, and the test. Pure."""

from html import escape

from azscraper.channels.sent import Message

LANGUAGES = ("en", "de")

_CONFIRMATION = {
    "en": (
        "Do you want alerts by e-mail from AzScraper?",
        "Somebody wants to send you alerts about prices and products by e-mail. If you want them, open this link:",
        "If you do not, do nothing: you will get no other mail.",
    ),
    "de": (
        "Möchten Sie Alarme von AzScraper per E-Mail?",
        "Jemand möchte Ihnen Alarme zu Preisen und Produkten per E-Mail senden. Wenn Sie das möchten, öffnen Sie diesen Link:",
        "Wenn nicht, tun Sie nichts: Sie erhalten keine weitere E-Mail.",
    ),
}
_TEST = {
    "en": ("AzScraper: test message", "This is a test. Alerts of the project “{project}” arrive here."),
    "de": ("AzScraper: Testnachricht", "Dies ist ein Test. Alarme des Projekts „{project}“ kommen hier an."),
}


def confirmation(message_id: str, *, link: str, language: str) -> Message:
    """The one mail that goes to somebody who has not agreed."""
    title, ask, otherwise = _CONFIRMATION[language]
    html = f'<p>{escape(ask)}</p><p><a href="{escape(link)}">{escape(link)}</a></p><p>{escape(otherwise)}</p>'
    return Message(message_id, title, f"{ask}\n\n{link}\n\n{otherwise}\n", document(html, language))


def test(message_id: str, *, project: str, language: str, unsubscribe: str | None) -> Message:
    """What shows that a channel works."""
    title, said = _TEST[language]
    line = said.format(project=project)
    text = f"{line}\n" + (f"\n{UNSUBSCRIBE[language]}: {unsubscribe}\n" if unsubscribe else "")
    return Message(
        message_id,
        title,
        text,
        document(f"<p>{escape(line)}</p>{footer(unsubscribe, language)}", language),
        unsubscribe=unsubscribe,
    )


UNSUBSCRIBE = {"en": "Unsubscribe", "de": "Abbestellen"}


def footer(unsubscribe: str | None, language: str) -> str:
    """The end of a mail's HTML."""
    if unsubscribe is None:
        return ""
    link = f'<a href="{escape(unsubscribe)}" style="color:#667085">{UNSUBSCRIBE[language]}</a>'
    return f'<p style="margin-top:24px;font-size:13px;color:#667085">AzScraper · {link}</p>'


def document(body: str, language: str) -> str:
    """A whole document of a mail."""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"></head>'
        '<body style="margin:0;padding:24px;font:15px/1.5 system-ui,sans-serif;color:#101828;background:#ffffff">'
        f'<div style="max-width:600px;margin:0 auto">{body}</div></body></html>'
    )
