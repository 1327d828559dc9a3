"""Bookmarks of readers of a feed: a file with the cursor in its first line, and below it what it is a cursor of."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from azscraper.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Asked:
    """What is read: cursors of one are of no use for another."""

    project: str
    """Its id."""
    feed: str
    """``rows`` or ``failures``."""
    type: str | None
    where: str | None


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A file, which need not be there yet, of what is asked."""

    path: Path
    asked: Asked

    def cursor(self) -> str | None:
        """What it holds; None where there is no file. The service says so of a cursor that it can't read.

        Raises InvalidInputError for a file that holds none, that is of something else, or that could not be written.
        """
        try:
            lines = self.path.read_text().splitlines()
        except FileNotFoundError:
            lines = None
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInputError(f"{self.path} is not a file with a cursor") from error
        self._require_writable()
        return None if lines is None else self._checked(lines)

    def _checked(self, lines: list[str]) -> str:
        cursor, *notes = lines or [""]
        if not re.fullmatch(r"[0-9.]{5,60}", cursor.strip()) or len(notes) > 1:
            raise self._no_cursor()
        if notes:
            self._require_same(notes[0])
        return cursor.strip()

    def _require_same(self, note: str) -> None:
        try:
            noted = Asked(**orjson.loads(note))
        except (orjson.JSONDecodeError, TypeError):
            raise self._no_cursor() from None
        before, now = asdict(noted), asdict(self.asked)
        for name, value in before.items():
            if value != now[name]:
                raise InvalidInputError(
                    f"{self.path} is of another reader ({name}: {value or 'none'}, here {now[name] or 'none'}); name another file"
                )

    def _no_cursor(self) -> InvalidInputError:
        return InvalidInputError(
            f"{self.path} does not contain a cursor; name another file, or delete it to start from the beginning"
        )

    def _require_writable(self) -> None:
        with self._writing():
            self._draft.touch()
            self._draft.unlink()

    def keep(self, cursor: str) -> None:
        """Write it, whole or not at all. Raises InvalidInputError where that fails."""
        with self._writing():
            self._draft.write_text(f"{cursor}\n{orjson.dumps(asdict(self.asked)).decode()}\n")
            self._draft.replace(self._file)

    @property
    def _file(self) -> Path:
        """Itself: a link stays, and what it points to is written."""
        return Path(os.path.realpath(self.path))

    @property
    def _draft(self) -> Path:
        return self._file.with_name(f"{self._file.name}.{os.getpid()}")

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise InvalidInputError(f"{self.path} can't be written: {error.strerror}") from error
