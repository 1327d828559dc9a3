"""The twelve fields of a product that every contender reads, as CSS selectors of parsel and of Lexbor."""

TEXT = {
    "title": "#productTitle",
    "brand": "#bylineInfo",
    "price": "#corePriceDisplay_desktop_feature_div .a-offscreen, #corePrice_feature_div .a-offscreen, #priceblock_ourprice",
    "listPrice": ".basisPrice .a-offscreen, .a-text-price .a-offscreen",
    "availability": "#availability span",
    "ratingCount": "#acrCustomerReviewText",
    "seller": "#sellerProfileTriggerId, #merchant-info a",
}
ATTRIBUTE = {
    "asin": ("#ASIN, input[name=ASIN]", "value"),
    "rating": ("#acrPopover", "title"),
}
TEXTS = {"features": "#feature-bullets li span", "categories": "#wayfinding-breadcrumbs_feature_div a"}
ATTRIBUTES = {"images": ("#altImages img", "src")}

Row = dict[str, object]


def parsel_row(css) -> Row:
    """The fields by the ``css`` of a parsel selector or a Scrapy response."""
    row: Row = {name: css(f"{_each(query, '::text')}").get() for name, query in TEXT.items()}
    row |= {name: css(_each(query, f"::attr({key})")).get() for name, (query, key) in ATTRIBUTE.items()}
    row |= {name: css(_each(query, "::text")).getall() for name, query in TEXTS.items()}
    return row | {name: css(_each(query, f"::attr({key})")).getall() for name, (query, key) in ATTRIBUTES.items()}


def lexbor_row(page) -> Row:
    """The fields by selectolax."""
    row: Row = {name: node.text() if (node := page.css_first(query)) else None for name, query in TEXT.items()}
    for name, (query, key) in ATTRIBUTE.items():
        row[name] = node.attributes.get(key) if (node := page.css_first(query)) else None
    row |= {name: [node.text() for node in page.css(query)] for name, query in TEXTS.items()}
    return row | {n: [node.attributes.get(key) for node in page.css(query)] for n, (query, key) in ATTRIBUTES.items()}


def _each(query: str, suffix: str) -> str:
    return ", ".join(part + suffix for part in query.split(", "))
