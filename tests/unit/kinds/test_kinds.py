"""Each built-in kind, with its saved cases.

The pages are made up: they come from the built-in marketplace or were written by hand.
"""

import json
import subprocess
import sys
from pathlib import Path

from azscraper.kinds.details import DETAILS
from azscraper.kinds.registry import BUILT_IN
from azscraper.kinds.search import SEARCH
from azscraper.kinds.testing import check_kind

CASES = Path(__file__).parents[2] / "cases"

test_details = check_kind(DETAILS, cases=CASES)
test_search = check_kind(SEARCH, cases=CASES)


def test_each_case_is_of_a_kind():
    expected = {json.loads(path.read_text())["expected"]["kind"] for path in CASES.glob("*/case.json")}
    assert expected <= {name for kind in BUILT_IN for name in (kind.page_name, f"empty_{kind.page_name}")}


def test_the_product_does_without_what_tests_need():
    modules = "azscraper.worker, azscraper.web.app, azscraper.cli.extract, azscraper.kinds.recognise"
    code = f"import sys, {modules}; print({{'hypothesis', 'jsonschema_rs', 'pytest'}} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "set()"


def test_who_lacks_what_tests_need_is_told_what_to_install():
    code = "import sys; sys.modules['hypothesis'] = None; import azscraper.kinds.testing"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.stderr.splitlines()[-1].endswith(
        "The tests of a kind need hypothesis: pip install 'azscraper[testing]'"
    )
