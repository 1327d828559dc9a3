"""The reading process of :mod:`azscraper.jobs.list_files`: limits itself, reads a file from standard input, answers in JSON.

Standard input is one line of JSON (what is wanted) and the file's bytes. Imports no more than the reading takes.
"""

import json
import sys
from dataclasses import asdict

from azscraper import marketplaces
from azscraper.errors import InvalidInputError
from azscraper.jobs.target_lists.reading import read

_MOST_MEMORY_BYTES = 512 * 1024 * 1024
_MOST_CPU_SECONDS = 10
NO_MEMORY = 3
"""The exit code where the memory was not enough."""
_MOST_ANSWER_BYTES = 64 * 1024 * 1024


def _main() -> None:
    _limit()
    wanted = json.loads(sys.stdin.buffer.readline())
    sys.path += wanted.pop("packages")  # of the service, whose environment is not handed on: kinds may be among them
    answer: dict[str, object]
    try:
        default = marketplaces.find(wanted.pop("marketplace"))
        answer = {"reading": asdict(read(sys.stdin.buffer.read(), wanted.pop("file_name"), default, **wanted))}
    except InvalidInputError as error:
        [detail, *_] = error.details
        answer = {"error": {"message": error.message, "field": detail.field, "why": detail.message}}
    except MemoryError:
        sys.exit(NO_MEMORY)
    json.dump(answer, sys.stdout)


def _limit() -> None:
    """Have the system end this process where a file wants too much of it; native code can't be stopped otherwise."""
    try:
        import resource  # noqa: PLC0415 - not on every system
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_SECONDS, _MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_ANSWER_BYTES, _MOST_ANSWER_BYTES))
    if sys.platform == "linux":  # elsewhere the limit counts what a process maps, or nothing
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY_BYTES, _MOST_MEMORY_BYTES))


if __name__ == "__main__":
    _main()
