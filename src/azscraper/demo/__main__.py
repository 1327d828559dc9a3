"""``python -m azscraper.demo --port 0 --faults '{"robot_check": 0.1}' --seed 1``.

Prints the base URL as its first line when it answers, then serves until SIGINT or SIGTERM.
"""

import argparse
import asyncio
import signal
import sys

from uvicorn import Config

from azscraper.demo.app import make_app
from azscraper.demo.faults import Faults, read_faults
from azscraper.demo.server import running_marketplace
from azscraper.errors import InvalidInputError


def main() -> None:
    """Serve the pretend marketplace. Exit status 2 for bad arguments."""
    parser = argparse.ArgumentParser(prog="python -m azscraper.demo", description="A pretend marketplace.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--faults", default="{}", help="JSON object of fault rates and settings")
    parser.add_argument("--seed", type=int, default=1, help="decides which requests fail")
    arguments = parser.parse_args()
    try:
        faults = read_faults(arguments.faults, arguments.seed)
    except InvalidInputError as exc:
        parser.error(exc.message)
    loops = Config(make_app, log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=loops) as runner:
        runner.run(_serve(arguments.port, faults))


async def _serve(port: int, faults: Faults) -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    async with running_marketplace(faults, port=port) as base_url:
        sys.stdout.write(f"{base_url}\n")
        sys.stdout.flush()
        await told_to_stop.wait()


if __name__ == "__main__":
    main()
