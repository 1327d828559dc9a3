"""``azscraper mcp``: the service as tools for an agent."""

import os
import secrets
from typing import Annotated

import typer

from azscraper.cli.remote.connection import ProjectOption, address, credential, saved_login
from azscraper.client import AsyncAzScraper
from azscraper.errors import InvalidInputError

_FEWEST_CHARACTERS = 16


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
    With --http, clients must send the bearer token that it prints: AZSCRAPER_MCP_TOKEN, else a new one at each start.
    """
    try:
        from azscraper.mcp_server import make_server, serve_http  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as exc:
        raise InvalidInputError(f"{exc.name} is missing: install azscraper[mcp]") from None
    saved = saved_login()
    client = AsyncAzScraper(address(os.environ, saved), token=credential(os.environ, saved))
    server = make_server(client, project=project)
    if http:
        token = _token()
        typer.echo(f"Serving http://127.0.0.1:{port}/mcp with the header Authorization: Bearer {token}")
        serve_http(server, port=port, token=token)
    else:
        server.run("stdio")


def _token() -> str:
    """Raises InvalidInputError for one that can be guessed."""
    token = os.environ.get("AZSCRAPER_MCP_TOKEN") or secrets.token_urlsafe(32)
    if len(token) < _FEWEST_CHARACTERS or not token.isascii():
        raise InvalidInputError(f"AZSCRAPER_MCP_TOKEN needs {_FEWEST_CHARACTERS} ASCII characters or more")
    return token
