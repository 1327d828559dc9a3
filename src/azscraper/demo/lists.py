"""Lists of offers and of reviews: one marketplace shows them, one shows them after signing in alone, one forbids them."""

from azscraper.demo.goods.locales import DE_DE, JA_JP, Locale

_PATHS = ("/gp/product/ajax/", "/product-reviews/", "/portal/customer-reviews/")


def forbidden(locale: Locale) -> tuple[str, ...]:
    """The paths of such lists that its robots.txt forbids."""
    return _PATHS if locale is JA_JP else ()


def is_walled(locale: Locale) -> bool:
    """Whether it answers them with the form to sign in."""
    return locale is DE_DE
