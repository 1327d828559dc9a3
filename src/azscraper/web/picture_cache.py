"""Pictures on the disk, in a folder of at most so many bytes; the oldest leave first. Blocks: call it in a thread."""

import hashlib
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from time import time

_DAY_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it goes to the browser."""

    media_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class PictureCache:
    """One folder, shared by all processes of a machine: files appear whole, and may be gone at any time."""

    folder: Path
    most_bytes: int = 200 * 1024 * 1024
    """A small picture has about 15 KB."""
    most_days: int = 30

    def get(self, url: str) -> Picture | None:
        """What was put there under the address, None where there is nothing any more."""
        path = self._path(url)
        with suppress(OSError):
            if path.stat().st_mtime > time() - self.most_days * _DAY_SECONDS:
                media_type, _, body = path.read_bytes().partition(b"\n")
                return Picture(media_type.decode(), body)
        return None

    def put(self, url: str, picture: Picture) -> None:
        """Keep it, and let the oldest go where there are too many. A disk that is full or read-only keeps nothing."""
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                file.write(picture.media_type.encode() + b"\n" + picture.body)
            os.replace(file.name, self._path(url))  # noqa: PTH105 - replaces what another process has put there
            if self._path(url).name.endswith("0"):  # each sixteenth looks through the folder
                self.let_go()

    def _path(self, url: str) -> Path:
        return self.folder / hashlib.sha256(url.encode()).hexdigest()

    def let_go(self) -> None:
        """Remove the oldest until the rest is within the bound."""
        files = sorted((entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in os.scandir(self.folder))
        excess = sum(size for _, size, _ in files) - self.most_bytes
        for _, size, path in files:
            if excess <= 0:
                return
            with suppress(OSError):
                Path(path).unlink()
            excess -= size
