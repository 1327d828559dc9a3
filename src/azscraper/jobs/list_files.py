"""Files of targets, read in a process of their own: whoever can sign up can send one, and the readers of workbooks are
native code.

The process has 512 MB of memory, 10 s of CPU and 20 s in all; at most two are there at a time, and few files wait for them.
What is read, and how, is in :mod:`azscraper.jobs.target_lists`, which is pure. (A module of its own because both the dashboard and
the command line read files, and neither may know the other.)
"""

import asyncio
import json
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pydantic import TypeAdapter, ValidationError

from azscraper.errors import Detail, InvalidInputError, UnavailableError
from azscraper.jobs.target_lists import Reading
from azscraper.jobs.target_lists.__main__ import NO_MEMORY

MOST_SECONDS = 20.0
MOST_AT_ONCE = 2
MOST_WAITING = 8
MOST_HELD = MOST_AT_ONCE + MOST_WAITING
"""Files that a process of the service holds for its readers; each may be 16 MiB."""
_COMMAND = (sys.executable, "-I", "-m", "azscraper.jobs.target_lists")
_ANSWER = TypeAdapter(Reading)
_SMALLER = "keep the sheet and the columns that you need, or save it as CSV"
_LIMITS = (
    ((None,), f"Reading the file takes more than 20 seconds: {_SMALLER}"),
    ((-signal.SIGXCPU,), f"Reading the file takes more than 10 seconds of processor time: {_SMALLER}"),
    ((NO_MEMORY, -signal.SIGABRT, -signal.SIGKILL), f"Reading the file takes more than 512 MB of memory: {_SMALLER}"),
    ((-signal.SIGXFSZ,), "What the file holds is more than 64 MB of text: split it"),
)
"""Which limit an exit code tells of, in words."""
_readers = ThreadPoolExecutor(MOST_AT_ONCE, "list-files")
_places = threading.BoundedSemaphore(MOST_HELD)


async def read_soon(body: bytes, file_name: str, **wanted: str | bool | None) -> Reading:
    """As ``read``, behind at most eight other files. Raises UnavailableError where more are waiting."""
    if not _places.acquire(blocking=False):
        raise UnavailableError("Too many files are being read: try again in a minute")
    future = _readers.submit(read, body, file_name, **wanted)
    future.add_done_callback(lambda _: _places.release())
    return await asyncio.wrap_future(future)


def read(body: bytes, file_name: str, **wanted: str | bool | None) -> Reading:
    """The targets of a file: ``marketplace`` is where those without a host go, ``kind``, ``sheet``, ``column`` and ``beside``
    as in ``target_lists.read``.

    Raises InvalidInputError for a file that can't be read, or takes more than its process may have.
    """
    packages = [folder for folder in sys.path if folder]
    question = {"packages": packages, "marketplace": "www.amazon.com", "file_name": file_name, **wanted}
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as answer:
        given.write(json.dumps(question).encode() + b"\n" + body)
        given.seek(0)
        code = _run(given, answer)
        answer.seek(0)
        return _read_answer(answer.read()) if code == 0 else _give_up(code)


def _run(given: Any, answer: Any) -> int | None:
    """The exit code, None when the time was over. The environment, where the secrets are, is not handed on."""
    with subprocess.Popen(  # noqa: S603 - our own program
        _COMMAND, stdin=given, stdout=answer, stderr=subprocess.DEVNULL, env={}
    ) as process:
        try:
            return process.wait(MOST_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            return None


def _read_answer(answer: bytes) -> Reading:
    try:
        said = json.loads(answer)
        if "error" in said:
            raise InvalidInputError(said["error"]["message"], [Detail(said["error"]["field"], said["error"]["why"])])
        return _ANSWER.validate_python(said["reading"])
    except (ValueError, KeyError, ValidationError):
        return _give_up(None)


def _give_up(code: int | None) -> Reading:
    message = next((said for codes, said in _LIMITS if code in codes), "The file can't be read: save it as CSV")
    raise InvalidInputError(message, [Detail("file", message)])
