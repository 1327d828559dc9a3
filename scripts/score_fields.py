"""What a label means in a record: the value that is compared with it, by name."""

from collections.abc import Callable
from typing import Any

from azscraper.records import PageSummary, Product, SearchRow
from azscraper.records.parts import Review, VariantItem

Json = dict[str, Any]


def money(value: Any) -> Json | None:
    return None if value is None else {"amount": float(value.amount), "currency": value.currency}


def amount(value: Any) -> float | None:
    return None if value is None else float(value.amount)


def media_id(url: str | None) -> str | None:
    """The part of an image URL that names the picture."""
    return url.rsplit("/", 1)[-1].split(".")[0].replace("%2B", "+") if url else None


def of(value: Any, name: str) -> Any:
    return getattr(value, name) if value is not None else None


def first_review(record: Product) -> Review | None:
    return next(iter(record.top_reviews), None)


def variant_items(record: Product) -> tuple[VariantItem, ...]:
    return record.variants.items if record.variants else ()


def first_aspect(record: Product) -> list[Any] | None:
    """Its name, then how many speak of it, for it and against it."""
    aspects = record.customers_say.aspects if record.customers_say else ()
    return [aspects[0].name, aspects[0].mentions, aspects[0].positive, aspects[0].negative] if aspects else None


def nearby(record: Product) -> list[str | None]:
    return [block.title for block in record.related]


def similar(record: Product) -> tuple[str, ...]:
    return record.related_asins.similar if record.related_asins else ()


PRODUCT: dict[str, Callable[[Product], Any]] = {
    "asin": lambda p: p.asin,
    "parentAsin": lambda p: p.parent_asin,
    "title": lambda p: p.title,
    "brand": lambda p: of(p.brand, "name"),
    "contributors": lambda p: [c.name for c in p.contributors],
    "price": lambda p: money(p.price),
    "listPrice": lambda p: money(p.list_price),
    "savingsPercent": lambda p: of(p.savings, "percent"),
    "priceRange": lambda p: (
        p.price_range and {"min": float(p.price_range.min.amount), "max": float(p.price_range.max.amount)}
    ),
    "offerState": lambda p: p.offer_state.value,
    "unitPrice": lambda p: p.unit_price and {"amount": float(p.unit_price.amount), "per": p.unit_price.per},
    "availabilityStatus": lambda p: p.availability and p.availability.status.value,
    "availabilityQuantity": lambda p: of(p.availability, "quantity"),
    "sellerName": lambda p: of(p.seller, "name"),
    "sellerIsAmazon": lambda p: of(p.seller, "is_amazon"),
    "shipsFrom": lambda p: p.ships_from,
    "condition": lambda p: p.condition,
    "isPrime": lambda p: p.is_prime,
    "coupon": lambda p: p.coupon,
    "dealLabel": lambda p: of(p.deal, "label"),
    "deliveryText": lambda p: of(p.delivery, "text"),
    "deliveryEarliest": lambda p: of(p.delivery, "earliest"),
    "deliveryLatest": lambda p: of(p.delivery, "latest"),
    "offersNewCount": lambda p: of(p.offers, "new_count"),
    "offersUsedCount": lambda p: of(p.offers, "used_count"),
    "offersNewFrom": lambda p: amount(of(p.offers, "new_from")),
    "offersUsedFrom": lambda p: amount(of(p.offers, "used_from")),
    "rating": lambda p: p.rating,
    "ratingCount": lambda p: p.rating_count,
    "reviewCount": lambda p: p.review_count,
    "histogram": lambda p: p.rating_histogram,
    "answeredQuestions": lambda p: p.answered_questions,
    "boughtPastMonth": lambda p: p.bought_past_month,
    "imagesCount": lambda p: len(p.images),
    "firstImage": lambda p: media_id(p.images[0]) if p.images else None,
    "videosCount": lambda p: len(p.videos),
    "featuresCount": lambda p: len(p.features),
    "firstFeature": lambda p: p.features[0] if p.features else None,
    "hasDescription": lambda p: bool(p.description),
    "hasAPlus": lambda p: bool(p.a_plus),
    "attributes": lambda p: dict(p.attributes),
    "modelNumber": lambda p: p.model_number,
    "manufacturer": lambda p: p.manufacturer,
    "dimensions": lambda p: p.dimensions,
    "weight": lambda p: p.weight,
    "countryOfOrigin": lambda p: p.country_of_origin,
    "firstAvailable": lambda p: p.first_available,
    "isbn10": lambda p: p.isbn10,
    "isbn13": lambda p: p.isbn13,
    "upc": lambda p: p.upc,
    "ean": lambda p: p.ean,
    "color": lambda p: p.color,
    "size": lambda p: p.size,
    "material": lambda p: p.material,
    "bestsellerRanks": lambda p: [[r.rank, r.category] for r in p.bestseller_ranks],
    "categories": lambda p: [c.name for c in p.categories],
    "categoryIds": lambda p: [c.id for c in p.categories if c.id],
    "variantDimensions": lambda p: list(p.variants.dimensions) if p.variants else [],
    "variantSelected": lambda p: dict(p.variants.selected) if p.variants else {},
    "variantCount": lambda p: len(p.variants.items) if p.variants else None,
    "badges": lambda p: sorted(p.badges),
    "topReviewsCount": lambda p: len(p.top_reviews),
    "topReviewFirstId": lambda p: p.top_reviews[0].id if p.top_reviews else None,
    "marketplace": lambda p: p.marketplace,
    "language": lambda p: p.language,
    "boughtTogether": lambda p: list(p.related_asins.bought_together) if p.related_asins else [],
    "returnPolicy": lambda p: p.return_policy,
    "maxQuantity": lambda p: p.max_quantity,
    "subscribeAndSave": lambda p: money(p.subscribe_and_save),
    "deliveryPrice": lambda p: money(of(p.delivery, "price")),
    "dealEndsAt": lambda p: of(p.deal, "ends_at"),
    "sellerId": lambda p: of(p.seller, "id"),
    "secondImage": lambda p: media_id(p.images[1]) if len(p.images) > 1 else None,
    "descriptionStart": lambda p: p.description,
    "aPlusStart": lambda p: p.a_plus,
    "ingredients": lambda p: p.ingredients,
    "variantPrices": lambda p: {item.asin: amount(item.price) for item in variant_items(p) if item.price},
    "similarFirst": lambda p: next(iter(similar(p)), None),
    "similarCount": lambda p: len(similar(p)),
    "newerModel": lambda p: of(p.related_asins, "newer_model"),
    "reviewTitle": lambda p: of(first_review(p), "title"),
    "reviewAuthor": lambda p: of(first_review(p), "author"),
    "reviewRating": lambda p: of(first_review(p), "rating"),
    "reviewDate": lambda p: of(first_review(p), "date"),
    "reviewCountry": lambda p: of(first_review(p), "country"),
    "reviewVerified": lambda p: of(first_review(p), "verified"),
    "reviewHelpful": lambda p: of(first_review(p), "helpful"),
    "listPriceKind": lambda p: p.list_price_kind,
    "offersMixedCount": lambda p: of(p.offers, "mixed_count"),
    "offersMixedFrom": lambda p: amount(of(p.offers, "mixed_from")),
    "conditionState": lambda p: p.condition_state and p.condition_state.value,
    "offerIdStart": lambda p: p.offer_id,
    "deliveriesCount": lambda p: len(p.deliveries),
    "reviewVariant": lambda p: of(first_review(p), "variant"),
    "reviewAuthorId": lambda p: of(first_review(p), "author_id"),
    "formats": lambda p: [[one.format, amount(one.price)] for one in p.formats],
    "customersSayStart": lambda p: of(p.customers_say, "text"),
    "customersSayFirstAspect": first_aspect,
    "boughtTogetherTotal": lambda p: amount(of(p.bought_together, "total_price")),
    "boughtTogetherPrices": lambda p: [amount(one.price) for one in of(p.bought_together, "products") or ()],
    "relatedTitles": nearby,
    "sustainability": lambda p: [one.name for one in of(p.sustainability, "features") or ()],
    "documents": lambda p: [one.title for one in p.documents],
    "amazonsChoiceFor": lambda p: p.amazons_choice_for,
    "bestSellerIn": lambda p: of(p.best_seller_in, "name"),
    "returnsNote": lambda p: of(p.returns_note, "kind"),
    "dealType": lambda p: of(p.deal_detail, "type"),
    "percentClaimed": lambda p: of(p.deal_detail, "percent_claimed"),
    "videoDuration": lambda p: p.videos[0].duration if p.videos else None,
    "imageVariant": lambda p: p.image_details[0].variant if p.image_details else None,
    "imageWidth": lambda p: p.image_details[0].width if p.image_details else None,
    "unitCount": lambda p: p.unit_count and [float(p.unit_count.value), p.unit_count.unit],
    "scent": lambda p: p.scent,
    "aPlusModulesCount": lambda p: len(p.a_plus_modules),
    "aPlusHeadings": lambda p: [one.heading for one in p.a_plus_modules if one.heading],
    "aPlusTable": lambda p: next(([len(m.table), m.table[0][-1]] for m in p.a_plus_modules if m.table), None),
    "brandStoryUrl": lambda p: of(p.brand_story, "url"),
    "deliverToText": lambda p: of(p.deliver_to, "text"),
    "includedComponents": lambda p: list(p.included_components),
    "hasBrandStory": lambda p: p.has_brand_story,
    "variantListPrices": lambda p: sorted([v.asin, amount(v.list_price)] for v in variant_items(p) if v.list_price),
    "featureRatings": lambda p: [[one.name, one.rating] for one in p.feature_ratings],
    "variantTitles": lambda p: sorted([v.asin, v.title] for v in variant_items(p) if v.title),
    "variantDisplayTypes": lambda p: list(of(p.variants, "display_types") or ()),
}

ROW: dict[str, Callable[[SearchRow], Any]] = {
    "position": lambda r: r.position,
    "organicPosition": lambda r: r.organic_position,
    "asin": lambda r: r.asin,
    "sponsored": lambda r: r.sponsored,
    "title": lambda r: r.title,
    "brand": lambda r: r.brand,
    "price": lambda r: money(r.price),
    "listPrice": lambda r: money(r.list_price),
    "priceRange": lambda r: (
        r.price_range and {"min": float(r.price_range.min.amount), "max": float(r.price_range.max.amount)}
    ),
    "unitPrice": lambda r: r.unit_price and {"amount": float(r.unit_price.amount), "per": r.unit_price.per},
    "rating": lambda r: r.rating,
    "ratingCount": lambda r: r.rating_count,
    "boughtPastMonth": lambda r: r.bought_past_month,
    "badges": lambda r: sorted(r.badges),
    "coupon": lambda r: r.coupon,
    "isPrime": lambda r: r.is_prime,
    "deliveryText": lambda r: of(r.delivery, "text"),
    "deliveryPrice": lambda r: money(of(r.delivery, "price")),
    "availabilityText": lambda r: of(r.availability, "text"),
    "availabilityStatus": lambda r: r.availability and r.availability.status.value,
    "availabilityQuantity": lambda r: of(r.availability, "quantity"),
    "variantCount": lambda r: r.variant_count,
    "otherOffersCount": lambda r: of(r.other_offers, "count"),
    "otherOffersFrom": lambda r: money(of(r.other_offers, "from_price")),
    "image": lambda r: media_id(r.image),
    "slot": lambda r: r.slot,
    "deal": lambda r: of(r.deal, "text"),
    "amazonsChoiceFor": lambda r: r.amazons_choice_for,
    "bestSellerIn": lambda r: of(r.best_seller_in, "name"),
    "prices": lambda r: [[f.name, amount(f.price), amount(f.list_price), f.asin] for f in r.prices],
    "variants": lambda r: [[v.asin, v.name] for v in r.variants],
}

SUMMARY: dict[str, Callable[[PageSummary], Any]] = {
    "keyword": lambda s: s.keyword,
    "page": lambda s: s.page,
    "totalResults": lambda s: s.total_results,
    "totalIsEstimate": lambda s: s.total_is_estimate,
    "lastPage": lambda s: s.last_page,
    "correctedKeyword": lambda s: s.corrected_keyword,
    "relatedSearches": lambda s: list(s.related_searches),
    "refinements": lambda s: [[r.group, r.name] for r in s.refinements],
    "refinementValues": lambda s: [[r.name, r.value] for r in s.refinements],
    "refinementCounts": lambda s: [[r.name, r.count] for r in s.refinements if r.count is not None],
    "refinementsApplied": lambda s: [[r.name, r.value] for r in s.refinements if r.is_applied],
    "resultFrom": lambda s: s.result_from,
    "resultTo": lambda s: s.result_to,
    "pageSize": lambda s: s.page_size,
    "sponsoredCount": lambda s: s.sponsored_count,
    "isPastEnd": lambda s: s.is_past_end,
    "emptyReason": lambda s: s.empty_reason,
    "deliverTo": lambda s: s.deliver_to and [s.deliver_to.text, s.deliver_to.postal_code, s.deliver_to.country],
    "adBlocks": lambda s: [[b.kind, b.position, len(b.products)] for b in s.ad_blocks],
    "adBlockTitles": lambda s: [b.title for b in s.ad_blocks if b.title],
    "adBlockBrands": lambda s: [b.brand for b in s.ad_blocks if b.brand],
    "adBlockHeadlines": lambda s: [b.headline for b in s.ad_blocks if b.headline],
    "adBlockProducts": lambda s: [[p.asin, amount(p.price), p.rating] for b in s.ad_blocks for p in b.products],
    "videoBlocks": lambda s: [[v.asin, v.title, v.position] for v in s.video_blocks],
}
