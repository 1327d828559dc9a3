import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from azscraper.parse.document import Document, attr, first, lines, select, text

URL = "https://www.amazon.de/dp/B000000001"


def _document(html: str) -> Document:
    return Document(html.encode(), URL)


def test_text_skips_scripts_and_parts_blocks() -> None:
    page = _document("<div id=a>x<b>y</b><script>no</script><style>no</style><p>one<p>two<br>three<!-- c --></div>")
    assert text(page.by_id("a")) == "xy one two three"
    assert lines(page.by_id("a")) == ["xy", "one", "two", "three"]
    assert text(None) == ""


def test_text_stops_at_its_element_and_bears_any_depth() -> None:
    page = _document("<p id=a>in</p>out" + "<div>" * 4000 + "deep")
    assert text(page.by_id("a")) == "in"
    assert text(page.root) == "in out deep"


@pytest.mark.parametrize("unit", ["<div>", "<ul><li>", "<dl><dd>", '<div class="a-section a-spacing-none">'])
@pytest.mark.parametrize("closed", [True, False])
def test_a_nest_beyond_reason_is_not_built(unit: str, *, closed: bool) -> None:
    """Building it would take minutes: its cost grows with the square of the depth."""
    closing = "".join(f"</{tag}>" for tag in reversed(re.findall(r"<(\w+)", unit))) if closed else ""
    page = _document("<p id=a>in</p>" + unit * 30_000 + closing * 30_000)
    assert page.is_beyond_reason
    assert page.ids == {}


def _crowded(count: int, value: str = "1", tag: str = "p") -> str:
    return f"<{tag} " + " ".join(f"a{number}={value}" for number in range(count)) + ">"


@pytest.mark.parametrize("value", ["1", '"x y"', "'>'", "''"])
@pytest.mark.parametrize(("tags", "attributes"), [(1, 300_000), (40, 3000)])
def test_an_element_with_hundreds_of_attributes_is_not_built(value: str, tags: int, attributes: int) -> None:
    """Each is compared with each: minutes of processor time."""
    page = _document("<p id=a>in</p>" + _crowded(attributes, value) * tags)
    assert page.is_beyond_reason
    assert page.ids == {}


@pytest.mark.parametrize(
    "html",
    [
        _crowded(300),
        '<iframe name="' + "a=1 " * 50_000 + '"></iframe>',
        "<script>if (a <b " + "c=1 " * 50_000 + ") {}</script>",
        "<!-- " + "a=1 " * 50_000 + "-->",
    ],
    ids=["three hundred", "one long value", "a script", "a comment"],
)
def test_long_tags_and_long_data_are_built(html: str) -> None:
    page = _document("<p id=a>in</p>" + html)
    assert not page.is_beyond_reason
    assert text(page.by_id("a")) == "in"


def test_long_flat_pages_and_old_tags_are_built() -> None:
    page = _document("<p id=a>in</p>" + "<img src=x>" * 50_000 + "<option>1" * 50_000 + "<b>x</b>" * 50_000)
    assert text(page.by_id("a")) == "in"


def test_ids_that_begin_so_are_found_in_page_order() -> None:
    page = _document("<p id=b-2><p id=a-1><p id=b><p id=ab-3><p id='b-2 x'><p id=b-2>")
    assert [name for name, _ in page.by_prefix("a-", "b-", "b-2")] == ["b-2", "a-1", "b-2 x"]
    assert page.by_prefix("c") == []
    assert Document(b"", URL).by_prefix("b") == []


def test_ids_are_the_first_of_each() -> None:
    page = _document("<i id=a>1</i><i id=a>2</i><i id=b title=' t '></i><i id=''></i>")
    assert text(page.by_id("x", "a")) == "1"
    assert attr(page.by_id("b"), "title") == "t"
    assert attr(page.by_id("a"), "title") is None
    assert page.by_id("x") is None
    assert select(None, "i") == []
    assert first(None, "i") is None


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ("é–".encode(), URL),
        ("\ufeffé–".encode(), URL),
        ("é–".encode("utf-16-le"), URL),
        ("é–".encode("cp1252"), URL),
        (b'<meta charset="iso-8859-1">' + "é–".encode("cp1252"), URL),
        (b"<meta content='text/html; charset=utf-8'>" + "é–".encode(), URL),
        ("é–".encode("utf-16-be"), URL),
    ],
)
def test_encodings(body: bytes, url: str) -> None:
    if body.startswith((b"\xe9\x00", b"\x00\xe9")):
        body = (b"\xff\xfe" if body.startswith(b"\xe9") else b"\xfe\xff") + body
    assert text(Document(body, url).root) == "é–"


def test_old_pages_of_japan_and_china_declare_nothing() -> None:
    assert text(Document("在庫あり".encode("cp932"), "https://www.amazon.co.jp/").root) == "在庫あり"
    assert text(Document("现在有货".encode("gb18030"), "https://www.amazon.cn/").root) == "现在有货"
    assert text(Document(b"<meta charset=gbk>" + "有货".encode("gbk"), URL).root) == "有货"


def test_a_page_saved_as_printed_bytes_reads() -> None:
    saved = str("<p>\n\n\n<i id=a>é</i>".encode()).encode()
    assert text(Document(saved, URL).by_id("a")) == "é"


@pytest.mark.parametrize(
    ("html", "language"),
    [
        ('<html lang="en-us">', "en-US"),
        ('<html lang="de">', "de"),
        ('<html><script>{"language":"pt_BR"}</script>', "pt-BR"),
        ("<html><script>my language</script>", None),
    ],
)
def test_language(html: str, language: str | None) -> None:
    assert _document(html).language == language


def test_islands() -> None:
    page = _document("""<script>var a = {'colorImages': { 'initial': [{"large":"x"}] }, "n" : {"k":[1]}, "bad": {oops},
        "text": "n", }</script><script>{"bad": [2]}</script>""")
    assert page.island(b"initial") == [{"large": "x"}]
    assert page.island(b'"n"') == {"k": [1]}
    assert page.island(b'"bad"') == [2]
    assert page.island(b'"absent"') is None
    assert page.island(b'"n"', 1, 10) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('{"a": ["é", 1]},"b": 2});', {"a": ["é", 1]}),
        ("[1,\n 2], more", [1, 2]),
        ('["a\tb"] // a tab', ["a\tb"]),
        ('["\\ud83d"], half a pair', ["\ud83d"]),
        ('["open', None),
    ],
)
def test_an_island_ends_where_its_value_does(written: str, value: object) -> None:
    assert _document(f'<script>x = {{"key": {written}</script>').island(b"key") == value


def test_a_deep_island_is_none() -> None:
    assert _document("<script>{'a':" + "[" * 100_000 + "</script>").island(b"a") is None


@given(st.binary(max_size=300))
def test_any_bytes_are_a_document(body: bytes) -> None:
    page = Document(body, "nowhere")
    text(page.root)
    assert page.marketplace.host == "www.amazon.com"
    assert isinstance(page.ids, dict)


def test_once_works_things_out_once() -> None:
    page, calls = _document("<p>"), []
    for _ in range(2):
        page.once(calls.append)
    assert calls == [page]


def test_a_nest_beyond_any_page_has_no_parts() -> None:
    page = _document("<div id=a>" + "<i>x</i>" * 1001)
    assert select(page.by_id("a"), "i") == []
    assert len(select(_document("<div id=a>" + "<i>x</i>" * 1000).by_id("a"), "i")) == 1000


@pytest.mark.parametrize(
    ("html", "host"),
    [
        ('<link rel="canonical" href="https://www.amazon.de/x/dp/B0DEMO0001">', "www.amazon.de"),
        ("<link href='https://www.amazon.co.jp/dp/B0DEMO0001' rel='canonical' />", "www.amazon.co.jp"),
        ("<script>var ue_sn = 'www.amazon.fr';</script>", "www.amazon.fr"),
        ('<link rel="canonical" href="https://example.com/dp/B0DEMO0001">', "www.amazon.com"),
        ("<script>var ue_sn = 'opfcaptcha.amazon.in';</script>", "www.amazon.com"),
        (
            '<a href="https://www.amazon.it/x"></a><a href="https://www.amazon.it/"></a><a href="//www.amazon.de/">',
            "www.amazon.it",
        ),
        ("", "www.amazon.com"),
    ],
)
def test_a_page_without_an_address_names_its_site(html, host):
    assert Document(html.encode(), "").marketplace.host == host
    assert Document(html.encode(), "https://www.amazon.es/dp/B0DEMO0001").marketplace.host == "www.amazon.es"


def test_the_year_of_the_copyright_line() -> None:
    page = "<html><body><p>{}</p></body></html>"
    lines = (
        "© 1996-2026, Amazon.com, Inc. or its affiliates",
        "© 1996-2024 Amazon.com Inc. ou ses affiliés",
        "© 1996-2018，亚马逊公司或其关联公司",
        "© 2020",
    )
    assert [Document(page.format(line).encode(), "").served.year for line in lines] == [2026, 2024, 2018, None]


def test_an_island_inside_a_string_of_a_script() -> None:
    script = r"""<script>var data = jQuery.parseJSON('{"videos":[{"title":"Kim\'s kettle","size":"5\\" tall"}]}');</script>"""
    assert Document(f"<html><body>{script}</body></html>".encode(), "").island(b'"videos"') == [
        {"title": "Kim's kettle", "size": '5" tall'}
    ]


def test_marks_are_looked_for_in_each_address_by_itself() -> None:
    page = _document(
        '<a href="/a=on">1</a><a href>2</a><a href="e_b">3</a><a href="/é=one_=one_">4</a><a href="x">5</a>'
    )
    assert [text(link) for link in page.links("=one_")] == ["4"]
    assert [text(link) for link in page.links("e_", "=on", "gone")] == ["1", "3", "4"]
    assert page.links() == []


def test_of_elements_with_the_same_id_the_first_counts() -> None:
    page = _document("<i id=b>1</i><i id=a>2</i><i id>3</i><i id=b>4</i><i id=ab>5</i><i id=a>6</i>")
    assert {name: text(node) for name, node in page.ids.items()} == {"b": "1", "a": "2", "ab": "5"}
    assert [name for name, _ in page.by_prefix("a", "b")] == ["b", "a", "ab"]
