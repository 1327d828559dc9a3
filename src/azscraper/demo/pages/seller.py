"""Sellers' pages: those of the sellers of products, and of the shop, which nobody rates."""

import re
from datetime import date, timedelta
from decimal import Decimal

import orjson

from azscraper.demo.faults import Asked, asked_by_asin
from azscraper.demo.goods import locales
from azscraper.demo.goods.drafts import draw
from azscraper.demo.goods.locales import Locale
from azscraper.demo.goods.words import GUESTS, SELLERS
from azscraper.demo.views import View, Visit

_FAULT = re.compile(r"A0(FAULT|FAIL\d)([A-Z0-9]{3})", re.ASCII)
_TIMES = (
    ("oneMonth", "thirty", "thirty", 1),
    ("threeMonth", "ninety", "90", 3),
    ("twelveMonth", "year", "365d", 12),
    ("lifetime", "lifetime", "lifetime", 40),
)
"""What scripts and elements call each time, and its months."""
_SELLER = re.compile(r"A[A-Z0-9]{8,20}", re.ASCII)
_NOBODY = "A000NOBODY0"
_LAST_DAY = date(2026, 8, 30)
_SHARES = (83, 9, 4, 2, 2)


def _write(visit: Visit) -> str | None:
    seller = visit.word("seller")
    name = _name(visit.locale, seller)
    if name is None:
        return None
    rated = 0 if seller == visit.locale.merchant_id else 1 + draw(seller, "rated a month", 300)
    return visit.render(
        "seller.html",
        seller=seller,
        name=name,
        times=[_time(visit.locale, seller, rated, names) for names in _TIMES] if rated else [],
        year=locales.count_text(visit.locale, rated * 12),
        percent=sum(_SHARES[:2]),
        said=_said(visit.locale, seller) if rated else [],
        business=_business(visit.locale, seller, name),
    )


def _name(locale: Locale, seller: str) -> str | None:
    """Anybody sells here but ``A000NOBODY0``."""
    if seller == locale.merchant_id:
        return locale.shop
    known = {id_: name for name, id_ in (*SELLERS, *GUESTS)}
    if not _SELLER.fullmatch(seller) or seller == _NOBODY:
        return None
    return known.get(seller) or SELLERS[draw(seller, "name", len(SELLERS))][0]


def _asked(seller: str) -> Asked | None:
    match = _FAULT.fullmatch(seller)
    return asked_by_asin(f"B0{match[1]}{match[2]}") if match else None


def _time(locale: Locale, seller: str, a_month: int, names: tuple[str, str, str, int]) -> dict[str, str]:
    state, word, number, months = names
    count, stars = a_month * months, 4 + draw(seller, "stars", 10) / 10
    shares = {f"star{star}": share for star, share in zip((5, 4, 3, 2, 1), _SHARES, strict=True)}
    told = {"ratingCount": count, "ratingCountWithText": count // 3} | shares
    return {
        "state": state,
        "word": word,
        "number": number,
        "json": orjson.dumps(told).decode(),
        "count": locales.count_text(locale, count),
        "stars": locales.rating_number(locale, Decimal(stars)),
    }


def _said(locale: Locale, seller: str) -> list[dict[str, str]]:
    texts = locale.phrases["feedback_texts"].split("|")
    return [
        {
            "stars": str(stars),
            "text": text,
            "rater": locale.phrases["feedback_by"].format(
                "Ada Beispiel", locales.date_text(locale, _LAST_DAY - timedelta(days=draw(seller, text, 300)))
            ),
        }
        for stars, text in zip((5, 4, 1), texts, strict=False)
    ]


def _business(locale: Locale, seller: str, name: str) -> list[tuple[str, list[str]]]:
    """Labels and lines: what the law of the country has a page print."""
    labels = locale.phrases["business_labels"].split("|")
    values = [
        [f"{name} Ltd"],
        [f"+00 {10000000 + draw(seller, 'phone', 10**7)}"],
        ["Nowhere Street 1", "Springfield", "00000", locale.host.rpartition(".")[2].replace("com", "us").upper()],
        [f"DE{100000000 + draw(seller, 'vat', 10**8)}"],
    ]
    return list(zip(labels, values, strict=False))


SELLER = View(
    kind="seller",
    paths=("/sp", "/shops/{seller}"),
    write=_write,
    key=lambda visit: f"/sp?seller={visit.word('seller')}",
    names=("seller",),
    path_names=("seller",),
    asked=lambda visit: _asked(visit.word("seller")),
)
