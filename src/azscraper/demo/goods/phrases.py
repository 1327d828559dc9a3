"""The words around the values on a page, once for each language. ``{}`` stands where a value goes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """What the pretend marketplace says in one language."""

    stars: str
    ratings: str
    global_ratings: str
    rating_details: str
    bought: str
    thousand: str
    list_price: str
    in_stock: str
    only_left: str
    out_of_stock: str
    unavailable: str
    preorder: str
    backorder: str
    see_all: str
    buy_used: str
    used_good: str
    condition_label: str
    new_from: str
    used_from: str
    sold_by: str
    ships_from: str
    store: str
    brand: str
    author: str
    by: str
    free_delivery: str
    delivery_day: str
    coupon: str
    deal: str
    choice: str
    best_seller: str
    about: str
    details: str
    description: str
    reviews: str
    rank: str
    rank_line: str
    see_top: str
    sponsored: str
    sponsored_ad: str
    results_range: str
    results_over: str
    no_results: str
    no_results_hint: str
    previous: str
    next: str
    more_choices: str
    new_offers: str
    quantity: str
    add_to_cart: str
    also_viewed: str
    select: str
    per: str
    price_label: str
    not_found_title: str
    not_found: str
    home_link: str
    robot_title: str
    robot: str
    robot_field: str
    continue_title: str
    continue_button: str
    sorry_title: str
    sorry: str
    sign_in_title: str
    sign_in_email: str
    automated: str


MONTHS = (
    (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
)

ENGLISH = Phrases(
    stars="{} out of 5 stars",
    ratings="{} ratings",
    global_ratings="{} global ratings",
    rating_details="{}, rating details",
    bought="{}+ bought in past month",
    thousand="K",
    list_price="List Price:",
    in_stock="In Stock",
    only_left="Only {} left in stock - order soon.",
    out_of_stock="Temporarily out of stock.",
    unavailable="Currently unavailable.",
    preorder="This item will be released on {}.",
    backorder="Usually ships within 1 to 2 months",
    see_all="See All Buying Options",
    buy_used="Buy used:",
    used_good="Used - Good",
    condition_label="Condition",
    new_from="New ({}) from",
    used_from="Used ({}) from",
    sold_by="Sold by",
    ships_from="Ships from",
    store="Visit the {} Store",
    brand="Brand: {}",
    author="Author",
    by="by",
    free_delivery="FREE delivery",
    delivery_day="Thursday, September 3",
    coupon="Save {}% with coupon",
    deal="Limited time deal",
    choice="Amazon's Choice",
    best_seller="Best Seller",
    about="About this item",
    details="Product details",
    description="Product description",
    reviews="Customer reviews",
    rank="Best Sellers Rank",
    rank_line="#{} in {}",
    see_top="See Top 100 in {}",
    sponsored="Sponsored",
    sponsored_ad="Sponsored Ad - {}",
    results_range="{}-{} of {} results for",
    results_over="{}-{} of over {} results for",
    no_results="No results for {}.",
    no_results_hint="Check the spelling or search for something broader.",
    previous="Previous",
    next="Next",
    more_choices="More Buying Choices",
    new_offers="({} new offers)",
    quantity="Quantity:",
    add_to_cart="Add to Cart",
    also_viewed="Shoppers here also looked at",
    select="Select",
    per="/ {}",
    price_label="Price:",
    not_found_title="Page Not Found",
    not_found="Nothing lives at this address. The dog has looked under every sofa.",
    home_link="To the home page",
    robot_title="Enter the characters you see below",
    robot="Sorry, we need to know that you're not a robot. This is a pretend check and nothing solves it.",
    robot_field="Type the characters you see in this image:",
    continue_title="Click the button below to continue shopping",
    continue_button="Continue shopping",
    sorry_title="Sorry! Something went wrong!",
    sorry="The pretend shop is having a rest. Come back in a moment.",
    sign_in_title="Amazon Sign-In",
    sign_in_email="Email or mobile phone number",
    automated="Questions about automated access to Amazon data go to api-services-support@amazon.com.",
)

GERMAN = Phrases(
    stars="{} von 5 Sternen",
    ratings="{} Sternebewertungen",
    global_ratings="{} globale Bewertungen",
    rating_details="{}, Bewertungsdetails",
    bought="{}+ Mal im letzten Monat gekauft",
    thousand=" Tsd.",
    list_price="UVP:",
    in_stock="Auf Lager",
    only_left="Nur noch {} auf Lager",
    out_of_stock="Vorübergehend nicht auf Lager.",
    unavailable="Derzeit nicht verfügbar.",
    preorder="Dieser Artikel erscheint am {}.",
    backorder="Gewöhnlich versandfertig in 1 bis 2 Monaten",
    see_all="Alle Angebote",
    buy_used="Gebraucht kaufen:",
    used_good="Gebraucht - Gut",
    condition_label="Zustand",
    new_from="Neu ({}) ab",
    used_from="Gebraucht ({}) ab",
    sold_by="Verkäufer",
    ships_from="Versand",
    store="Besuche den {}-Store",
    brand="Marke: {}",
    author="Autor",
    by="von",
    free_delivery="GRATIS Lieferung",
    delivery_day="Donnerstag, 3. September",
    coupon="{} % Coupon sparen",
    deal="Befristetes Angebot",
    choice="Amazons Tipp",
    best_seller="Bestseller",
    about="Info zu diesem Artikel",
    details="Produktinformation",
    description="Produktbeschreibung",
    reviews="Kundenrezensionen",
    rank="Amazon Bestseller-Rang",
    rank_line="Nr. {} in {}",
    see_top="Siehe Top 100 in {}",
    sponsored="Gesponsert",
    sponsored_ad="Gesponserte Anzeige – {}",
    results_range="{}-{} von {} Ergebnissen oder Vorschlägen für",
    results_over="{}-{} von mehr als {} Ergebnissen oder Vorschlägen für",
    no_results="Keine Ergebnisse für {}.",
    no_results_hint="Prüfe die Schreibweise oder suche etwas Allgemeineres.",
    previous="Zurück",
    next="Weiter",
    more_choices="Andere Angebote",
    new_offers="({} neue Artikel)",
    quantity="Menge:",
    add_to_cart="In den Einkaufswagen",
    also_viewed="Hier wurde auch angesehen",
    select="Auswählen",
    per="/ {}",
    price_label="Preis:",
    not_found_title="Seite wurde nicht gefunden",
    not_found="Unter dieser Adresse wohnt nichts. Der Hund hat unter jedem Sofa nachgesehen.",
    home_link="Zur Startseite",
    robot_title="Geben Sie die angezeigten Zeichen im Bild ein",
    robot="Wir müssen wissen, dass Sie kein Roboter sind. Diese Prüfung ist nur gespielt, nichts löst sie.",
    robot_field="Geben Sie die Zeichen unten ein:",
    continue_title="Klicke auf die Schaltfläche unten, um mit dem Einkauf fortzufahren",
    continue_button="Weiter shoppen",
    sorry_title="Tut uns Leid!",
    sorry="Der gespielte Laden macht eine Pause. Komm gleich wieder.",
    sign_in_title="Amazon Anmelden",
    sign_in_email="E-Mail-Adresse oder Mobiltelefonnummer",
    automated="Fragen zu automated access to Amazon data an api-services-support@amazon.com.",
)

JAPANESE = Phrases(
    stars="5つ星のうち{}",
    ratings="{}個の評価",
    global_ratings="{}件のグローバル評価",
    rating_details="{}、評価の詳細",
    bought="過去1か月で{}点以上購入されました",
    thousand="000",
    list_price="参考価格:",
    in_stock="在庫あり",
    only_left="残り{}点 ご注文はお早めに",
    out_of_stock="一時的に在庫切れ",
    unavailable="現在在庫切れです。",
    preorder="この商品の発売予定日は{}です。",
    backorder="通常1～2か月以内に発送します。",
    see_all="すべての出品を見る",
    buy_used="中古品を購入:",
    used_good="中古品 - 良い",
    condition_label="コンディション",
    new_from="新品 ({}) 点：",
    used_from="中古品 ({}) 点：",
    sold_by="販売元",
    ships_from="出荷元",
    store="{}のストアを表示",
    brand="ブランド: {}",
    author="著",
    by="",
    free_delivery="無料配送",
    delivery_day="9月3日 木曜日",
    coupon="{}% OFF クーポンの適用",
    deal="タイムセール",
    choice="Amazonおすすめ",
    best_seller="ベストセラー",
    about="この商品について",
    details="登録情報",
    description="商品の説明",
    reviews="カスタマーレビュー",
    rank="Amazon 売れ筋ランキング",
    rank_line="{1} - {0}位",
    see_top="{}の売れ筋ランキングを見る",
    sponsored="スポンサー",
    sponsored_ad="スポンサー広告 - {}",
    results_range="検索結果 {2} のうち {0}-{1}件",
    results_over="検索結果 {2} 以上 のうち {0}-{1}件",
    no_results="{}の検索に一致する商品はありませんでした。",
    no_results_hint="表記を確かめるか、もっと一般的な言葉で検索してください。",
    previous="前へ",
    next="次へ",
    more_choices="その他の出品",
    new_offers="({}点の新品)",
    quantity="数量:",
    add_to_cart="カートに入れる",
    also_viewed="ここで見られている商品",
    select="選択",
    per="/ {}",
    price_label="価格:",
    not_found_title="ページが見つかりません",
    not_found="この住所には何もありません。犬がソファの下まで探しました。",
    home_link="トップページへ",
    robot_title="下に表示されている文字を入力してください",
    robot="ロボットでないことを確かめています。これは見せかけの確認で、解くことはできません。",
    robot_field="画像の文字を入力してください:",
    continue_title="ショッピングを続けるには、下のボタンをクリックしてください",
    continue_button="ショッピングを続ける",
    sorry_title="ご迷惑をおかけしています！",
    sorry="見せかけの店は休憩中です。少したってからどうぞ。",
    sign_in_title="Amazonサインイン",
    sign_in_email="Eメールまたは携帯電話番号",
    automated="自動アクセス (automated access to Amazon data) の問い合わせ先: api-services-support@amazon.com",
)
