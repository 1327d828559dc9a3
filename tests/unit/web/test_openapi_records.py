"""The document describes the rows of every kind, wherever there are rows."""

import pytest

from azscraper.kinds.registry import kinds
from azscraper.results import formats
from azscraper.results.formats import Format
from integration.one_app import plain

pytestmark = pytest.mark.xdist_group("document")  # making it takes longer than looking at it


@pytest.fixture(scope="module")
def document():
    return plain().openapi()


def test_rows_are_told_apart_by_record(document):
    schemas = document["components"]["schemas"]
    names = {record.__name__ for kind in kinds().values() for record in kind.records}
    for prefix in ("", "Stored"):
        mapping = schemas[f"{prefix}Row"]["discriminator"]["mapping"]
        assert mapping == {name: f"#/components/schemas/{prefix}{name}" for name in names}
        assert all(schemas[f"{prefix}{name}"]["properties"]["record"]["const"] == name for name in names)
    assert all("meta" in schemas[f"Stored{name}"]["required"] for name in names)


def test_a_file_of_json_is_described_as_the_rows_of_an_answer_are(document):
    answer = document["components"]["schemas"]["Rows"]["properties"]["data"]
    of_files = document["paths"]["/jobs/{job_id}/export"]["get"]["responses"]["200"]["content"]
    assert of_files[formats.MEDIA_TYPES[Format.JSON]]["schema"] == answer


def test_each_shape_has_a_name_of_its_own(document):
    """Two models of one name are told apart by their modules, which no generated client should be called after."""
    assert [name for name in document["components"]["schemas"] if name.startswith("azscraper")] == []
