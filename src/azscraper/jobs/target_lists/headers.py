"""What the name of a column says of its cells: whole words, in the languages of all marketplaces."""

import re
from enum import IntEnum
from functools import lru_cache

from azscraper.marketplaces import plain

_LONGEST = 80
"""Characters of a header; longer texts are sentences."""
_WORDS = re.compile(r"(?:[^\W\d_]|[\u0900-\u0dff\u064b-\u0652])+|\d+")  # vowel signs belong to their word
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Role(IntEnum):
    """What a column is for; the lower, the rather it holds what is wanted."""

    ASIN = 0
    ISBN = 1
    LINK = 2
    CODE = 3
    """A product by a number that may be an ASIN or not: EAN, product id."""
    VARIANT_OF = 4
    """The ASIN of something else: of the parent, of a competitor."""
    KEYWORD = 5
    TEXT = 6
    """The name of a product, which may do as a keyword."""
    OTHER = 7
    """Something that is neither a product nor a keyword: a SKU, a date, a count."""


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(_WORDS.findall(phrase.casefold())) for phrase in text.split("|"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


_ASIN = _words("asin asins アサイン")
_ISBN = _words("isbn isbns")
_OF_ANOTHER = _words(
    # of the family, or of another product: Latin languages, then German, Dutch, Swedish, Polish, Turkish, others
    "parent parents family variation competitor competitors bundle related similar accessory replacement old previous"
    " padre genitore principal principale pai mère parente padres concurrent competidor concorrente concorrência"
    " eltern übergeordnete übergeordneter wettbewerber konkurrent konkurrenten ouder bovenliggende overordnad förälder"
    " nadrzędny nadrzędna rodzic konkurencja ana üst rakip الأصل الأب المنافس מוצר אב अभिभावक 親 親asin 父 父体 父asin 父商品"
    " 競合 竞品 竞争 상위 부모 경쟁"
)
_LINK = _words(
    "url urls link links href address uri webseite adresse adres adress lien liens enlace enlaces vínculo collegamento"
    " indirizzo endereço länk länkar odnośnik bağlantı adresi رابط الرابط قישור リンク 链接 網址 网址 連結 링크 लिंक odkaz"
    " hiperlink hyperlink hyperlinks hipervínculo"
)
_NO_PRODUCT_LINK = _words(
    "image images picture photo bild image1 img logo seller shop store brand review reviews foto imagen immagine zdjęcie 画像 图片"
)
_CODE = _words("ean ean13 gtin upc barcode barcodes jan 条码 條碼 バーコード 바코드 باركود")
_CODE_PHRASES = _phrases(
    "product id|product ids|product|products|product code|external product id|item|items|item id|article|articles|produkt"
    "|produkte|produkt id|artikel|produit|produits|produto|produtos|producto|productos|prodotto|prodotti|articolo|artículo|artigo"
    "|varor|vara|produkter|produkty|ürün|ürünler|المنتج|المنتجات|منتج|מוצר|商品|製品|产品|產品|商品コード|상품|제품|उत्पाद|výrobek"
)
_KEYWORDS = _phrases(
    "keyword|keywords|key word|key words|keyphrase|keyword phrase|search|search term|search terms|search word|search phrase|search keyword"
    "|search query|search queries|query|queries|term|terms|phrase|phrases|customer search term|kw|seed keyword|target keyword"
    "|suchbegriff|suchbegriffe|suchwort|suchwörter|suche|suchanfrage|suchanfragen|begriff|begriffe|schlüsselwort|schlüsselwörter"
    "|stichwort|stichwörter|stichworte|schlagwort|schlagwörter|suchterm|keyword phrase"
    "|mot clé|mots clés|mot clef|mots clefs|mot clés|terme|termes|terme de recherche|termes de recherche|recherche|recherches|requête|requêtes"
    "|expression|mot de recherche"
    "|palabra clave|palabras clave|palabras claves|término|términos|término de búsqueda|términos de búsqueda|búsqueda|búsquedas|consulta"
    "|consultas|termino de busqueda|frase"
    "|parola chiave|parole chiave|termine|termini|termine di ricerca|termini di ricerca|chiave di ricerca|ricerca|ricerche|query di ricerca"
    "|zoekwoord|zoekwoorden|zoekterm|zoektermen|trefwoord|trefwoorden|sleutelwoord|zoekopdracht|zoekopdrachten|zoeken"
    "|sökord|sökterm|sökterm er|söktermer|nyckelord|sökfras|sökning|sökfråga"
    "|słowo kluczowe|słowa kluczowe|fraza|frazy|fraza kluczowa|frazy kluczowe|wyszukiwane hasło|hasło|hasła|zapytanie|zapytania|wyszukiwane słowo"
    "|słowo"
    "|anahtar kelime|anahtar kelimeler|anahtar sözcük|arama terimi|arama terimleri|arama|kelime|arama kelimesi|sorgu"
    "|palavra chave|palavras chave|palavras chaves|termo|termos|termo de pesquisa|termos de pesquisa|termo de busca|termos de busca"
    "|pesquisa|busca|expressão"
    "|كلمة مفتاحية|كلمات مفتاحية|الكلمة المفتاحية|الكلمات المفتاحية|كلمة البحث|كلمات البحث|مصطلح البحث|مصطلحات البحث|الكلمة الرئيسية"
    "|الكلمات الرئيسية|عبارة البحث|البحث|كلمة"
    "|מילת מפתח|מילות מפתח|מונח חיפוש|מונחי חיפוש|ביטוי חיפוש|חיפוש"
    "|キーワード|検索キーワード|検索語|検索語句|検索ワード|検索用語|検索クエリ|検索|クエリ|ワード|検索フレーズ|キーワード名"
    "|关键词|关键字|搜索词|搜索关键词|搜索关键字|搜索字词|查询|查询词|词|搜索|關鍵字|關鍵詞|搜尋字詞|搜尋詞|搜尋關鍵字|搜尋"
    "|키워드|검색어|검색 키워드|검색 용어|검색|검색 단어"
    "|कीवर्ड|खोज शब्द|खोज|मुख्य शब्द|खोजशब्द|முக்கிய சொல்|தேடல் சொல்|முக்கிய வார்த்தை|కీవర్డ్|శోధన పదం|ಕೀವರ್ಡ್|ಹುಡುಕಾಟ ಪದ|കീവേഡ്|തിരയൽ പദം"
    "|কীওয়ার্ড|অনুসন্ধান শব্দ|कीवर्ड शब्द|शोध शब्द|கீவேர்ட்"
    "|klíčové slovo|klíčová slova|hledaný výraz|hledané výrazy|vyhledávací dotaz|dotaz|søgeord|søgeterm|nøgleord|søgning"
)
_KEYWORD_WORDS = frozenset(phrase[0] for phrase in _KEYWORDS if len(phrase) == 1)
_TEXT = _phrases(
    "title|name|product name|product title|item name|description|titel|name des produkts|produktname|artikelname|bezeichnung|artikelbezeichnung"
    "|titre|nom|nom du produit|título|nombre|titolo|nome|naam|productnaam|namn|produktnamn|nazwa|nazwa produktu|tytuł|başlık|ürün adı|ad"
    "|العنوان|اسم المنتج|الاسم|商品名|タイトル|品名|名前|标题|名称|产品名称|商品名称|標題|名稱|제목|상품명|이름|शीर्षक|नाम|název"
)
_MEASURE = _words(
    # what is counted, dated, numbered or sorted by: never a keyword, never a product
    "volume volumes rank ranking ranks frequency count counts number numbers no nr num id ids score scores share shares clicks click"
    " impressions impression cpc bid bids ctr acos roas cost spend sales orders units conversion conversions rate rates trend trends"
    " status state type match campaign group portfolio date dates time day week month year price prices currency position positions"
    " results result total avg average min max density difficulty competing competitors quantity qty stock weight country market marketplace"
    " region locale language lang notes note comment comments category categories node nodes browse department brand brands seller sku skus"
    " msku fnsku merchant order invoice phone telephone tel mobile fax email mail zip postcode index row line length words relevance"
    " volumen suchvolumen rang anzahl menge häufigkeit nummer klicks anteil gebot kosten umsatz datum preis status typ kategorie marke"
    " telefon telefonnummer bestellnummer artikelnummer bestand währung land kampagne position ergebnisse"
    " fréquence nombre rang numéro clics part enchère coût ventes date prix statut catégorie marque téléphone commande stock"
    " volumen frecuencia cantidad número clics puja coste costo ventas fecha precio estado categoría marca teléfono pedido"
    " frequenza numero quantità clic offerta costo vendite data prezzo stato categoria marca telefono ordine"
    " zoekvolume aantal hoeveelheid prijs categorie merk telefoon telefoonnummer bestelling"
    " sökvolym volym antal pris kategori märke telefonnummer ordernummer"
    " wolumen liczba ilość cena kategoria marka zamówienie numer pozycja"
    " hacim hacmi sayı sayısı sıra sıralama fiyat tarih kategori marka sipariş numara adet"
    " volume frequência quantidade preço categoria pedido posição data"
    " حجم عدد رقم ترتيب السعر التاريخ الفئة الهاتف נפח מספר מחיר תאריך"
    " 検索ボリューム ボリューム 検索数 検索回数 順位 ランク 件数 数 数量 番号 価格 日付 カテゴリ カテゴリー ブランド 電話 電話番号 注文番号 在庫 クリック数"
    " 搜索量 月搜索量 排名 频率 数量 数 点击 编号 序号 价格 日期 类目 类别 品牌 电话 订单 库存 搜尋量 編號 價格 類別 品牌"
    " 검색량 순위 수량 번호 가격 날짜 카테고리 브랜드 전화 मात्रा संख्या रैंक कीमत तारीख श्रेणी"
    " objem hledanost počet cena datum søgevolumen antal dato"
)


_BESIDE = {
    "note": _phrases(
        "note|notes|comment|comments|remark|remarks|notiz|notizen|bemerkung|bemerkungen|anmerkung|kommentar|kommentare|nota|notas|remarque"
        "|commentaire|comentario|comentarios|commento|opmerking|anteckning|kommentarer|uwagi|notlar|メモ|備考|备注|備註|메모|비고"
    ),
    "tags": _phrases(
        "tag|tags|label|labels|group|groups|schlagwort|schlagwörter|etikett|gruppe|étiquette|étiquettes|groupe|etiqueta|etiquetas|grupo"
        "|etichetta|etichette|gruppo|groep|etikety|etiket|etiketler|タグ|标签|標籤|태그"
    ),
    "targetPrice": _phrases(
        "target price|price target|desired price|wanted price|max price|maximum price|zielpreis|wunschpreis|höchstpreis|prix cible|prix souhaité"
        "|precio objetivo|precio deseado|prezzo obiettivo|prezzo desiderato|streefprijs|målpris|cena docelowa|hedef fiyat|preço alvo"
        "|目標価格|希望価格|目标价|目标价格|目標價|목표 가격|희망 가격"
    ),
    "marketplace": _phrases(
        "marketplace|marketplaces|amazon marketplace|marktplatz|マーケットプレイス|站点|마켓플레이스"
    ),
    "currency": _phrases("currency|währung|devise|moneda|valuta|waluta|moeda|通貨|货币|貨幣|통화"),
}
"""What stands beside a target in a list of items, by the name that items have for it."""


@lru_cache(maxsize=4096)
def beside_of(name: str) -> str | None:
    """``note``, ``tags``, ``targetPrice``, ``marketplace`` or ``currency``, where the column's name says no more than that."""
    words = tuple(_split(name))
    return next((field for field, phrases in _BESIDE.items() if words in phrases), None)


@lru_cache(maxsize=4096)
def role_of(name: str) -> tuple[Role, int] | None:
    """What the column is for, and how many of its name's words say something else; None where the name says nothing."""
    words = _split(name)
    if not words or len(name) > _LONGEST:
        return None
    return _product_role(words) or _other_role(words)


def _other_role(words: list[str]) -> tuple[Role, int] | None:
    measured = _MEASURE.intersection(words) or any(_ends_in(word, _MEASURE) for word in words)
    extra = _extra(words, _KEYWORDS)
    if extra is not None and (not measured or extra == 0):
        return Role.KEYWORD, extra
    if tuple(words) in _CODE_PHRASES:
        return Role.CODE, 1
    if measured:
        return Role.OTHER, len(words)
    if any(_ends_in(word, _KEYWORD_WORDS) for word in words):
        return Role.KEYWORD, len(words)
    return (Role.TEXT, 0) if tuple(words) in _TEXT else None


def _split(name: str) -> list[str]:
    spaced = _CAMEL.sub(" ", plain(name))
    return _WORDS.findall(spaced.casefold().replace("’", "'").replace("̇", ""))


def _product_role(words: list[str]) -> tuple[Role, int] | None:
    others = len(words) - 1
    if any(word in _ASIN or _ends_asin(word) for word in words):
        another = _OF_ANOTHER.intersection(words) or any(_ends_asin(word) and word[0] in "親父競竞" for word in words)
        measured = _MEASURE.difference({"number", "no", "nr"}).intersection(words) and words[-1] not in _ASIN
        return (Role.OTHER if measured else Role.VARIANT_OF if another else Role.ASIN), others
    if _ISBN.intersection(words):
        return Role.ISBN, others
    if _LINK.intersection(words):
        return (Role.OTHER if _NO_PRODUCT_LINK.intersection(words) else Role.LINK), others
    if _CODE.intersection(words) or (tuple(words) in _CODE_PHRASES and words[-1] in {"id", "ids", "code", "コード"}):
        return Role.CODE, others
    return None


def _ends_in(word: str, endings: frozenset[str]) -> bool:
    """Whether a word of a script without spaces ends in one of two characters or more."""
    return word[0] > "\u2e80" and any(word[start:] in endings for start in range(1, len(word) - 1))


def _ends_asin(word: str) -> bool:
    """Scripts without spaces write the word at the end of another: 商品asin, 亚马逊asin."""
    return word.endswith("asin") and not word[0].isascii()


def _extra(words: list[str], phrases: frozenset[tuple[str, ...]]) -> int | None:
    """Words of the name beside the longest phrase in it, None without one."""
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            if tuple(words[start : start + size]) in phrases:
                return len(words) - size
    return None
