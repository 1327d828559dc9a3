"""Lines on standard error: one form for our own and for those of libraries."""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from azscraper.config import Settings

_FIRST = ["timestamp", "level", "event"]


def log_to_stderr(settings: Settings) -> None:
    """Log as the settings say, with what is bound to the running task (job, lane, target) on each line."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [structlog.processors.format_exc_info, _renderer(settings.log_format)]
    structlog.configure(
        processors=[*shared, *last],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last],
        )
    )
    logging.basicConfig(level=max(level, logging.WARNING), handlers=[handler], force=True)


def _renderer(log_format: str) -> Processor:
    if log_format == "json":
        return structlog.processors.JSONRenderer()
    return _on_one_line(structlog.processors.LogfmtRenderer(key_order=_FIRST, drop_missing=True))


def _on_one_line(render: Processor) -> Processor:
    """Whatever a stranger sent ends no line, steers no terminal and turns no text around. JSON escapes by itself."""

    def one_line(logger: Any, name: str, event: EventDict) -> str:
        line = str(render(logger, name, event))
        return line if line.isprintable() else "".join(map(_seen, line))

    return one_line


def _seen(char: str) -> str:
    """The character, or its escape where nobody would see it (control, bidi, zero width, lone surrogates)."""
    return char if char.isprintable() else char.encode("unicode_escape").decode()
