"""Workbooks (XLSX, XLSB, XLS, ODS) as sheets of texts, with the addresses behind their cells.

calamine reads cells; it tells neither hyperlinks nor formulas nor errors, which are read here out of the XML of XLSX and ODS.
(openpyxl gives no hyperlinks when it streams, and takes ten times the memory when it does not.)
"""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET  # expat refuses entity bombs, and the reading process has limits

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from azscraper.jobs.target_lists.tables import MOST_COLUMNS, MOST_ROWS, Sheet, bounded, unreadable

_SIGNS_OF_LINKS = (b"yperlink", b"YPERLINK", b't="e"', b"<text:a")
_HYPERLINK = re.compile(
    r"^\s*=?\s*(?:of:=)?HYPERLINK\s*\(\s*\"((?:[^\"]|\"\")*)\"(?:\s*[,;]\s*\"((?:[^\"]|\"\")*)\")?", re.IGNORECASE
)
_CELL = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_MOST_CELLS_OF_A_LINK = 10_000
_BLOCK = 1 << 20

Place = tuple[int, int]
"""1-based row and 0-based column."""
Texts = dict[Place, str]


def is_workbook(body: bytes) -> bool:
    """Whether the bytes begin as a ZIP archive, or as the compound file that came before it."""
    return body.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))


def read_workbook(body: bytes) -> list[Sheet]:
    """Its sheets, without charts. Raises InvalidInputError for what is no workbook, or one that is too large."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheets = [
            (book.get_sheet_by_index(index), meta.visible is not SheetVisibleEnum.Visible)
            for index, meta in enumerate(book.sheets_metadata)
            if meta.typ is SheetTypeEnum.WorkSheet
        ]
        behind = _behind_cells(body)
        return [_sheet(sheet, *behind.get(sheet.name, ({}, {})), hidden=hidden) for sheet, hidden in sheets]
    except (CalamineError, OSError, ValueError, KeyError, zipfile.BadZipFile, ET.ParseError) as exc:
        raise unreadable("The file is not a workbook that can be read: save it as XLSX or CSV") from exc


def _sheet(sheet: CalamineSheet, texts: Texts, links: Texts, *, hidden: bool) -> Sheet:
    if sheet.end is not None and (sheet.end[0] >= MOST_ROWS or sheet.end[1] >= MOST_COLUMNS):
        most = f"has more than {MOST_ROWS:,} rows or {MOST_COLUMNS:,} columns: keep those that you need"
        raise unreadable(f"The sheet {sheet.name!r} {most}", f"A sheet of the file {most}")
    rows = [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (number, column), text in texts.items():
        _fill(rows, number, column, text)
    return Sheet(sheet.name, bounded(rows), links, hidden)


def _text(cell: object) -> str:
    """A cell as text: spreadsheets keep whole numbers as fractions."""
    if isinstance(cell, str):
        return cell
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _fill(rows: list[list[str]], number: int, column: int, text: str) -> None:
    """Put the text into an empty cell."""
    if number > MOST_ROWS or column >= MOST_COLUMNS:
        return
    rows.extend([] for _ in range(number - len(rows)))
    row = rows[number - 1]
    row.extend("" for _ in range(column + 1 - len(row)))
    row[column] = row[column] or text


def _behind_cells(body: bytes) -> dict[str, tuple[Texts, Texts]]:
    """By sheet: texts of cells that calamine leaves empty, and addresses behind cells."""
    if not body.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return {name: _of_xlsx(archive, path, names) for name, path in _paths(archive) if path in names}
        return _of_ods(archive) if "content.xml" in names else {}


def _paths(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Name and part of each sheet."""
    targets = _relations(archive, "xl/_rels/workbook.xml.rels")
    for element in ET.fromstring(archive.read("xl/workbook.xml")).iter():  # noqa: S314 - see the import
        if _tag(element) == "sheet":
            target = targets.get(_attribute(element, "id"), "")
            yield element.get("name", ""), target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _relations(archive: zipfile.ZipFile, path: str) -> dict[str, str]:
    if path not in archive.namelist():
        return {}
    elements = ET.fromstring(archive.read(path))  # noqa: S314 - the same
    return {element.get("Id", ""): element.get("Target", "") for element in elements}


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]


def _attribute(element: ET.Element, name: str) -> str:
    """The attribute of that name in a namespace, else without one."""
    found = (value for key, value in element.attrib.items() if key.endswith(f"}}{name}"))
    return next(found, element.get(name, ""))


def _of_xlsx(archive: zipfile.ZipFile, path: str, names: set[str]) -> tuple[Texts, Texts]:
    texts: Texts = {}
    links: Texts = {}
    if not _has_links(archive, path):
        return texts, links
    folder, _, file = path.rpartition("/")
    relations = _relations(archive, f"{folder}/_rels/{file}.rels") if f"{folder}/_rels/{file}.rels" in names else {}
    with archive.open(path) as part:
        for _, element in ET.iterparse(part):  # noqa: S314 - the same
            if _tag(element) == "c":
                _take_cell(element, texts, links)
            elif _tag(element) == "row":
                element.clear()
            elif _tag(element) == "hyperlink":
                address = relations.get(_attribute(element, "id"), "")
                links.update((place, address) for place in _places(element.get("ref", "")) if address)
    return texts, links


def _has_links(archive: zipfile.ZipFile, path: str) -> bool:
    """Whether the second reading, in Python, can bring anything."""
    before = b""
    with archive.open(path) as part:
        while block := part.read(_BLOCK):
            if any(sign in before + block for sign in _SIGNS_OF_LINKS):
                return True
            before = block[-16:]
    return False


def _take_cell(cell: ET.Element, texts: Texts, links: Texts) -> None:
    is_error = cell.get("t") == "e"
    formula = next((part.text or "" for part in cell if _tag(part) == "f"), "")
    place = next(_places(cell.get("r", "")), None) if is_error or formula else None
    if place is None:
        return
    if is_error:
        texts[place] = next((part.text or "" for part in cell if _tag(part) == "v"), "")
    _take_formula(formula, place, texts, links)


def _take_formula(formula: str, place: Place, texts: Texts, links: Texts) -> None:
    link = _HYPERLINK.match(formula)
    if link is not None:
        links[place] = link[1].replace('""', '"')
        texts[place] = (link[2] or link[1]).replace('""', '"')


def _places(reference: str) -> Iterator[Place]:
    """The cells of ``B2`` or ``B2:B9``."""
    corners = [(int(row), _index(letters)) for letters, row in _CELL.findall(reference)]
    if not corners:
        return
    (top, left), (bottom, right) = corners[0], corners[-1]
    if (bottom - top + 1) * (right - left + 1) <= _MOST_CELLS_OF_A_LINK:
        yield from ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))


def _index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def _of_ods(archive: zipfile.ZipFile) -> dict[str, tuple[Texts, Texts]]:
    found: dict[str, tuple[Texts, Texts]] = {}
    if not _has_links(archive, "content.xml"):
        return found
    row = column = 0
    with archive.open("content.xml") as part:
        for event, element in ET.iterparse(part, ("start", "end")):  # noqa: S314 - the same
            tag = _tag(element)
            if event == "start" and tag == "table":
                texts, links = found.setdefault(_attribute(element, "name"), ({}, {}))
                row = 0
            elif event == "start" and tag == "table-row":
                column = 0
            elif event == "end" and tag in {"table-cell", "covered-table-cell"}:
                _take_ods_cell(element, (row + 1, column), texts, links)
                column += _repeats(element, "number-columns-repeated")
                element.clear()
            elif event == "end" and tag == "table-row":
                row += _repeats(element, "number-rows-repeated")
                element.clear()
    return found


def _take_ods_cell(cell: ET.Element, place: Place, texts: Texts, links: Texts) -> None:
    _take_formula(_attribute(cell, "formula").removeprefix("of:"), place, texts, links)
    for part in cell.iter():
        if _tag(part) == "a":
            links[place] = _attribute(part, "href")


def _repeats(element: ET.Element, name: str) -> int:
    times = _attribute(element, name)
    return int(times) if times.isdigit() else 1
