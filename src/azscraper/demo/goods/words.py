"""The vocabulary that made-up products are put together from. A ``Text`` is the same in English, German, Japanese."""

from dataclasses import dataclass

Text = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Node:
    """A step of the breadcrumb."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product, from which ten or so products are made."""

    noun: Text
    nodes: tuple[Node, ...]
    low: int
    """Cheapest price in US cents."""
    high: int
    """Dearest price in US cents."""
    details: tuple[Text, ...]
    material: Text


HOME = Node("1055000001", ("Home & Kitchen", "Küche, Haushalt & Wohnen", "ホーム＆キッチン"))
_COOKING = Node("1055000011", ("Kitchen & Dining", "Kochen & Essen", "キッチン・食卓"))
_LIVING = Node("1055000012", ("Home Décor", "Wohnaccessoires", "インテリア"))
_TOOLS = Node("2280000001", ("Tools & Workshop", "Werkzeug & Werkstatt", "工具・作業"))
_ELECTRONICS = Node("1720000001", ("Electronics", "Elektronik & Foto", "家電＆カメラ"))
_GROCERY = Node("1630000001", ("Grocery", "Lebensmittel & Getränke", "食品・飲料"))
_CLOTHES = Node("7141000001", ("Clothing", "Bekleidung", "ファッション"))
BOOKS = (
    Node("2830000001", ("Books", "Bücher", "本")),
    Node("2830000025", ("Sea Stories", "Meergeschichten", "海の物語")),
)

STEEL: Text = ("Stainless steel", "Edelstahl", "ステンレス")
WOOD: Text = ("Beech wood", "Buchenholz", "ブナ材")
GLASS: Text = ("Glass", "Glas", "ガラス")
COTTON: Text = ("Cotton", "Baumwolle", "綿")
_PLASTIC: Text = ("Recycled plastic", "Recyceltes Plastik", "再生プラスチック")

HARDLINES = (
    Kind(
        ("Kettle", "Wasserkocher", "電気ケトル"),
        (HOME, _COOKING, Node("1055000101", ("Kettles", "Wasserkocher", "ケトル"))),
        1999,
        8999,
        (
            ("1.7 litres", "1,7 Liter", "1.7リットル"),
            ("switches off by itself", "schaltet sich selbst ab", "自動電源オフ"),
            ("soft grip", "weicher Griff", "握りやすい取っ手"),
        ),
        STEEL,
    ),
    Kind(
        ("Frying Pan", "Bratpfanne", "フライパン"),
        (HOME, _COOKING, Node("1055000102", ("Pans", "Pfannen", "フライパン"))),
        1499,
        12999,
        (
            ("28 cm", "28 cm", "28cm"),
            ("for every stove", "für alle Herdarten", "IH対応"),
            ("riveted handle", "genieteter Griff", "リベット留め"),
        ),
        STEEL,
    ),
    Kind(
        ("Cutting Board", "Schneidebrett", "まな板"),
        (HOME, _COOKING, Node("1055000103", ("Cutting Boards", "Schneidebretter", "まな板"))),
        899,
        4999,
        (
            ("with juice groove", "mit Saftrille", "溝付き"),
            ("oiled by hand", "von Hand geölt", "手塗りオイル仕上げ"),
            ("40 x 25 cm", "40 x 25 cm", "40×25cm"),
        ),
        WOOD,
    ),
    Kind(
        ("Coffee Grinder", "Kaffeemühle", "コーヒーミル"),
        (HOME, _COOKING, Node("1055000104", ("Coffee Grinders", "Kaffeemühlen", "コーヒーミル"))),
        2499,
        159999,
        (
            ("18 grades", "18 Mahlgrade", "18段階"),
            ("quiet gears", "leises Getriebe", "静音"),
            ("for 40 g of beans", "für 40 g Bohnen", "40g用"),
        ),
        STEEL,
    ),
    Kind(
        ("Water Bottle", "Trinkflasche", "水筒"),
        (HOME, _COOKING, Node("1055000105", ("Bottles", "Flaschen", "水筒"))),
        999,
        3999,
        (
            ("750 ml", "750 ml", "750ml"),
            ("keeps cold for a day", "hält einen Tag kalt", "一日保冷"),
            ("leak-proof lid", "auslaufsicherer Deckel", "漏れない蓋"),
        ),
        STEEL,
    ),
    Kind(
        ("Storage Box", "Aufbewahrungsbox", "収納ボックス"),
        (HOME, _LIVING, Node("1055000106", ("Storage", "Aufbewahrung", "収納"))),
        799,
        5999,
        (
            ("with lid", "mit Deckel", "蓋付き"),
            ("stackable", "stapelbar", "積み重ね可"),
            ("30 litres", "30 Liter", "30リットル"),
        ),
        _PLASTIC,
    ),
    Kind(
        ("Desk Lamp", "Schreibtischlampe", "デスクライト"),
        (HOME, _LIVING, Node("1055000107", ("Lamps", "Lampen", "照明"))),
        1899,
        14999,
        (
            ("warm light", "warmes Licht", "電球色"),
            ("dims in five steps", "in fünf Stufen dimmbar", "5段階調光"),
            ("folding arm", "klappbarer Arm", "折りたたみ式"),
        ),
        STEEL,
    ),
    Kind(
        ("Blanket", "Wolldecke", "ブランケット"),
        (HOME, _LIVING, Node("1055000108", ("Blankets", "Decken", "毛布"))),
        1999,
        9999,
        (
            ("130 x 170 cm", "130 x 170 cm", "130×170cm"),
            ("machine washable", "maschinenwaschbar", "洗濯機対応"),
            ("hemmed edge", "gesäumter Rand", "縁かがり"),
        ),
        COTTON,
    ),
    Kind(
        ("Pillow", "Kopfkissen", "枕"),
        (HOME, _LIVING, Node("1055000109", ("Pillows", "Kissen", "枕"))),
        1299,
        7999,
        (
            ("for side sleepers", "für Seitenschläfer", "横向き寝用"),
            ("cool to the touch", "kühl im Griff", "ひんやり"),
            ("with zip", "mit Reißverschluss", "ファスナー付き"),
        ),
        COTTON,
    ),
    Kind(
        ("Laundry Basket", "Wäschekorb", "洗濯かご"),
        (HOME, _LIVING, Node("1055000110", ("Laundry", "Wäschepflege", "洗濯"))),
        1599,
        5999,
        (
            ("with two handles", "mit zwei Henkeln", "持ち手2つ"),
            ("folds flat", "flach faltbar", "平らに畳める"),
            ("60 litres", "60 Liter", "60リットル"),
        ),
        _PLASTIC,
    ),
    Kind(
        ("Wall Clock", "Wanduhr", "掛け時計"),
        (HOME, _LIVING, Node("1055000111", ("Clocks", "Uhren", "時計"))),
        1499,
        24999,
        (
            ("no ticking", "ohne Ticken", "音がしない"),
            ("30 cm wide", "30 cm breit", "直径30cm"),
            ("large digits", "große Ziffern", "大きな数字"),
        ),
        GLASS,
    ),
    Kind(
        ("Teapot", "Teekanne", "急須"),
        (HOME, _COOKING, Node("1055000112", ("Teapots", "Teekannen", "急須"))),
        1299,
        6999,
        (
            ("with strainer", "mit Sieb", "茶こし付き"),
            ("for four cups", "für vier Tassen", "4杯用"),
            ("heat-proof", "hitzefest", "耐熱"),
        ),
        GLASS,
    ),
    Kind(
        ("Cordless Screwdriver", "Akkuschrauber", "電動ドライバー"),
        (_TOOLS, Node("2280000101", ("Screwdrivers", "Schrauber", "ドライバー"))),
        2999,
        19999,
        (
            ("with 30 bits", "mit 30 Bits", "ビット30本付き"),
            ("lights the work", "beleuchtet die Arbeit", "ライト付き"),
            ("two batteries", "zwei Akkus", "電池2個"),
        ),
        STEEL,
    ),
    Kind(
        ("Headphones", "Kopfhörer", "ヘッドホン"),
        (_ELECTRONICS, Node("1720000101", ("Headphones", "Kopfhörer", "ヘッドホン"))),
        2499,
        129900,
        (
            ("40 hours of music", "40 Stunden Musik", "40時間再生"),
            ("folds small", "klein faltbar", "折りたたみ式"),
            ("soft ear pads", "weiche Ohrpolster", "柔らかいイヤーパッド"),
        ),
        _PLASTIC,
    ),
    Kind(
        ("Power Bank", "Powerbank", "モバイルバッテリー"),
        (_ELECTRONICS, Node("1720000102", ("Chargers", "Ladegeräte", "充電器"))),
        1599,
        8999,
        (
            ("10,000 mAh", "10.000 mAh", "10000mAh"),
            ("two ports", "zwei Anschlüsse", "2ポート"),
            ("fits a pocket", "passt in die Tasche", "ポケットサイズ"),
        ),
        _PLASTIC,
    ),
)

GROCERIES = (
    Kind(
        ("Green Tea", "Grüner Tee", "緑茶"),
        (_GROCERY, Node("1630000101", ("Tea", "Tee", "お茶"))),
        499,
        2999,
        (
            ("loose leaves", "lose Blätter", "茶葉"),
            ("spring harvest", "Frühlingsernte", "新茶"),
            ("sealed bag", "Aromabeutel", "密封袋"),
        ),
        ("Tea leaves", "Teeblätter", "茶葉"),
    ),
    Kind(
        ("Coffee Beans", "Kaffeebohnen", "コーヒー豆"),
        (_GROCERY, Node("1630000102", ("Coffee", "Kaffee", "コーヒー"))),
        899,
        3999,
        (
            ("dark roast", "dunkle Röstung", "深煎り"),
            ("whole beans", "ganze Bohnen", "豆のまま"),
            ("hint of cocoa", "mit Kakaonote", "カカオの香り"),
        ),
        ("Coffee beans", "Kaffeebohnen", "コーヒー豆"),
    ),
    Kind(
        ("Olive Oil", "Olivenöl", "オリーブオイル"),
        (_GROCERY, Node("1630000103", ("Oil", "Öl", "油"))),
        799,
        4999,
        (
            ("cold pressed", "kalt gepresst", "低温圧搾"),
            ("tin can", "Blechkanister", "缶入り"),
            ("mild", "mild", "まろやか"),
        ),
        ("Olives", "Oliven", "オリーブ"),
    ),
    Kind(
        ("Oat Bars", "Haferriegel", "オーツバー"),
        (_GROCERY, Node("1630000104", ("Snacks", "Snacks", "おやつ"))),
        399,
        1999,
        (
            ("with apple", "mit Apfel", "りんご入り"),
            ("no added sugar", "ohne Zuckerzusatz", "砂糖不使用"),
            ("box of twelve", "12er-Box", "12本入り"),
        ),
        ("Oats, apple, honey", "Hafer, Apfel, Honig", "オーツ麦、りんご、はちみつ"),
    ),
)

_CUT: tuple[Text, ...] = (
    ("soft on the skin", "weich auf der Haut", "肌にやさしい"),
    ("washes at 40 °C", "waschbar bei 40 °C", "40℃洗濯可"),
    ("keeps its shape", "formstabil", "型崩れしにくい"),
)
APPAREL = tuple(
    Kind(noun, (_CLOTHES, Node(f"71410001{n:02}", noun)), low, high, _CUT, COTTON)
    for n, (noun, low, high) in enumerate(
        (
            (("Hoodie", "Kapuzenpullover", "パーカー"), 2499, 5999),
            (("T-Shirt", "T-Shirt", "Tシャツ"), 999, 2499),
            (("Trousers", "Hose", "ズボン"), 2999, 7999),
            (("Rain Jacket", "Regenjacke", "レインジャケット"), 3999, 12999),
            (("Pyjamas", "Schlafanzug", "パジャマ"), 1999, 4999),
            (("Summer Dress", "Sommerkleid", "夏ワンピース"), 2499, 6999),
            (("Cardigan", "Strickjacke", "カーディガン"), 2999, 8999),
            (("Apron", "Schürze", "エプロン"), 1299, 2999),
        )
    )
)

BRANDS = (
    "Zelquist",
    "Morvane",
    "Tundrelle",
    "Oakumi",
    "Pivarro",
    "Lumbrik",
    "Fennqua",
    "Hazzelby",
    "Brontiva",
    "Quillomar",
)
COLOURS: tuple[Text, ...] = (
    ("Moss Green", "Moosgrün", "モスグリーン"),
    ("Slate Gray", "Schiefergrau", "スレートグレー"),
    ("Cream White", "Cremeweiß", "クリームホワイト"),
    ("Ink Blue", "Tintenblau", "インクブルー"),
    ("Brick Red", "Ziegelrot", "レンガレッド"),
)
SELLERS = (
    ("Harbour & Finch Trading", "A1DEMOHARBOUR1"),
    ("Käthes Kramladen GmbH", "A2DEMOKAETHES2"),
    ("やまびこ商店", "A3DEMOYAMABIK3"),
)
AUTHORS: tuple[Text, ...] = (
    ("Ottilie Marrowby", "Ottilie Marrowby", "オティリー・マロウビー"),
    ("Jórunn Vælksdóttir", "Jórunn Vælksdóttir", "ヨルン・ヴェルクスドッティル"),
    ("Bastien O'Quell", "Bastien O'Quell", "バスティアン・オクエル"),
    ("Tamsin Okonjelu", "Tamsin Okonjelu", "タムシン・オコンジェル"),
    ("Mizuho Karasuda", "Mizuho Karasuda", "烏田みずほ"),
)
PLACES: tuple[Text, ...] = (
    ("Velmora", "Velmora", "ヴェルモラ"),
    ("Quandel", "Quandel", "クアンデル"),
    ("Ostrebay", "Ostrebay", "オストレベイ"),
    ("Tirrin", "Tirrin", "ティリン"),
    ("Halloway Deep", "Halloway Deep", "ハロウェイ海淵"),
)
BOOK_TITLES: tuple[Text, ...] = (
    ("The Lighthouse of {}", "Der Leuchtturm von {}", "{}の灯台"),
    ("Nine Winters in {}", "Neun Winter in {}", "{}の九つの冬"),
    ("A Map to {}", "Eine Karte nach {}", "{}への地図"),
    ("The Baker of {}", "Der Bäcker von {}", "{}のパン屋"),
    ("Letters from {}", "Briefe aus {}", "{}からの手紙"),
    ("The Last Ferry to {}", "Die letzte Fähre nach {}", "{}行き最終便"),
    ("Gardens of {}", "Die Gärten von {}", "{}の庭"),
    ("Whales over {}", "Wale über {}", "{}の空の鯨"),
)
EDGE_TITLES: tuple[str, ...] = (
    "Long name " + "that goes on and on with every word a shop could think of, " * 8 + "end",
    "🫖 Tea time ☕ set with 🍪 tray 🎁",
    "12\" pan \"Giant\" with 'loose' lid – 5' cord",
    "Salt & Pepper <Set> &amp; mill",
    "Mark\u200f between \u200eletters\u200f \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
    "Cafe\u0301 Cre\u0300me Bo\u0308wl",
    "Narrow\u00a0spaces  and\u2009thin\tones",
    "Γυαλί ποτήρι · Стеклянный стакан · 유리컵",
    "Ge\u00adwürz\u00adregal mit weichem Trennstrich",
    "½ inch ⅜ drive ™ ® № 5 ℃",
    "1984 2001 42",
    '<script>alert("x")</script> doormat',
    "ＡＢＣ　１２３ full width tray",
    "=SUM(A1:A9) {{ braces }} %s \\ / backslash mug",
)
"""Titles that break careless code, as printed; the same in every locale. Their true values: ``catalogue.clean``."""
