"""``azscraper mcp``: the service as tools for an agent."""

import os
from typing import Annotated

import typer

from azscraper.cli.connection import ProjectOption, address, credential, saved_login
from azscraper.client import AsyncAzScraper
from azscraper.errors import InvalidInputError


def mcp(
    *,
    http: Annotated[
        bool, typer.Option("--http", help="Streamable HTTP on this machine instead of standard input and output.")
    ] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="With --http: port to listen on, at /mcp.")] = 8765,
    project: ProjectOption = None,
) -> None:
    """Serve the Model Context Protocol: search, product details, price watches and history as an agent's tools.

    It talks to the service of the log-in, or of AZSCRAPER_URL and AZSCRAPER_API_KEY, and needs the package's extra, mcp.
    """
    try:
        from azscraper.mcp_server import make_server  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as exc:
        raise InvalidInputError(f"{exc.name} is missing: install azscraper[mcp]") from None
    saved = saved_login()
    client = AsyncAzScraper(address(os.environ, saved), token=credential(os.environ, saved))
    server = make_server(client, project=project)
    if http:
        server.run("streamable-http", host="127.0.0.1", port=port)
    else:
        server.run("stdio")
