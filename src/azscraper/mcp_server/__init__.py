"""The MCP server: what an agent may ask of a service, as tools with typed answers."""

from azscraper.mcp_server.serving import serve_http
from azscraper.mcp_server.tools import make_server

__all__ = ["make_server", "serve_http"]
