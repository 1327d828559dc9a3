"""The pages of a product: its own, those of its siblings where they are asked for, those that may have a code. Pure."""

import re
from collections.abc import Iterable, Iterator

from azscraper.crawl.policy import GiveUp
from azscraper.kinds.kind import Asked, Done, Finish, Step
from azscraper.kinds.walks import first_asins, product_of, product_step
from azscraper.marketplaces import product_url
from azscraper.marketplaces.isbn import is_gtin
from azscraper.records import Product
from azscraper.records.details import DetailsOptions

MOST_OPENED = 5
"""Product pages of the results for a code."""
_VARIANTS = 20
_DIGITS = re.compile(r"(?<!\d)\d{8,14}(?!\d)")
_JOINTS = re.compile(r"(?<=\d)[\s-](?=\d)")
_LONGEST_CODE = 14


def is_code(asked: Asked[DetailsOptions]) -> bool:
    """Whether the target is an EAN, a UPC or an ISBN-13."""
    return is_gtin(asked.target.key)


def most_variants(options: DetailsOptions) -> int:
    """Products that a target may be, siblings included."""
    return (options.max_variants or _VARIANTS) if options.expand == "variants" else 1


def most_steps(asked: Asked[DetailsOptions]) -> int:
    """Pages that this target takes."""
    return most_variants(asked.options) + (MOST_OPENED if is_code(asked) else 0)


def following(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> Step | Finish | GiveUp:
    """The product's page, or the search for its code and the pages of what that found; then those of siblings."""
    step = _of_code(asked, done) if is_code(asked) else _of_product(asked, done)
    return _sibling(asked, done) if isinstance(step, Finish) else step


def _of_product(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> Step | Finish:
    if done:
        return Finish()
    target = asked.target
    return Step("1", product_url(target.marketplace, target.key, variant=asked.options.variant == "auto"), "details")


def _of_code(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> Step | Finish | GiveUp:
    target = asked.target
    if not done and not asked.known:
        return Step("search", f"https://{target.marketplace.host}/s?k={target.key}", "search")
    opened = {product_of(one.step) for one in done}
    wanted = next((asin for asin in _candidates(asked, done) if asin not in opened), None)
    if wanted is not None:
        return product_step(target.marketplace, wanted)
    if products_of(asked, done):
        return Finish()
    failed = next((one.failure for one in done if one.failure not in {None, "not_found"}), None)
    if failed is not None:
        return GiveUp(failed, f"The product pages that may have {target.key} could not be read.")
    return GiveUp(
        "not_found", f"No product page prints {target.key}. Check the code and whether this marketplace has it."
    )


def _candidates(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> list[str]:
    """What may have the code: what had it lately, else the first results."""
    return [*asked.known] or first_asins(done, MOST_OPENED)


def products_of(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> list[tuple[Done, Product]]:
    """What the target is, each product with its page: of a code what prints it, or the only result there is where that prints none."""
    pages = [(one, record) for one in done if one.read for record in one.read.records if isinstance(record, Product)]
    if not is_code(asked):
        return pages[:1]
    printing = [(one, product) for one, product in pages if prints(product, asked.target.key)]
    is_only = len(_candidates(asked, done)) == 1 and pages and not any(_codes(pages[0][1]))
    return printing or (pages[:1] if is_only else [])


def prints(product: Product, code: str) -> bool:
    """Whether the page of the product prints the code, with or without zeros in front."""
    return code.zfill(_LONGEST_CODE) in _codes(product)


def _codes(product: Product) -> set[str]:
    printed = (product.upc, product.ean, product.isbn13, *product.attributes.values())
    return {code.zfill(_LONGEST_CODE) for text in printed if text for code in _numbers(text)}


def _numbers(text: str) -> Iterator[str]:
    for written in (text, text.replace("-", ""), _JOINTS.sub("", text)):
        yield from (found for found in _DIGITS.findall(written) if is_gtin(found))


def _sibling(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> Step | Finish:
    """The next member of the family that was not asked for."""
    found = products_of(asked, done)
    asins = [product.asin or product_of(one.step) or asked.target.key for one, product in found]
    seen = {*asins, *(product_of(one.step) for one in done)}
    wanted = dict.fromkeys([*asins, *_members(product for _, product in found)])
    left = (asin for place, asin in enumerate(wanted) if place < most_variants(asked.options) and asin not in seen)
    asin = next(left, None)
    return Finish() if asin is None else product_step(asked.target.marketplace, asin, variant=True)


def _members(products: Iterable[Product]) -> Iterator[str]:
    for product in products:
        yield from (item.asin for item in product.variants.items) if product.variants else ()


def all_products(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> list[tuple[Done, Product]]:
    """What the target is, then its siblings, each with its page."""
    found = products_of(asked, done)
    own = {one.step.name for one, _ in found}
    family = {*_members(product for _, product in found)}
    others = (
        (one, record)
        for one in done
        if one.read and one.step.name not in own and product_of(one.step) in family
        for record in one.read.records
        if isinstance(record, Product)
    )
    return [*found, *others]


def cost(asked: Asked[DetailsOptions], done: tuple[Done, ...]) -> int:
    """Two credits a product."""
    return 2 * max(len(all_products(asked, done)), 1)
