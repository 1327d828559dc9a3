from pathlib import Path

from azscraper.kinds.testing import check_kind
from azscraper.kinds.things import THINGS

test_things = check_kind(THINGS, cases=Path(__file__).parents[2] / "cases")
