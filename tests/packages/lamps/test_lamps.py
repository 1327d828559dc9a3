"""All that the author of a kind writes to have it tested."""

from pathlib import Path

from azscraper_lamps import LAMPS

from azscraper.kinds.testing import check_kind

test_lamps = check_kind(LAMPS, cases=Path(__file__).parent / "cases")
