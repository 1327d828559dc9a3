"""Traces across processes, when they are on: request, task, fetch, parse, store. The only module that knows OpenTelemetry.

Off, nothing is imported and a span costs a look at one variable. The context travels in a task's arguments as a W3C
traceparent, so that a job's chunks belong to the request that posted it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from azscraper.errors import InvalidInputError

_provider: Any = None
_tracer: Any = None


def start(endpoint: str, service: str) -> None:
    """Send spans to an OTLP endpoint (``http://host:4318/v1/traces``) from now on, as that service.

    Raises InvalidInputError where the extra ``otel`` is not installed.
    """
    global _provider, _tracer  # noqa: PLW0603 - as logging: one for the process, set once at its start
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415 - an extra
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - the same
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - the same
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - the same
    except ImportError as exc:
        raise InvalidInputError("AZSCRAPER_OTEL_ENDPOINT needs the extra otel: pip install 'azscraper[otel]'") from exc
    _provider = TracerProvider(resource=Resource.create({"service.name": service}))
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    _tracer = _provider.get_tracer("azscraper")


def stop() -> None:
    """Send what is left, and record no more. The end of the process does the same."""
    global _provider, _tracer
    provider, _provider, _tracer = _provider, None, None
    if provider is not None:
        provider.shutdown()


def is_on() -> bool:
    """Whether spans are recorded."""
    return _tracer is not None


@contextmanager
def span(name: str, *, parent: str | None = None, **attributes: str | int) -> Iterator[None]:
    """A span around the block, within the current one or, across processes, within ``parent`` (a traceparent)."""
    if _tracer is None:
        yield
        return
    with _tracer.start_as_current_span(name, context=_context(parent), attributes=attributes):
        yield


def traceparent() -> str | None:
    """The current span for another process to continue; None outside of any, or when traces are off."""
    if _tracer is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415 - an extra

    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier)
    return carrier.get("traceparent")


def _context(parent: str | None) -> Any:
    if parent is None:
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator  # noqa: PLC0415 - an extra

    return TraceContextTextMapPropagator().extract({"traceparent": parent})
