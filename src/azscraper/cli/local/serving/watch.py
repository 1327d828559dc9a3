"""How a process lets itself be watched: a port with its metrics, an address that its traces go to."""

from azscraper import metrics, tracing
from azscraper.config import Settings
from azscraper.errors import InvalidInputError
from azscraper.heartbeats import Heartbeats


def watch(settings: Settings, service: str, heartbeats: Heartbeats | None = None) -> None:
    """Serve this process's metrics and health, and send its traces, where the settings say so. Raises InvalidInputError."""
    metrics.watch_disk("data", settings.data_dir)
    if settings.archive_folder is not None:
        metrics.watch_disk("archive", settings.archive_folder)
    if settings.metrics_port:
        try:
            metrics.serve(settings.metrics_host, settings.metrics_port, heartbeats or Heartbeats())
        except OSError as exc:
            where = f"{settings.metrics_host}:{settings.metrics_port}"
            message = f"Metrics can't be served on {where}: {exc.strerror}; choose another AZSCRAPER_METRICS_PORT"
            raise InvalidInputError(message) from exc
    if settings.otel_endpoint:
        tracing.start(settings.otel_endpoint, service)
