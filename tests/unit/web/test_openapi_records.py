"""What the document says by hand is what pydantic would write."""

from azscraper.results import formats
from azscraper.results.formats import Format
from azscraper.web.api.results import _FILES
from azscraper.wire.jobs import Rows


def test_a_file_of_json_is_described_as_the_rows_of_an_answer_are():
    described = Rows.model_json_schema(ref_template="#/components/schemas/{model}")["properties"]["data"]
    assert _FILES[formats.MEDIA_TYPES[Format.JSON]]["schema"] == described
