"""``python -m azscraper.demo --port 0 --faults '{"robot_check": 0.1}' --seed 1 --moves --speed 3600``.

Prints the base URL as its first line when it answers, then serves until SIGINT or SIGTERM.
"""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime

from uvicorn import Config

from azscraper.clock import utc_now
from azscraper.demo.app import make_app
from azscraper.demo.faults import Faults, read_faults
from azscraper.demo.goods.moves import Clock
from azscraper.demo.server import running_marketplace
from azscraper.errors import InvalidInputError

_FASTEST = 1e6


def main() -> None:
    """Serve the pretend marketplace. Exit status 2 for bad arguments."""
    parser = argparse.ArgumentParser(prog="python -m azscraper.demo", description="A pretend marketplace.")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--faults", default="{}", help="JSON object of fault rates and settings")
    parser.add_argument("--seed", type=int, default=1, help="decides which requests fail, and what moves")
    parser.add_argument("--moves", action="store_true", help="prices, stock, ranks and orders change with the time")
    parser.add_argument(
        "--speed", type=float, default=1.0, help="with --moves: its seconds per second, up to a million"
    )
    parser.add_argument("--start", type=datetime.fromisoformat, help="with --moves: the time at which it begins")
    arguments = parser.parse_args()
    try:
        faults = read_faults(arguments.faults, arguments.seed)
    except InvalidInputError as exc:
        parser.error(exc.message)
    if not 0 <= arguments.speed <= _FASTEST:
        parser.error(f"--speed is a number from 0 to {_FASTEST:.0f}")
    loops = Config(make_app, log_config=None).get_loop_factory()
    with asyncio.Runner(loop_factory=loops) as runner:
        runner.run(_serve(arguments.port, faults, _clock(arguments) if arguments.moves else None))


def _clock(arguments: argparse.Namespace) -> Clock:
    now = utc_now()
    start = arguments.start or now
    return Clock(now, start.replace(tzinfo=start.tzinfo or UTC), arguments.speed, arguments.seed)


async def _serve(port: int, faults: Faults, clock: Clock | None) -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    async with running_marketplace(faults, clock, port=port) as base_url:
        sys.stdout.write(f"{base_url}\n")
        sys.stdout.flush()
        await told_to_stop.wait()


if __name__ == "__main__":
    main()
