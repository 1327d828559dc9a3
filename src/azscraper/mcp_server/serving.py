"""The server over HTTP, on this machine alone."""

import hmac

import uvicorn
from mcp.server.mcpserver import MCPServer
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from azscraper.web.guards.connections import server_config


def serve_http(server: MCPServer, *, port: int, token: str) -> None:
    """Serve streamable HTTP at ``/mcp`` of this machine, to who sends the token, until a signal comes."""
    app = _Guarded(server.streamable_http_app(host="127.0.0.1"), token)
    uvicorn.Server(server_config(app, host="127.0.0.1", port=port)).run()


class _Guarded:
    """Lets through what carries the token: whoever has an account on this machine reaches the port as well."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_expected(Headers(scope=scope).get("authorization", "")):
            refused = PlainTextResponse(
                "Send the token that azscraper mcp printed: Authorization: Bearer <token>\n", 401
            )
            refused.headers["WWW-Authenticate"] = "Bearer"
            await refused(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_expected(self, sent: str) -> bool:
        scheme, _, token = sent.partition(" ")
        return hmac.compare_digest(f"{scheme.lower()} {token.strip()}".encode(), self._expected)
