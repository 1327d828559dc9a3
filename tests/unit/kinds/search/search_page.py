"""Made-up result pages in the structure of each layout, and what becomes of them."""

from decimal import Decimal

from azscraper.kinds.search.read import SearchPage, parse_search
from azscraper.parse.document import Document
from azscraper.records import SearchRow
from azscraper.records.parts import Money

US = "https://www.amazon.com/s?k=kettle"
IN = "https://www.amazon.in/s?k=kettle"


def price(shown: str, *, strike: bool = False, size: str = "xl") -> str:
    kind = ' a-text-price" data-a-strike="true' if strike else ""
    return f'<span class="a-price{kind}" data-a-size="{size}"><span class="a-offscreen">{shown}</span><span aria-hidden="true">{shown}</span></span>'


def per_unit(shown: str, per: str) -> str:
    inner = f'<span class="a-price a-text-price" data-a-size="b"><span class="a-offscreen">{shown}</span><span aria-hidden="true">{shown}</span></span>'
    return f'<span class="a-size-base a-color-secondary">({inner}/{per})</span>'


def modern(
    asin: str = "B000000001",
    *,
    title: str = "Steel kettle 1.7 l",
    href: str | None = None,
    classes: str = "",
    brand: str = "",
    prices: str = "",
    body: str = "",
    ad: str = "",
) -> str:
    href = href or f"/Steel-Kettle/dp/{asin}/ref=sr_1_1?k=kettle"
    brand = (
        f'<div class="a-row a-color-secondary"><h2 class="a-size-mini s-line-clamp-1"><span>{brand}</span></h2></div>'
        if brand
        else ""
    )
    return f"""
    <div data-asin="{asin}" data-component-type="s-search-result" class="s-result-item s-asin {classes}">
      <span data-component-type="s-product-image"><a href="{href}"><img class="s-image" alt="{title}"
        src="https://m.media-amazon.com/images/I/11abcDEF._AC_UL320_.jpg"
        srcset="https://m.media-amazon.com/images/I/11abcDEF._AC_UL320_.jpg 1x,
                https://m.media-amazon.com/images/I/11abcDEF._AC_UL960_QL65_.jpg 3x"></a></span>
      <div data-cy="title-recipe">{ad}{brand}<a href="{href}"><h2 aria-label="Sponsored Ad - {title}"><span>{title}</span></h2></a></div>
      <div data-cy="price-recipe"><div class="a-row"><a href="{href}">{prices}</a></div></div>
      {body}
    </div>"""


def classic(
    asin: str = "B000000001",
    *,
    place: int = 0,
    title: str = "Steel kettle",
    head: str = "",
    price_row: str = "",
    body: str = "",
    tag: str = "li",
) -> str:
    return f"""
    <{tag} id="result_{place}" data-asin="{asin}" class="s-result-item celwidget"><div class="s-item-container">{head}
      <a href="https://www.amazon.com/Kettle/dp/{asin}/ref=sr_1_1"><img class="s-access-image" alt="Product Details"
        src="./saved_files/22ghi.jpg" srcset="https://images-na.ssl-images-amazon.com/images/I/22ghi._AC_US218_.jpg 1x"></a>
      <div class="a-row"><a class="s-access-detail-page" title="{title}" href="https://www.amazon.com/Kettle/dp/{asin}/ref=sr_1_1">
        <h2 data-attribute="{title}" class="s-access-title"><span class="a-offscreen">[Sponsored]</span>{title[:8]}...</h2></a>
        <div class="a-row"><span class="a-size-small a-color-secondary">by </span><span class="a-size-small a-color-secondary">Hearth</span></div></div>
      <div class="a-row"><a href="https://www.amazon.com/Kettle/dp/{asin}/ref=sr_1_1">{price_row}</a></div>{body}</div></{tag}>"""


def oldest(asin: str = "B000000001") -> str:
    return f"""
    <div id="result_0" class="fstRowGrid prod celwidget" name="{asin}"><div class="image imageContainer"><a href="/dp/{asin}">
      <div class="imageBox"><img class="productImage" src="http://ec4.images-amazon.com/images/I/33jkl._AA160_.jpg"></div></a></div>
      <h3 class="newaps"><a href="/dp/{asin}"><span class="lrg">水壶</span></a><span class="med reg">某人 (2011-05)</span></h3>
      <ul class="rsltGridList grey"><li class="newp"><a href="/dp/{asin}"><span class="bld lrg red">￥1.99</span></a></li>
      <li><span class="med avblity">现在可以下载。</span></li>
      <li class="rvw"><span class="asinReviewsSummary"><a alt="平均4.4 星" href="#"></a></span>
      <span class="rvwCnt">(<a class="longReview" alt="平均4.4 星">12条评论</a>)</span></li></ul></div>"""


def parse(*tiles: str, url: str = US, lang: str = "en-us", around: str = "") -> SearchPage:
    body = f'<!doctype html><html lang="{lang}"><body><div class="s-main-slot">{"".join(tiles)}</div>{around}</body></html>'
    return parse_search(Document(body.encode(), url), url)


def row(tile: str, *, url: str = US, lang: str = "en-us") -> SearchRow:
    (only,) = parse(tile, url=url, lang=lang).rows
    return only


def usd(amount: str | None) -> Money:
    return Money(amount=Decimal(amount), currency="USD")
