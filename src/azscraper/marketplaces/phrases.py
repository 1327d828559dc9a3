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
    temporarily: tuple[str, ...]
    """Out of stock, and to come back."""
    ships_in: tuple[str, ...]
    """Before a time of preparation: in stock, unless that takes weeks or months."""
    long_wait: tuple[str, ...]
    """Weeks and months."""
    backorder: tuple[str, ...]
    """On order: can be bought now and is delivered when it comes."""
    not_shippable: tuple[str, ...]
    byline: tuple[str, ...]
    """The whole byline with ``*`` for the brand: ``visit the * store``."""
    free_delivery: tuple[str, ...]
    months: tuple[str, ...]
    """January to December, by the letters that every printed form begins with."""
    weekdays: tuple[str, ...]
    """Monday to Sunday, by the letters that every printed form begins with."""
    today: tuple[str, ...]
    tomorrow: tuple[str, ...]
    not_later: tuple[str, ...]
    """Before or behind a date that is the latest of several."""


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
        in_stock="in stock|available to ship|available now|available instantly|available for download|available for immediate download|ships from and sold by",
        few_left="left in stock|only ",
        out_of_stock="out of stock|sold out",
        unavailable="currently unavailable|not currently available|is no longer available|not available for purchase|unavailable for purchase|currently not available|this title is not currently available|item is not available|not available at this time",
        preorder="pre-order|preorder|has not yet been released|will be released on|will be auto-delivered|not yet released",
        temporarily="temporarily out of stock|temporarily unavailable|temporarily sold out",
        ships_in="usually ships|usually dispatched|ships within|ships in|dispatched within|despatched within|usually despatched|usually delivered|dispatched in|delivered within",
        long_wait="week|month",
        backorder="in stock on|in stock soon|back-order|backorder|will be in stock|order now and we'll deliver|order it now and we'll|more on the way. order|available to order",
        not_shippable="cannot be shipped to your|can't be shipped to your|cannot be dispatched to your|does not ship to|doesn't ship to|not deliverable to|cannot be delivered to|can't be delivered to|not ship to your|can't be dispatched to|cannot deliver to|not available for delivery to|isn't deliverable to",
        byline="visit the * store|brand:*|visit *'s page|visit amazon's * page|by *",
        free_delivery="free delivery|free shipping",
        months="jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec",
        weekdays="mon|tue|wed|thu|fri|sat|sun",
        today="today|overnight",
        tomorrow="tomorrow",
        not_later="get it by|delivered by|arrives by|arrives before|delivery by|by latest|no later than|as soon as possible by",
    ),
    "de": _row(
        "de",
        sponsored="gesponsert|anzeige",
        in_stock="auf lager|sofort lieferbar|jetzt verfügbar|verfügbar für sofortigen|sofort per download lieferbar|jetzt als download verfügbar|lieferbar.",
        few_left="nur noch",
        out_of_stock="nicht auf lager|nicht vorrätig|ausverkauft",
        unavailable="derzeit nicht verfügbar|momentan nicht verfügbar|zurzeit nicht verfügbar|nicht mehr verfügbar|derzeit nicht erhältlich",
        preorder="vorbestell|noch nicht erschienen|erscheint am|wird am",
        temporarily="vorübergehend nicht|zurzeit nicht auf lager|derzeit nicht auf lager",
        ships_in="gewöhnlich versandfertig|versandfertig in|in der regel versandfertig|versandbereit in|lieferung in|üblicherweise versandfertig|gewöhnlich geliefert|versand in",
        long_wait="woche|monat",
        backorder="wieder auf lager|erneut auf lager|auf lager ab|ab dem|bestellen sie jetzt|bestelle jetzt|jetzt bestellen|demnächst auf lager|bald auf lager|auf lager am",
        not_shippable="kann nicht an ihr|nicht an den von dir|nicht an den von ihnen|kann nicht nach|nicht an deinen|kann nicht an deinen|nicht an ihren|versandt werden. bitte wähle|wird nicht nach",
        byline="besuche den *-store|besuchen sie den *-store|besuche den * store|marke:*|von *",
        free_delivery="gratis lieferung|kostenlose lieferung|gratis-lieferung|kostenfreie lieferung|gratisversand|kostenloser versand|gratis versand",
        months="jan|feb|mär|apr|mai|jun|jul|aug|sep|okt|nov|dez",
        weekdays="mont|dien|mitt|donn|frei|sams|sonn",
        today="heute",
        tomorrow="morgen",
        not_later="bis zum|spätestens|bis ",
    ),
    "fr": _row(
        "fr",
        sponsored="sponsorisé|sponsorisée|commandité",
        in_stock="en stock|disponible immédiatement|disponible dès maintenant|disponible maintenant|expédié et vendu par",
        few_left="il ne reste plus que|plus que|il n'en reste",
        out_of_stock="en rupture de stock|rupture de stock|épuisé|temporairement en rupture",
        unavailable="actuellement indisponible|indisponible|n'est pas disponible|plus disponible|pas disponible actuellement",
        preorder="précommand|pré-command|n'est pas encore paru|pas encore sorti|date de sortie|sera disponible le|à paraître",
        temporarily="temporairement en rupture|temporairement indisponible|provisoirement",
        ships_in="expédition sous|habituellement expédié|généralement expédié|expédié sous|expédié en|disponible sous|expédié dans|livré sous|expédition en|expédié habituellement|expédié généralement",
        long_wait="semaine|mois",
        backorder="bientôt en stock|en stock le|en stock à partir|commandez maintenant|commandez dès maintenant|commandez-le|de nouveau en stock|sera en stock",
        not_shippable="ne peut pas être livré|ne peut pas être expédié|ne peut être livré|pas livrable|ne livre pas|ne peut pas être envoyé",
        byline="visiter la boutique *|visitez la boutique de *|visitez la boutique *|marque :*|marque:*|de *|par *",
        free_delivery="livraison gratuite|livraison à 0,01|livraison offerte|livraison gratuit",
        months="janv|fév|mars|avr|mai|juin|juil|août|sep|oct|nov|déc",
        weekdays="lun|mar|mer|jeu|ven|sam|dim",
        today="aujourd'hui",
        tomorrow="demain",
        not_later="d'ici|avant le|au plus tard|jusqu'au",
    ),
    "it": _row(
        "it",
        sponsored="sponsorizzato|sponsorizzata",
        in_stock="disponibilità immediata|disponibile|disponibile subito|disponibile ora",
        few_left="disponibilità: solo|solo |rimasti|ultimi ",
        out_of_stock="esaurito|temporaneamente esaurito",
        unavailable="attualmente non disponibile|non disponibile|non è disponibile|al momento non è disponibile",
        preorder="preordin|pre-ordin|non ancora uscito|verrà pubblicato|in uscita il|sarà disponibile dal",
        temporarily="temporaneamente non disponibile|temporaneamente esaurito|momentaneamente",
        ships_in="generalmente spedito|spedizione entro|normalmente spedito|spedito entro|di solito spedito|spedito in|spedizione in|solitamente spedito|disponibile in|disponibile tra",
        long_wait="settiman|mes",
        backorder="disponibile dal|disponibile a partire|di nuovo disponibile|ordina ora|ordinalo ora|sarà disponibile|presto disponibile|disponibile il",
        not_shippable="non può essere spedito|non può essere consegnato|non è possibile spedire|non è possibile consegnare|non spedisce",
        byline="visita lo store di *|visita lo store *|marca:*|marchio:*|di *",
        free_delivery="consegna gratuita|spedizione gratuita|consegna senza costi|consegna gratis",
        months="gen|feb|mar|apr|mag|giu|lug|ago|set|ott|nov|dic",
        weekdays="lun|mar|mer|gio|ven|sab|dom",
        today="oggi",
        tomorrow="domani",
        not_later="entro|entro il|al più tardi",
    ),
    "es": _row(
        "es",
        sponsored="patrocinado",
        in_stock="en stock|disponible|disponible de inmediato",
        few_left="queda|solo hay|sólo hay",
        out_of_stock="agotado|temporalmente sin stock|sin stock|temporalmente agotado|fuera de stock",
        unavailable="no disponible|actualmente no disponible|no está disponible|ya no está disponible",
        preorder="preventa|reserva|preordena|aún no se ha publicado|a la venta el|disponible para preventa|se lanzará el|pre-ordena",
        temporarily="temporalmente sin stock|temporalmente agotado|temporalmente no disponible",
        ships_in="envío en|normalmente se envía|se envía en|generalmente se envía|por lo general se envía|se envía normalmente|se envía generalmente|sale en|disponible para envío en|se suele enviar|suele enviarse|enviado en",
        long_wait="semana|mes",
        backorder="disponible a partir|en stock el|en stock a partir|disponible el|haz tu pedido|haz el pedido ahora|pídelo ahora|cómpralo ahora|de nuevo en stock|ordena ahora|pronto en stock",
        not_shippable="no se puede enviar a|no puede enviarse a|no puede ser enviado a|no se envía a|no se puede entregar en|no es posible enviar",
        byline="visita la tienda de *|visitar la tienda de *|visita la store de *|marca:*|de *|por *",
        free_delivery="entrega gratis|envío gratis|entrega gratuita|envío gratuito",
        months="ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic",
        weekdays="lun|mar|mié|jue|vie|sáb|dom",
        today="hoy",
        tomorrow="mañana",
        not_later="antes del|antes de|a más tardar|como muy tarde",
    ),
    "nl": _row(
        "nl",
        sponsored="gesponsord",
        in_stock="op voorraad|direct leverbaar|nu beschikbaar",
        few_left="slechts|nog maar",
        out_of_stock="niet op voorraad|tijdelijk niet op voorraad|uitverkocht",
        unavailable="momenteel niet verkrijgbaar|momenteel niet beschikbaar|niet beschikbaar|niet verkrijgbaar",
        preorder="pre-order|vooruitbestel|nog niet uitgebracht|nog niet verschenen|reserveer|wordt uitgebracht op",
        temporarily="tijdelijk niet op voorraad|tijdelijk uitverkocht|tijdelijk niet",
        ships_in="gewoonlijk verzonden|verzending binnen|meestal verzonden|verzonden binnen|verzonden in|wordt verzonden binnen|doorgaans verzonden|geleverd binnen",
        long_wait="week|weken|maand",
        backorder="op voorraad vanaf|weer op voorraad|op voorraad op|binnenkort op voorraad|bestel nu en|nu bestellen",
        not_shippable="kan niet worden verzonden naar|kan niet worden bezorgd|niet verzonden worden naar|niet verzonden naar|niet worden geleverd",
        byline="bezoek de *-store|bezoek de * store|bezoek de *-winkel|merk:*|door *|van *",
        free_delivery="gratis bezorging|gratis verzending|gratis levering",
        months="jan|feb|maa|apr|mei|jun|jul|aug|sep|okt|nov|dec",
        weekdays="maand|dins|woens|donder|vrij|zater|zon",
        today="vandaag",
        tomorrow="morgen",
        not_later="uiterlijk|vóór|tegen",
    ),
    "sv": _row(
        "sv",
        sponsored="sponsrad|sponsrat|sponsrade",
        in_stock="i lager|finns i lager|tillgänglig nu",
        few_left="endast|bara|kvar i lager",
        out_of_stock="slut i lager|tillfälligt slut|slutsåld|inte i lager|ej i lager",
        unavailable="inte tillgänglig|för närvarande otillgänglig|ej tillgänglig|otillgänglig",
        preorder="förbeställ|förhandsboka|ännu inte släppts|släpps den",
        temporarily="tillfälligt slut|tillfälligt otillgänglig|tillfälligt ej",
        ships_in="skickas vanligtvis|skickas inom|vanligtvis inom|vanligtvis skickas|skickas vanligen|levereras inom|skickas normalt",
        long_wait="veck|månad",
        backorder="i lager den|i lager från|snart i lager|åter i lager|beställ nu så|tillbaka i lager|kommer i lager",
        not_shippable="kan inte skickas till|kan inte levereras till|går inte att leverera|skickas inte till",
        byline="besök *-butiken|besök * store|besök *-butik|besök *s butik|varumärke:*|märke:*|av *",
        free_delivery="fri leverans|gratis leverans|fri frakt|gratis frakt",
        months="jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec",
        weekdays="mån|tis|ons|tors|fre|lör|sön",
        today="idag|i dag",
        tomorrow="imorgon|i morgon",
        not_later="senast|före",
    ),
    "pl": _row(
        "pl",
        sponsored="sponsorowane|sponsorowany",
        in_stock="dostępny|dostępne|w magazynie|na stanie",
        few_left="zostało tylko|pozostało tylko|tylko|pozostało|zostało",
        out_of_stock="brak w magazynie|brak na stanie|wyprzedane|tymczasowo niedostępny|chwilowo niedostępn",
        unavailable="obecnie niedostępn|aktualnie niedostępn|niedostępny|produkt niedostępny|niedostępne",
        preorder="przedsprzedaż|zamów w przedsprzedaży|nie został jeszcze wydany|premiera|zamówienie przedpremierowe",
        temporarily="tymczasowo niedostępn|chwilowo niedostępn|tymczasowo brak|chwilowo brak",
        ships_in="zwykle wysyłan|wysyłka w ciągu|zazwyczaj wysyłan|wysyłamy w ciągu|wysyłka zazwyczaj|wysyłka zwykle|wysyłane w ciągu|wysyłany w ciągu|wysyłka w",
        long_wait="tydzień|tygodni|tygodnie|miesi",
        backorder="dostępny od|dostępne od|wkrótce dostępn|ponownie dostępn|zamów teraz|w magazynie od|w magazynie dnia",
        not_shippable="nie można wysłać|nie może zostać wysłany|nie można dostarczyć|nie może zostać dostarczony|nie wysyłamy",
        byline="odwiedź sklep *|odwiedź sklep marki *|marka:*|autor: *",
        free_delivery="darmowa dostawa|bezpłatna dostawa|darmowa wysyłka",
        months="sty|lut|mar|kwi|maj|cze|lip|sie|wrz|paź|lis|gru",
        weekdays="pon|wto|śro|czw|pią|sob|nie",
        today="dzisiaj|dziś",
        tomorrow="jutro",
        not_later="najpóźniej|do dnia|przed ",
    ),
    "tr": _row(
        "tr",
        sponsored="sponsorlu",
        in_stock="stokta var|stokta|hemen teslim|şu anda mevcut",
        few_left="stokta sadece|sadece |yalnızca |kaldı",
        out_of_stock="stokta yok|geçici olarak stokta yok|tükendi",
        unavailable="şu anda mevcut değil|mevcut değil|artık mevcut değil",
        preorder="ön sipariş|henüz yayınlanmadı|henüz piyasaya|piyasaya sürülecek",
        temporarily="geçici olarak stokta yok|geçici olarak",
        ships_in="içinde gönderilir|içinde kargoya verilir|içinde kargolanır|genellikle|kargoya verilir|içinde gönderime hazır",
        long_wait="hafta| ay ",
        backorder="tarihinde stokta|yakında stokta|şimdi sipariş verin|tekrar stokta|tarihinden itibaren",
        not_shippable="gönderilemiyor|gönderilemez|teslim edilemez|gönderim yapılamıyor",
        byline="* store'u ziyaret edin|* mağazasını ziyaret edin|* store ziyaret edin|marka:*",
        free_delivery="ücretsiz teslimat|ücretsiz kargo|bedava kargo",
        months="oca|şub|mar|nis|may|haz|tem|ağu|eyl|eki|kas|ara",
        weekdays="pazart|salı|çarş|perş|cuma|cumart|pazar",
        today="bugün",
        tomorrow="yarın",
        not_later="kadar|en geç",
    ),
    "ar": _row(
        "ar",
        sponsored="مُمول|ممول|إعلان ممول|برعاية",
        in_stock="متوفر|متوفر في المخزون|متوفر بالمخزون|متوفرة",
        few_left="تبقى|فقط|متبقي",
        out_of_stock="غير متوفر في المخزون|نفدت الكمية|نفد من المخزون|نفذت الكمية",
        unavailable="غير متوفر حالياً|غير متوفر حاليا|غير متوفر|غير متاح|غير متوفرة",
        preorder="الطلب المسبق|طلب مسبق|اطلب مسبق|لم يصدر بعد",
        temporarily="غير متوفر مؤقتاً|غير متوفر مؤقتا|نفدت مؤقتاً|غير متوفرة مؤقت",
        ships_in="يُشحن عادةً|عادة ما يتم شحن|يشحن عادة|يتم شحنه عادة|يُشحن خلال|يشحن خلال|عادةً ما يُشحن|يتم الشحن خلال",
        long_wait="أسبوع|أسابيع|اسبوع|شهر|أشهر",
        backorder="سيتوفر|سيكون متوفر|متوفر في المخزون في|اطلب الآن|سيصبح متوفر",
        not_shippable="لا يمكن شحن|لا يمكن توصيل|لا يتم شحن|لا يمكن التوصيل",
        byline="تفضل بزيارة متجر *|قم بزيارة متجر *|زيارة متجر *|زُر متجر *|العلامة التجارية:*|ماركة:*|علامة تجارية:*",
        free_delivery="توصيل مجاني|شحن مجاني|التوصيل المجاني|الشحن المجاني",
        months="يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر|ديسمبر",
        weekdays="الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة|السبت|الأحد",
        today="اليوم",
        tomorrow="غد",
        not_later="بحلول|قبل",
    ),
    "ja": _row(
        "ja",
        sponsored="スポンサー|プロモーション",
        in_stock="在庫あり|すぐに発送|今すぐ利用|ダウンロード可能|すぐにダウンロード",
        few_left="残り|点在庫",
        out_of_stock="在庫切れ|一時的に在庫切れ|品切れ|売り切れ|入荷未定",
        unavailable="現在在庫切れです|現在お取り扱いできません|お取り扱いできません|現在ご利用いただけません|取り扱いできません|現在購入できません",
        preorder="予約受付|予約商品|発売予定|まだ発売されていません|予約注文|発売日に",
        temporarily="一時的に在庫切れ|一時的に品切れ",
        ships_in="通常|以内に発送|で発送|内に発送",
        long_wait="週間|か月|ヶ月|カ月|ヵ月|ケ月",
        backorder="日に入荷予定|入荷予定|入荷時期|入荷次第|ご注文いただけます|再入荷予定",
        not_shippable="お届け先には配送できません|配送できません|発送できません|お届けできません",
        byline="*のストアを表示|*のストアにアクセス|*ストアを表示|ブランド:*|ブランド：*",
        free_delivery="無料配送|配送料無料|送料無料",
        months="1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
        weekdays="月曜|火曜|水曜|木曜|金曜|土曜|日曜",
        today="今日|本日",
        tomorrow="明日",
        not_later="までに|以前に",
    ),
    "pt": _row(
        "pt",
        sponsored="patrocinado",
        in_stock="em estoque|em stock|disponível",
        few_left="apenas |só |resta|somente ",
        out_of_stock="fora de estoque|esgotado|sem estoque|temporariamente sem estoque|não está em estoque|temporariamente fora de estoque",
        unavailable="não disponível|indisponível|atualmente indisponível|não está disponível",
        preorder="pré-venda|pré-encomenda|em pré-venda|ainda não foi lançado|será lançado em",
        temporarily="temporariamente sem estoque|temporariamente fora de estoque|temporariamente indisponível|temporariamente esgotado",
        ships_in="geralmente enviado|enviado em|geralmente é enviado|envio em|geralmente despachado|costuma ser enviado|enviado dentro de|enviado normalmente",
        long_wait="semana|mês|meses",
        backorder="em estoque a partir|disponível a partir|em estoque em|peça agora|encomende agora|compre agora e|em breve em estoque|disponível em",
        not_shippable="não pode ser enviado para|não pode ser entregue|não é enviado para|não enviamos para|não pode ser entregue no",
        byline="visite a loja *|visite a loja da *|visite a loja do *|marca:*|por *|de *",
        free_delivery="frete grátis|entrega grátis|entrega gratuita|envio grátis",
        months="jan|fev|mar|abr|mai|jun|jul|ago|set|out|nov|dez",
        weekdays="seg|ter|qua|qui|sex|sáb|dom",
        today="hoje",
        tomorrow="amanhã",
        not_later="até |antes de",
    ),
    "zh": _row(
        "zh",
        sponsored="赞助|广告|贊助|推广",
        in_stock="现在有货|有货|現在有貨|有現貨|有现货|库存中|即时可用",
        few_left="仅剩|库存仅剩|只剩|僅剩|还剩",
        out_of_stock="缺货|暂时缺货|无货|缺貨|售罄",
        unavailable="目前无法|目前不可用|不可售|当前无货|暂时无法|无法购买|目前無法|当前不可",
        preorder="预订|预售|尚未发售|尚未发行|預購|即将发行",
        temporarily="暂时缺货|暫時缺貨|暂时无货|暂时售罄",
        ships_in="通常在|通常会在|内发货|內出貨|通常需|通常於",
        long_wait="周|週|星期|个月|個月",
        backorder="预计到货|到货|现在订购|立即订购|訂購後|將於|将于",
        not_shippable="无法配送|无法运送|无法发货|不能配送|无法送达|無法運送",
        byline="访问 * 店铺|访问*店铺|访问 * 商店|造訪 * 商店|查看*品牌店|品牌:*|品牌：*|品牌: *",
        free_delivery="免费配送|免费送货|免运费|免費配送|免費送貨|免運費|免邮",
        months="1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月",
        weekdays="周一|周二|周三|周四|周五|周六|周日",
        today="今天|今日",
        tomorrow="明天",
        not_later="之前|前送达",
    ),
}
"""By ISO 639-1 code."""
