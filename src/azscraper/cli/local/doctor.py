"""``azscraper doctor``: what is wrong with this installation, for people and for monitors."""

from typing import Annotated

import typer

from azscraper.cli.local.serve import DataDir


def doctor(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ask_robots: Annotated[
        bool, typer.Option("--ask-robots", help="Fetch robots.txt of each marketplace in use, once, from the shop.")
    ] = False,
    data_dir: DataDir = None,
) -> None:
    """Say what is wrong with this installation, and what to do. Run it with the settings of the service.

    The exit code is 0 if all is well, 1 if somebody should look soon, and 2 if something does not work. The command starts
    nothing, asks no shop (without --ask-robots), and leaves nothing behind.
    """
    from azscraper.cli.local import examining  # noqa: PLC0415 - takes a second, which --help need not wait for

    examining.examine(data_dir, as_json=as_json, ask_robots=ask_robots)
