"""Lines of the log: what strangers sent stays within its line and can be seen."""

import io
import logging
import sys

import pytest
import structlog

from azscraper.cli.local.serving.logs import log_to_stderr
from azscraper.config import Settings

HOSTILE = "a\nlevel=error\r\x1b[31m\u202eevil\u2066\u200b\u2028\x85\ud800 ü 鞄"


@pytest.fixture
def written(monkeypatch):
    before = structlog.get_config()
    handlers, level = logging.root.handlers[:], logging.root.level
    error = io.StringIO()
    monkeypatch.setattr(sys, "stderr", error)
    log_to_stderr(Settings())
    yield error
    structlog.configure(**before)
    logging.root.handlers[:], logging.root.level = handlers, level


def test_a_strangers_text_ends_no_line_and_hides_nothing(written):
    structlog.get_logger("x").info(HOSTILE, path=HOSTILE)
    logging.root.handlers[:] = logging.root.handlers[
        :1
    ]  # pytest's own would keep half a character that it can't report
    logging.getLogger("foreign").warning("said %s", HOSTILE)
    lines = written.getvalue().splitlines()
    assert len(lines) == 2
    assert all(line.isprintable() for line in lines)
    assert all(r"\x1b[31m\u202eevil\u2066\u200b\u2028\x85\ud800 ü 鞄" in line for line in lines)


def test_a_trace_is_one_line(written):
    structlog.get_logger("x").error("broke", exc_info=ValueError(HOSTILE))
    (line,) = written.getvalue().splitlines()
    assert r"ValueError: a\nlevel=error\r\x1b[31m" in line
