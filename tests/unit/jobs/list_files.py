"""Files as people have them, each with the targets that are right. Made here: nothing of them is kept on disk."""

import io
import zipfile
from dataclasses import dataclass

import xlsxwriter

A, B, C = "B0DEMO0001", "B0DEMO0002", "B0DEMO0003"
COM, DE = "https://www.amazon.com", "https://www.amazon.de"


@dataclass(frozen=True)
class ListFile:
    """A file and what is right."""

    id: str
    name: str
    body: bytes
    type: str
    targets: tuple[str, ...]
    left_out: tuple[int, ...] = ()
    """Rows that are passed over or rejected."""


def book(*sheets, hidden=()):
    """A workbook; a cell is a value, or a function of (sheet, row, column)."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file) as made:
        for number, (name, rows) in enumerate(sheets):
            sheet = made.add_worksheet(name)
            if number in hidden:
                sheet.hide()
                made.worksheets()[0].activate()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    cell(sheet, row, column) if callable(cell) else sheet.write(row, column, cell)
    return file.getvalue()


def link(url, text):
    return lambda sheet, row, column: sheet.write_url(row, column, url, string=text)


def formula(text, value=""):
    return lambda sheet, row, column: sheet.write_formula(row, column, text, None, value)


def text(value):
    return lambda sheet, row, column: sheet.write_string(row, column, value)


def ods(*rows):
    """A sheet of ODS whose cells are texts or (address, text)."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f"<table:table-cell office:value-type='string'><text:p>{_ods(cell)}</text:p></table:table-cell>"
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<office:body><office:spreadsheet><table:table table:name='List'>{cells}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
    return file.getvalue()


def _ods(cell):
    return cell if isinstance(cell, str) else f"<text:a xlink:href='{cell[0]}'>{cell[1]}</text:a>"


def csv(text, encoding="utf-8"):
    return text.encode(encoding)


def products(id, body, targets=(A, B), name="list.csv", left_out=()):  # noqa: A002
    return ListFile(
        id, name, body if isinstance(body, bytes) else csv(body), "details", tuple(targets), tuple(left_out)
    )


def keywords(id, body, targets=("kettle", "coffee mug"), name="list.csv", left_out=()):  # noqa: A002
    return ListFile(id, name, body if isinstance(body, bytes) else csv(body), "search", tuple(targets), tuple(left_out))


HEADERS = {
    "en": "Search query", "de": "Suchbegriff", "fr": "Mot-clé", "fr two": "Termes de recherche", "it": "Parola chiave", "es": "Palabra clave",
    "es two": "Término de búsqueda", "nl": "Zoekterm", "sv": "Sökord", "pl": "Słowo kluczowe", "tr": "Anahtar kelime", "ar": "الكلمة المفتاحية",
    "hi": "कीवर्ड", "ta": "தேடல் சொல்", "ja": "検索キーワード", "pt": "Palavra-chave", "zh": "关键词", "zh tw": "關鍵字", "he": "מילת מפתח", "ko": "키워드",
    "cs": "Klíčové slovo", "da": "Søgeord",
}  # fmt: skip

FILES = [
    products("phone numbers left of it", f"phone,asin\n4155550123,{A}\n4155550124,{B}\n"),
    products("SKUs of ten characters", f"sku,asin\nAB12345678,{A}\nAB12345679,{B}\n"),
    products("SKUs that are like ASINs", f"seller-sku,ASIN\nB012345678,{A}\nB012345679,{B}\n"),
    products("dates of ten digits", f"date,asin\n2025010101,{A}\n2025010102,{B}\n"),
    products("Excel's dates", book(("S", [["Datum", "ASIN"], ["2025010101", A], ["2025010102", B]])), name="a.xlsx"),
    products("the parent left of it", f"parent_asin,asin\nB0PARENT01,{A}\nB0PARENT01,{B}\n"),
    products("the parent right of it", f"(Child) ASIN,(Parent) ASIN,Title\n{A},B0PARENT01,Kettle\n{B},B0PARENT01,Mug\n"),
    products("a business report", f"(Parent) ASIN,(Child) ASIN,Title,Sessions\nB0PARENT01,{A},Kettle,5\nB0PARENT02,{B},Mug,7\n"),
    products("the parent in Japanese", f"親ASIN,商品ASIN\nB0PARENT01,{A}\nB0PARENT02,{B}\n"),
    products("the parent in German", f"Übergeordnete ASIN;ASIN\nB0PARENT01;{A}\nB0PARENT02;{B}\n"),
    products("browse nodes", f"Browse Node;Artikel\n1234567890;{A}\n1234567890;{B}\n"),
    products("one repeated value", f"family,member\nB0PARENT01,{A}\nB0PARENT01,{B}\n"),
    products("one repeated value, no header", f"B0PARENT01,{A}\nB0PARENT01,{B}\n"),
    products("an inventory report", f"item-name\tlisting-id\tseller-sku\tprice\tproduct-id-type\tasin1\tasin2\nKettle\t0101ABCDEF1\tB0SKU00001\t9.99\t1\t{A}\t\nMug\t0101ABCDEF2\tB0SKU00002\t9.99\t1\t{B}\t\n", name="report.txt"),
    products("an FBA report", f"sku\tfnsku\tasin\tproduct-name\nK-1\tX001ABCDE1\t{A}\tKettle\nM-1\tX001ABCDE2\t{B}\tMug\n", name="fba.txt"),
    products("an export with many columns", f'Locale,Image,Title,"Sales Rank: Current",ASIN,"Product Codes: EAN","Variation ASINs"\ncom,https://m.media-amazon.com/images/I/1.jpg,Kettle,120,{A},4006381333931,"B0VARI0001, B0VARI0002"\ncom,https://m.media-amazon.com/images/I/2.jpg,Mug,99,{B},4006381333931,"B0VARI0001"\n'),
    products("EAN beside it", f"EAN,Bezeichnung,ASIN\n4006381333931,Kessel,{A}\n4006381333931,Becher,{B}\n"),
    products("a rank named after it", f"ASIN Rank,ASIN\n1,{A}\n2,{B}\n"),
    products("a column of addresses", f"Name;Link\nKettle;{COM}/dp/{A}\nMug;{DE}/Mug/dp/{B}/ref=x\n", (f"{COM}/dp/{A}", f"{DE}/Mug/dp/{B}/ref=x")),
    products("a header that we don't know", f"Artikel;Code hier\nKessel;{A}\nBecher;{B}\n"),
    products("no header", f"1;{A}\n2;{B}\n"),
    products("invisible marks", f"asin\n\u200e{A}\n{B}\u200b\n"),
    products("quotes and labels", f"asin\n'{A}'\nASIN: {B}\n“{C}”\n", (A, B, C)),
    products("formulas that keep texts", f'asin\n"=""{A}"""\n"=""{B}"""\n'),
    products("lower case and spaces", f"asin\n  {A.lower()} \n{B.lower()}\n"),
    products("full-width letters", "asin\nＢ０ＤＥＭＯ０００１\nＢ０ＤＥＭＯ０００２\n"),
    products("sep=;", f"sep=;\r\nASIN;Title\r\n{A};A\r\n{B};B\r\n"),
    products("sep= and a mark", "\ufeffsep=\t\r\nTitle\tASIN\r\nA\t" + A + "\r\nB\t" + B + "\r\n"),
    products("a title above", f"Price list 2025\n\nASIN,Name\n{A},A\n{B},B\n"),
    products("titles in a workbook", book(("S", [["Price list"], ["of January", "", "draft"], [], ["Name", "ASIN", "Price"], ["A", A, 1], ["B", B, 2]])), name="a.xlsx"),
    products("a table off the corner", book(("S", [[], [], ["", "", "ASIN"], ["", "", A], ["", "", "n/a"], ["", "", B]])), name="a.xlsx", left_out=(5,)),
    products("cells without a value", f"asin\n{A}\nN/A\n{B}\n#N/A\n-\n", left_out=(3, 5, 6)),
    products("errors of a workbook", book(("S", [["ASIN"], [A], [formula("=NA()", "#N/A")], [B]])), name="a.xlsx", left_out=(3,)),
    products("mostly without a value", f"title,asin\nA,N/A\nB,N/A\nC,{A}\nD,#N/A\n", (A,), left_out=(2, 3, 5)),
    products("numbers for ISBNs", "title,isbn\nA,131103628\nB,596000278\nC,1439878676\n", ("0131103628", "0596000278", "1439878676")),
    products("numbers for ISBNs, named ASIN", book(("S", [["ASIN"], [131103628], [596000278], [text("080442957X")]])), ("0131103628", "0596000278", "080442957X"), name="a.xlsx"),
    products("fractions for ISBNs", "isbn\n131103628.0\n9780596000271.0\n", ("0131103628", "0596000278")),
    products("ISBN-13", "Titre;ISBN-13\nA;978-0-13-110362-7\nB;9780596000271\n", ("0131103628", "0596000278")),
    products("books by EAN", "title,EAN\nA,9780131103627\nB,9780596000271\n", ("0131103628", "0596000278")),
    products("GTIN-14 of books", "gtin\n09780131103627\n09780596000271\n", ("0131103628", "0596000278")),
    products("rounded numbers", f"asin\n{A}\n9.78013E+12\n", (A,), left_out=(3,)),
    products("rounded numbers with a comma", f"asin;name\n{A};x\n9,78013E+12;y\n", (A,), left_out=(3,)),
    products("links behind names", book(("S", [["Product", "Price"], [link(f"{COM}/dp/{A}", "Kettle"), 9.99], [link(f"{DE}/dp/{B}", "Mug"), 9.99]])), (f"{COM}/dp/{A}", f"{DE}/dp/{B}"), name="a.xlsx"),
    products("HYPERLINK without a value", book(("S", [["ASIN"], [formula(f'=HYPERLINK("{COM}/dp/{A}","{A}")')], [formula(f'=HYPERLINK("{COM}/dp/{B}","{B}")')]])), (f"{COM}/dp/{A}", f"{COM}/dp/{B}"), name="a.xlsx"),
    products("HYPERLINK in CSV", f'Product\n"=HYPERLINK(""{COM}/dp/{A}"",""Kettle"")"\n"=HYPERLINK(""{COM}/dp/{B}"";""Mug"")"\n'),
    products("links behind images' names", book(("S", [["Bild"], [link(f"{COM}/gp/product/{A}?th=1", "hier")], [link(f"{COM}/dp/{B}", "hier")]])), (f"{COM}/gp/product/{A}?th=1", f"{COM}/dp/{B}"), name="a.xlsx"),
    products("links of ODS", ods(["Produkt", "Preis"], [(f"{COM}/dp/{A}", "Kessel"), "9"], [(f"{COM}/dp/{B}", "Becher"), "9"]), (f"{COM}/dp/{A}", f"{COM}/dp/{B}"), name="a.ods"),
    products("the second sheet", book(("Read me", [["How to use this file"], ["Fill in the second sheet"]]), ("ASINs", [["ASIN", "Name"], [A, "Kettle"], [B, "Mug"]])), name="a.xlsx"),
    products("a sheet for each marketplace", book(("DE", [["ASIN"], [A]]), ("FR", [["Name", "ASIN"], ["x", B]])), name="a.xlsx"),
    products("a hidden sheet", book(("Now", [["ASIN"], [A], [B]]), ("Old", [["ASIN"], [C]]), hidden=(1,)), name="a.xlsx"),
    products("an empty first sheet", book(("Empty", []), ("List", [["Nr", "ASIN"], [1, A], [2, B]])), name="a.xlsx"),
    products("UTF-16", csv(f"Title\tASIN\nKettle\t{A}\nPot\t{B}\n", "utf-16"), name="list.txt"),
    products("UTF-16 without a mark", csv(f"Title\tASIN\nKettle\t{A}\nPot\t{B}\n", "utf-16-le")),
    products("cp1252", csv(f"Titel;ASIN\nKöfferchen;{A}\nTöpfe;{B}", "cp1252")),
    products("cp932", csv(f"ASIN,商品名\n{A},電気ケトル\n{B},マグカップ\n", "cp932")),
    products("GBK", csv(f"商品名称,ASIN\n电热水壶,{A}\n马克杯,{B}\n", "gbk")),
    products("plain notes", f"Products to watch:\n\n- {A} (kettle)\n* {DE}/dp/{B} the mug\n3. {C}\n", (A, f"{DE}/dp/{B}", C), name="notes.txt", left_out=(1,)),
    products("several in a line", f"{A}, {B};{C}\n", (A, B, C), name="list.txt"),
    products("several in a cell", f'set,ASIN\nkitchen,"{A}, {B}"\nbath,{C}\n', (A, B, C)),
    products("long addresses", "link\n" + COM + "/" + "%E3%82%84" * 90 + f"/dp/{A}/ref=sr_1_1\n{COM}/dp/{B}\n", (A, f"{COM}/dp/{B}")),
    products("short links", f"Link\n{COM}/dp/{A}\nhttps://amzn.in/3abcdef\nhttps://z.cn/d/0abcdef\n{COM}/dp/{B}\n", (f"{COM}/dp/{A}", f"{COM}/dp/{B}"), left_out=(3, 4)),
    products("short links that are followed", f"Link\n{COM}/dp/{A}\namzn.to/3abcdef\nhttps://a.co/d/0abcdef\n{COM}/dp/{B}\n", (f"{COM}/dp/{A}", "https://amzn.to/3abcdef", "https://a.co/d/0abcdef", f"{COM}/dp/{B}")),
    products("a blank line keeps the rows' numbers", f"Title,ASIN\n\nA,{A}\nB,nonsense\nC,{B}\n", left_out=(4,)),
    products("cells of two lines keep the rows' numbers", f'Title,ASIN\n"A\nsecond line",{A}\nB,nonsense\nC,{B}\n', left_out=(3,)),
    products("node ids beside them", f"node_id,product\n1234567890,{A}\n1234567891,{B}\n"),
    products("SKUs that are ASINs", f"sku\n{A}\n{B}\n"),
    products("the ASINs of others", f"Competitor ASIN,My ASIN\nB0OTHER001,{A}\nB0OTHER002,{B}\n"),
    products("titles that hold ASINs", f"ASIN - Title,ASIN,Units\n{A} - Kettle,{A},5\n{B} - Mug,{B},6\n"),
    products("an order report", f"amazon-order-id\tpurchase-date\tsku\tasin\tquantity\n111-1234567-1234567\t2025-01-01\tAB12345678\t{A}\t1\n111-1234567-1234568\t2025-01-01\tAB12345679\t{B}\t1\n", name="o.txt"),
    products("a list of a program", f'["{A}", "{B}"]\n', name="list.txt"),
    products("bars", f"sku|asin\nAB12345678|{A}\nAB12345679|{B}\n", name="list.txt"),
    products("lines of an old Mac", f"asin,name\r{A},a\r{B},b\r"),
    products("decimal commas", f"Preis;ASIN\n9,99;{A}\n8,99;{B}\n"),
    products("empty cells of a program", f",asin\n0,{A}\n1,\n2,{B}\n"),
    products("ISBNs of 979", "ISBN\n978-0-13-110362-7\n979-10-90636-07-1\n", ("0131103628", "9791090636071")),
    products("duplicates", f"asin\n{A}\n{A.lower()}\n{B}\n"),
    keywords("ASINs beside them", f"keyword,asin\nkettle,{A}\ncoffee mug,{B}\n"),
    keywords("ASINs left of them", f"ASIN,Keyword,Volume\n{A},kettle,5\n{B},coffee mug,7\n"),
    keywords("volumes left of them", "Search Volume,Keyword\n12000,kettle\n900,coffee mug\n"),
    keywords("ids left of them", "search_id,query\n1,kettle\n2,coffee mug\n"),
    keywords("Brand Analytics", f"Search Frequency Rank,Search Term,Top Clicked Product #1: ASIN\n1,kettle,{A}\n2,coffee mug,{B}\n"),
    keywords("Brand Analytics with its first line", f'"Department=[""Amazon.com""]","Viewing=[""Top Search Terms""]"\n"Search Frequency Rank","Search Term","Top Clicked Brand #1","Top Clicked Product #1: ASIN"\n"1","kettle","Acme","{A}"\n"2","coffee mug","Acme","{B}"\n'),
    keywords("a keyword tool", "Keyword Phrase,Cerebro IQ Score,Search Volume,Keyword Sales,Competing Products\nkettle,1,2,3,>100\ncoffee mug,4,5,6,>200\n"),
    keywords("a keyword tool with a column for each product", f"Keyword Phrase,Search Volume,Competing Products,{A},{B}\nkettle,1,>100,3,4\ncoffee mug,4,>200,,12\n"),
    keywords("query performance", "Search Query,Search Query Score,Search Query Volume\nkettle,1,100\ncoffee mug,2,90\n"),
    keywords("an advertising report", f"Campaign Name,Match Type,Customer Search Term,Clicks\nSpring,EXACT,kettle,4\nSpring,BROAD,coffee mug,2\nSpring,AUTO,{A.lower()},2\n", left_out=(4,)),
    keywords("numbers that are keywords", book(("S", [["keyword"], [1984], ["kettle"]])), ("1984", "kettle"), name="a.xlsx"),
    keywords("ASINs beside them, no header", f"{A},kettle\n{B},coffee mug\n"),
    keywords("query performance of one ASIN", 'ASIN or Product=["B0DEMO0001"],Reporting Range=["Weekly"]\n"Search Query","Search Query Score","Search Query Volume"\n"kettle","1","500"\n"coffee mug","2","400"\n'),
    keywords("Brand Analytics in Japanese", f"検索頻度ランク,検索用語,クリックされた上位商品#1：ASIN\n1,kettle,{A}\n2,coffee mug,{B}\n"),
    keywords("numbers of keywords in Chinese", "关键词编号,关键词,月搜索量\n1,kettle,5\n2,coffee mug,4\n"),
    keywords("a word that may be a header", "phone\nkettle\n", ("phone", "kettle")),
    keywords("no header", "kettle,12000\ncoffee mug,900\n"),
    keywords("one a line", "kettle\ncoffee, ground\n", ("kettle", "coffee, ground"), name="list.txt"),
    keywords("a keyword that is a header's word", "coffee mug\nsearch\nkettle\n", ("coffee mug", "search", "kettle"), name="list.txt"),
    keywords("a second sheet", book(("Info", [["Client", "Acme"], ["Volume", 5]]), ("List", [["Keyword", "Volume"], ["kettle", 5], ["coffee mug", 6]])), name="a.xlsx"),
    keywords("Japanese in cp932", csv("キーワード\nやかん\n電気ケトル\n", "cp932"), ("やかん", "電気ケトル")),
    keywords("Japanese in cp932, no header", csv("やかん\nコーヒーカップ\n", "cp932"), ("やかん", "コーヒーカップ"), name="list.txt"),
    keywords("Chinese in GBK", csv("搜索词,搜索量\n水壶,100\n咖啡杯,50\n", "gbk"), ("水壶", "咖啡杯")),
    keywords("Polish in cp1250", csv("słowo kluczowe;ilość\nkubek żółty;1\nczajnik;2\n", "cp1250"), ("kubek żółty", "czajnik")),
    keywords("Turkish in cp1254", csv("anahtar kelime\nçay makinesi\nşişe ağzı\n", "cp1254"), ("çay makinesi", "şişe ağzı")),
    keywords("Arabic in cp1256", csv("كلمة البحث\nغلاية\nكوب\n", "cp1256"), ("غلاية", "كوب")),
    keywords("French in cp1252", csv("Mot-clé;Volume\nbouilloire;5\nthéière en crème;6\n", "cp1252"), ("bouilloire", "théière en crème")),
    *(keywords(f"a header, {language}", f"Nr;{header};ASIN\n1;kettle;{A}\n2;coffee mug;{B}\n") for language, header in HEADERS.items()),
    *(keywords(f"a header alone, {language}", f"{header}\nkettle\ncoffee mug\n") for language, header in HEADERS.items()),
]  # fmt: skip
