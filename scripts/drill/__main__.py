"""``make drill``: the whole system as processes, killed and troubled at random, and a checker that proves nothing was lost.

``python scripts/drill --seconds 600 --seed 1``. Exit status 1 where the checker found anything; the seed is printed.
"""

import argparse
import random
import signal
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

sys.path.append(str(Path(__file__).parents[2] / "tests"))  # for the relay before the database

from check import findings
from customers import Customer, Reference, reference_of
from disturb import Disturber
from parts import wait_for
from system import System

from azscraper.demo.faults import Fault

_PASSING = {  # what passes: the rows must be those of the run without faults
    Fault.ROBOT_CHECK: 0.02,
    Fault.ROBOT_CHECK_503: 0.01,
    Fault.CONTINUE_SHOPPING: 0.01,
    Fault.UNAVAILABLE: 0.01,
    Fault.RETRY_SECONDS: 0.003,
    Fault.RETRY_DATE: 0.003,
    Fault.TOO_MANY: 0.003,
    Fault.SERVER_ERROR: 0.03,
    Fault.SLOW: 0.02,
    Fault.CUT_OFF: 0.03,
    Fault.CUT_CHUNKED: 0.02,
    Fault.TRUNCATED: 0.03,
}
_CUSTOMERS = 3
_DRAIN_SECONDS = 240.0
"""After the last kill: dead workers are found within 15 s, webhooks are tried again within a minute or two."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="make drill", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--pause", type=float, default=4.0, help="mean seconds between two kills")
    parser.add_argument("--logs", type=Path, help="folder to keep the processes' output in")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # what it started is ended too
    print(f"drill: seed {arguments.seed}, {arguments.seconds:g} s", flush=True)
    with TemporaryDirectory(prefix="azscraper-drill-") as folder:
        return _drill(arguments, arguments.logs or Path(folder) / "logs", Path(folder))


def _drill(arguments: argparse.Namespace, logs: Path, folder: Path) -> int:
    rng = random.Random(arguments.seed)
    logs.mkdir(parents=True, exist_ok=True)
    with System(folder, logs) as system:
        system.start_marketplace("{}", seed=1)
        system.start()
        reference = reference_of(Customer(system, "reference", Reference({}, {}), rng))
        faults = {fault.value: rate for fault, rate in _PASSING.items()} | {"times": 2, "delay_seconds": 1.5}
        system.start_marketplace(orjson.dumps(faults).decode(), seed=arguments.seed)
        customers = [
            Customer(system, f"customer{n}", reference, random.Random(rng.random())) for n in range(_CUSTOMERS)
        ]
        for customer in customers:
            customer.start()
        disturber = Disturber(system, rng, logs / "faults.log")
        disturber.run(arguments.seconds, arguments.pause)
        for customer in customers:
            customer.stop()
        ended = time.monotonic()
        drained = wait_for(system.is_drained, _DRAIN_SECONDS)
        drain = time.monotonic() - ended
        found = disturber.found + (["not drained in time"] if not drained else [])
        if not system.comes_back():
            found.append(f"parts that are not well again: {system.unwell()}")
        found += findings(system, customers, reference)
        _report(arguments, system, customers, disturber, drain)
    for finding in found[:40]:
        print(f"FOUND: {finding}")
    print(
        "drill: nothing lost, nothing doubled, all parts well"
        if not found
        else f"drill: FAILED with --seed {arguments.seed}"
    )
    return 1 if found else 0


def _report(
    arguments: argparse.Namespace, system: System, customers: list[Customer], disturber: Disturber, drain: float
) -> None:
    figures = {
        "seed": arguments.seed,
        "seconds": arguments.seconds,
        "faults": dict(sorted(disturber.counts.items())),
        "ends": {part.name: {str(code): count for code, count in part.ends.items()} for part in system.parts},
        "jobs": sum(len(customer.accepted) for customer in customers),
        "targets": sum(customer.targets for customer in customers),
        "posts_repeated": sum(customer.repeated for customer in customers),
        "messages": len(system.receiver.seen),
        "messages_repeated": system.receiver.count - len(system.receiver.seen),
        "drain_seconds": round(drain, 1),
    }
    print(orjson.dumps(figures).decode(), flush=True)


if __name__ == "__main__":
    sys.exit(main())
