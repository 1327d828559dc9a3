"""Ports of this machine."""

import socket

from azscraper.errors import InvalidInputError


def free_port() -> int:
    """One on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def require_free(host: str, port: int) -> None:
    """Say it in one line before anything is started. Raises InvalidInputError."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as exc:
        raise InvalidInputError(
            f"{f'[{host}]' if ':' in host else host}:{port} can't be listened on: {exc.strerror}; choose another --port"
        ) from exc
