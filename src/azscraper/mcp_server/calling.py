"""Calls of tools, whose errors are sentences that an agent can act on."""

from collections.abc import Mapping
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult, InputRequiredResult
from pydantic import ValidationError

from azscraper.records.options import nearest
from azscraper.wire.requests import in_words


class Server(MCPServer):
    """A server that refuses arguments that its tools do not have, and says in words what is wrong with others."""

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> CallToolResult | InputRequiredResult:
        """As the SDK's. Raises ToolError with a sentence."""
        takes = await self._parameters(name)
        unknown = [each for each in arguments if takes and each not in takes]
        if unknown:
            raise ToolError(f"{unknown[0]} is not an argument of {name}{_hint(unknown[0], takes)}")
        try:
            return await super().call_tool(name, arguments, context)
        except ToolError as exc:
            if (said := _sentence(exc.__cause__)) is None:
                raise
            raise ToolError(said) from exc

    async def _parameters(self, name: str) -> Mapping[str, object]:
        found = next((tool for tool in await self.list_tools() if tool.name == name), None)
        return found.input_schema.get("properties", {}) if found else {}


def _hint(name: str, takes: Mapping[str, object]) -> str:
    return nearest(name, takes) or f"; it takes {', '.join(takes)}"


def _sentence(cause: BaseException | None) -> str | None:
    """Without the SDK's prefix, and without pydantic's way of putting it. None of a crash."""
    if isinstance(cause, ValidationError):
        found = cause.errors(include_url=False)
        return "; ".join(f"{'.'.join(str(part) for part in one['loc'])} {in_words(one)}" for one in found)
    return str(cause) if isinstance(cause, ToolError) else None
