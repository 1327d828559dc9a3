"""Words by which a page says things, one row a language. All lower case, for lower-case cleaned text."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What Amazon prints in one language: parts of texts, unless a field says otherwise."""

    language: str
    """ISO 639-1."""
    sponsored: tuple[str, ...]
    in_stock: tuple[str, ...]
    few_left: tuple[str, ...]
    """Beside a number: so many are left."""
    out_of_stock: tuple[str, ...]
    unavailable: tuple[str, ...]
    preorder: tuple[str, ...]
    backorder: tuple[str, ...]
    not_shippable: tuple[str, ...]
    byline: tuple[str, ...]
    """The whole byline with ``*`` for the brand: ``visit the * store``."""
    free_delivery: tuple[str, ...]
    months: tuple[str, ...]
    """January to December, by the letters that every printed form begins with."""


@lru_cache(maxsize=64)
def phrases_for(language: str | None) -> tuple[Phrases, ...]:
    """The rows to try for a page's language (any BCP 47 tag), best first: its own, English, then the others."""
    own = (language or "en")[:2].lower()
    order = sorted(PHRASES, key=lambda code: (code != own, code != "en"))
    return tuple(PHRASES[code] for code in order)


def _row(language: str, **fields: str) -> Phrases:
    """A row from lists written with bars between the phrases."""
    return Phrases(language=language, **{name: tuple(listed.split("|")) for name, listed in fields.items()})


PHRASES: dict[str, Phrases] = {
    "en": _row(
        "en",
        sponsored="sponsored",
        in_stock="in stock|available to ship|available now|available instantly|available for download|available for immediate download|ships from and sold by|in stock soon",
        few_left="left in stock|only ",
        out_of_stock="out of stock|sold out",
        unavailable="currently unavailable|not currently available|is no longer available|not available for purchase|unavailable for purchase|currently not available|this title is not currently available|item is not available|not available at this time",
        preorder="pre-order|preorder|has not yet been released|will be released on|will be auto-delivered|not yet released",
        backorder="usually ships|usually dispatched|in stock on|ships within|ships in|back-order|backorder|dispatched within|despatched within|will be in stock|order now and we'll deliver when available",
        not_shippable="cannot be shipped to your|can't be shipped to your|cannot be dispatched to your|does not ship to|doesn't ship to|not deliverable to|cannot be delivered to|can't be delivered to|not ship to your|can't be dispatched to|cannot deliver to|not available for delivery to|isn't deliverable to",
        byline="visit the * store|brand:*|visit *'s page|visit amazon's * page|by *",
        free_delivery="free delivery|free shipping",
        months="jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
    ),
    "de": _row(
        "de",
        sponsored="gesponsert|anzeige",
        in_stock="auf lager|sofort lieferbar|jetzt verfügbar|verfügbar für sofortigen|sofort per download lieferbar|jetzt als download verfügbar|lieferbar.",
        few_left="nur noch",
        out_of_stock="nicht auf lager|nicht vorrätig|ausverkauft",
        unavailable="derzeit nicht verfügbar|momentan nicht verfügbar|zurzeit nicht verfügbar|nicht mehr verfügbar|derzeit nicht erhältlich",
        preorder="vorbestell|noch nicht erschienen|erscheint am|wird am",
        backorder="gewöhnlich versandfertig|versandfertig in|in der regel versandfertig|wieder auf lager|erneut auf lager|lieferung in|ab dem",
        not_shippable="kann nicht an ihr|nicht an den von dir|nicht an den von ihnen|kann nicht nach|nicht an deinen|kann nicht an deinen|nicht an ihren|versandt werden. bitte wähle|wird nicht nach",
        byline="besuche den *-store|besuchen sie den *-store|besuche den * store|marke:*|von *",
        free_delivery="gratis lieferung|kostenlose lieferung|gratis-lieferung|kostenfreie lieferung|gratisversand|kostenloser versand|gratis versand",
        months="jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez",
    ),
    "fr": _row(
        "fr",
        sponsored="sponsorisé|sponsorisée|commandité",
        in_stock="en stock|disponible immédiatement|disponible dès maintenant|disponible maintenant|expédié et vendu par",
        few_left="il ne reste plus que|plus que|il n'en reste",
        out_of_stock="en rupture de stock|rupture de stock|épuisé|temporairement en rupture",
        unavailable="actuellement indisponible|indisponible|n'est pas disponible|plus disponible|pas disponible actuellement",
        preorder="précommand|pré-command|n'est pas encore paru|pas encore sorti|date de sortie|sera disponible le|à paraître",
        backorder="expédition sous|habituellement expédié|généralement expédié|expédié sous|expédié en|bientôt en stock|en stock le|en stock à partir|disponible sous",
        not_shippable="ne peut pas être livré|ne peut pas être expédié|ne peut être livré|pas livrable|ne livre pas|ne peut pas être envoyé",
        byline="visiter la boutique *|visitez la boutique de *|visitez la boutique *|marque :*|marque:*|de *|par *",
        free_delivery="livraison gratuite|livraison à 0,01|livraison offerte|livraison gratuit",
        months="janv|fév|mars|avr|mai|juin|juil|août|sep|oct|nov|déc",
    ),
    "it": _row(
        "it",
        sponsored="sponsorizzato|sponsorizzata",
        in_stock="disponibilità immediata|disponibile|disponibile subito|disponibile ora",
        few_left="disponibilità: solo|solo |rimasti|ultimi ",
        out_of_stock="non disponibile al momento|esaurito|temporaneamente esaurito",
        unavailable="attualmente non disponibile|non disponibile|non è disponibile|al momento non è disponibile",
        preorder="preordin|pre-ordin|non ancora uscito|verrà pubblicato|in uscita il|sarà disponibile dal",
        backorder="generalmente spedito|spedizione entro|normalmente spedito|disponibile dal|disponibile a partire|di nuovo disponibile|spedito entro",
        not_shippable="non può essere spedito|non può essere consegnato|non è possibile spedire|non è possibile consegnare|non spedisce",
        byline="visita lo store di *|visita lo store *|marca:*|marchio:*|di *",
        free_delivery="consegna gratuita|spedizione gratuita|consegna senza costi|consegna gratis",
        months="gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic",
    ),
    "es": _row(
        "es",
        sponsored="patrocinado",
        in_stock="en stock|disponible|disponible de inmediato",
        few_left="queda|solo hay|sólo hay",
        out_of_stock="agotado|temporalmente sin stock|sin stock|temporalmente agotado|fuera de stock",
        unavailable="no disponible|actualmente no disponible|no está disponible|ya no está disponible",
        preorder="preventa|reserva|preordena|aún no se ha publicado|a la venta el|disponible para preventa|se lanzará el|pre-ordena",
        backorder="envío en|normalmente se envía|se envía en|generalmente se envía|disponible a partir|en stock el|en stock a partir|disponible el|por lo general se envía",
        not_shippable="no se puede enviar a|no puede enviarse a|no puede ser enviado a|no se envía a|no se puede entregar en|no es posible enviar",
        byline="visita la tienda de *|visitar la tienda de *|visita la store de *|marca:*|de *|por *",
        free_delivery="entrega gratis|envío gratis|entrega gratuita|envío gratuito",
        months="ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic",
    ),
    "nl": _row(
        "nl",
        sponsored="gesponsord",
        in_stock="op voorraad|direct leverbaar|nu beschikbaar",
        few_left="slechts|nog maar",
        out_of_stock="niet op voorraad|tijdelijk niet op voorraad|uitverkocht",
        unavailable="momenteel niet verkrijgbaar|momenteel niet beschikbaar|niet beschikbaar|niet verkrijgbaar",
        preorder="pre-order|vooruitbestel|nog niet uitgebracht|nog niet verschenen|reserveer|wordt uitgebracht op",
        backorder="gewoonlijk verzonden|verzending binnen|meestal verzonden|verzonden binnen|op voorraad vanaf|weer op voorraad",
        not_shippable="kan niet worden verzonden naar|kan niet worden bezorgd|niet verzonden worden naar|niet verzonden naar|niet worden geleverd",
        byline="bezoek de *-store|bezoek de * store|bezoek de *-winkel|merk:*|door *|van *",
        free_delivery="gratis bezorging|gratis verzending|gratis levering",
        months="jan|feb|maa|apr|mei|jun|jul|aug|sep|okt|nov|dec",
    ),
    "sv": _row(
        "sv",
        sponsored="sponsrad|sponsrat|sponsrade",
        in_stock="i lager|finns i lager|tillgänglig nu",
        few_left="endast|bara|kvar i lager",
        out_of_stock="slut i lager|tillfälligt slut|slutsåld|inte i lager|ej i lager",
        unavailable="inte tillgänglig|för närvarande otillgänglig|ej tillgänglig|otillgänglig",
        preorder="förbeställ|förhandsboka|ännu inte släppts|släpps den",
        backorder="skickas vanligtvis|skickas inom|vanligtvis inom|i lager den|i lager från",
        not_shippable="kan inte skickas till|kan inte levereras till|går inte att leverera|skickas inte till",
        byline="besök *-butiken|besök * store|besök *-butik|besök *s butik|varumärke:*|märke:*|av *",
        free_delivery="fri leverans|gratis leverans|fri frakt|gratis frakt",
        months="jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec",
    ),
    "pl": _row(
        "pl",
        sponsored="sponsorowane|sponsorowany",
        in_stock="dostępny|dostępne|w magazynie|na stanie",
        few_left="zostało tylko|pozostało tylko|tylko|pozostało|zostało",
        out_of_stock="brak w magazynie|brak na stanie|wyprzedane|tymczasowo niedostępny|chwilowo niedostępn",
        unavailable="obecnie niedostępn|aktualnie niedostępn|niedostępny|produkt niedostępny|niedostępne",
        preorder="przedsprzedaż|zamów w przedsprzedaży|nie został jeszcze wydany|premiera|zamówienie przedpremierowe",
        backorder="zwykle wysyłane|wysyłka w ciągu|zazwyczaj wysyłane|wysyłamy w ciągu|dostępny od|dostępne od",
        not_shippable="nie można wysłać|nie może zostać wysłany|nie można dostarczyć|nie może zostać dostarczony|nie wysyłamy",
        byline="odwiedź sklep *|odwiedź sklep marki *|marka:*|autor: *",
        free_delivery="darmowa dostawa|bezpłatna dostawa|darmowa wysyłka",
        months="sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru",
    ),
    "tr": _row(
        "tr",
        sponsored="sponsorlu",
        in_stock="stokta var|stokta|hemen teslim|şu anda mevcut",
        few_left="stokta sadece|sadece |yalnızca |kaldı",
        out_of_stock="stokta yok|geçici olarak stokta yok|tükendi",
        unavailable="şu anda mevcut değil|mevcut değil|artık mevcut değil",
        preorder="ön sipariş|henüz yayınlanmadı|henüz piyasaya|piyasaya sürülecek",
        backorder="genellikle|içinde gönderilir|içinde kargoya verilir|tarihinde stokta|yakında stokta",
        not_shippable="gönderilemiyor|gönderilemez|teslim edilemez|gönderim yapılamıyor",
        byline="* store'u ziyaret edin|* mağazasını ziyaret edin|* store ziyaret edin|marka:*",
        free_delivery="ücretsiz teslimat|ücretsiz kargo|bedava kargo",
        months="oca|şub|mar|nis|may|haz|tem|ağu|eyl|eki|kas|ara",
    ),
    "ar": _row(
        "ar",
        sponsored="مُمول|ممول|إعلان ممول|برعاية",
        in_stock="متوفر|متوفر في المخزون|متوفر بالمخزون|متوفرة",
        few_left="تبقى|فقط|متبقي",
        out_of_stock="غير متوفر في المخزون|نفدت الكمية|نفد من المخزون|نفذت الكمية",
        unavailable="غير متوفر حالياً|غير متوفر حاليا|غير متوفر|غير متاح|غير متوفرة",
        preorder="الطلب المسبق|طلب مسبق|اطلب مسبق|لم يصدر بعد",
        backorder="يُشحن عادةً|عادة ما يتم شحن|يشحن عادة|سيتوفر|سيكون متوفر",
        not_shippable="لا يمكن شحن|لا يمكن توصيل|لا يتم شحن|لا يمكن التوصيل",
        byline="تفضل بزيارة متجر *|قم بزيارة متجر *|زيارة متجر *|زُر متجر *|العلامة التجارية:*|ماركة:*|علامة تجارية:*",
        free_delivery="توصيل مجاني|شحن مجاني|التوصيل المجاني|الشحن المجاني",
        months="يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
    ),
    "ja": _row(
        "ja",
        sponsored="スポンサー|プロモーション",
        in_stock="在庫あり|すぐに発送|今すぐ利用|ダウンロード可能|すぐにダウンロード",
        few_left="残り|点在庫",
        out_of_stock="在庫切れ|一時的に在庫切れ|品切れ|売り切れ|入荷未定",
        unavailable="現在在庫切れです|現在お取り扱いできません|お取り扱いできません|現在ご利用いただけません|取り扱いできません|現在購入できません",
        preorder="予約受付|予約商品|発売予定|まだ発売されていません|予約注文|発売日に",
        backorder="通常|以内に発送|日に入荷予定|入荷予定|入荷時期",
        not_shippable="お届け先には配送できません|配送できません|発送できません|お届けできません",
        byline="*のストアを表示|*のストアにアクセス|*ストアを表示|ブランド:*|ブランド：*",
        free_delivery="無料配送|配送料無料|送料無料",
        months="1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
    ),
    "pt": _row(
        "pt",
        sponsored="patrocinado",
        in_stock="em estoque|em stock|disponível",
        few_left="apenas |só |resta|somente ",
        out_of_stock="fora de estoque|esgotado|sem estoque|temporariamente sem estoque|não está em estoque|temporariamente fora de estoque",
        unavailable="não disponível|indisponível|atualmente indisponível|não está disponível",
        preorder="pré-venda|pré-encomenda|em pré-venda|ainda não foi lançado|será lançado em",
        backorder="geralmente enviado|enviado em|geralmente é enviado|envio em|em estoque a partir|disponível a partir|disponível em|em estoque em",
        not_shippable="não pode ser enviado para|não pode ser entregue|não é enviado para|não enviamos para|não pode ser entregue no",
        byline="visite a loja *|visite a loja da *|visite a loja do *|marca:*|por *|de *",
        free_delivery="frete grátis|entrega grátis|entrega gratuita|envio grátis",
        months="jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez",
    ),
    "zh": _row(
        "zh",
        sponsored="赞助|广告|贊助|推广",
        in_stock="现在有货|有货|現在有貨|有現貨|有现货|库存中|即时可用",
        few_left="仅剩|库存仅剩|只剩|僅剩|还剩",
        out_of_stock="缺货|暂时缺货|无货|缺貨|售罄",
        unavailable="目前无法|目前不可用|不可售|当前无货|暂时无法|无法购买|目前無法|当前不可",
        preorder="预订|预售|尚未发售|尚未发行|預購|即将发行",
        backorder="通常在|通常会在|预计到货|到货|内发货",
        not_shippable="无法配送|无法运送|无法发货|不能配送|无法送达|無法運送",
        byline="访问 * 店铺|访问*店铺|访问 * 商店|造訪 * 商店|查看*品牌店|品牌:*|品牌：*|品牌: *",
        free_delivery="免费配送|免费送货|免运费|免費配送|免費送貨|免運費|免邮",
        months="1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
    ),
}
"""By ISO 639-1 code."""
