"""JSON in, JSON out: what the tests see the wire with, so that the product's client hides nothing from them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

Json = dict[str, Any]


class ServiceAnsweredError(Exception):
    """The service refused a request: ``status``, and ``code`` and ``message`` of its error envelope."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


class JsonClient:
    """One connection pool; a context manager. Every method raises ServiceAnsweredError or httpx.TransportError."""

    def __init__(self, base_url: str, *, token: str | None = None, timeout_seconds: float = 60.0) -> None:
        """``token`` is the access token of register or login."""
        self._http = httpx.Client(base_url=base_url, timeout=timeout_seconds, trust_env=False)
        if token is not None:
            self._use(token)

    def __enter__(self) -> Self:
        """Open already."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._http.close()

    def register(self, email: str, password: str) -> Json:
        """Make an account and speak for it from now on; the session."""
        return self._log_in("/auth/register", email, password)

    def login(self, email: str, password: str) -> Json:
        """Speak for an account from now on; the session."""
        return self._log_in("/auth/login", email, password)

    def _log_in(self, path: str, email: str, password: str) -> Json:
        session = self._data("POST", path, json={"email": email, "password": password})
        self._use(session["accessToken"])
        return session

    def _use(self, token: str) -> None:
        self._http.headers["Authorization"] = f"Bearer {token}"

    def create_project(self, name: str) -> Json:
        """A new project."""
        return self._data("POST", "/projects", json={"name": name})

    def create_job(self, project_id: str, kind: str, targets: Sequence[str], config: Json | None = None) -> Json:
        """Post a crawl job: ``search`` with keywords or ``details`` with ASINs or product URLs."""
        body = {"type": kind, "targets": list(targets), "config": config or {}}
        return self._data("POST", f"/projects/{project_id}/jobs", json=body)

    def jobs(self, project_id: str) -> list[Json]:
        """The project's newest jobs."""
        found: list[Json] = self._json("GET", f"/projects/{project_id}/jobs")["data"]
        return found

    def job(self, job_id: str) -> Json:
        """The job with its progress."""
        return self._data("GET", f"/jobs/{job_id}")

    def targets(self, job_id: str) -> Iterator[Json]:
        """Every target of the job, page by page."""
        cursor: str | None = None
        while True:
            params = {"limit": "1000"} | ({"cursor": cursor} if cursor else {})
            page = self._json("GET", f"/jobs/{job_id}/targets", params=params)
            yield from page["data"]
            cursor = page["meta"]["nextCursor"]
            if cursor is None:
                return

    def results(self, job_id: str) -> list[Json]:
        """All rows of the job."""
        rows: list[Json] = self._json("GET", f"/jobs/{job_id}/results")["data"]
        return rows

    def cancel(self, job_id: str) -> Json:
        """Stop the job; its stored rows stay."""
        return self._data("POST", f"/jobs/{job_id}/cancel")

    def retry(self, job_id: str) -> Json:
        """A new job with the same targets."""
        return self._data("POST", f"/jobs/{job_id}/retry")

    def reparse(self, job_id: str) -> Json:
        """A new job that reads the archived pages of this one again."""
        return self._data("POST", f"/jobs/{job_id}/reparse")

    def export(self, job_id: str, file_format: str, path: Path) -> None:
        """Write the job's rows to a file, streamed."""
        with (
            self._http.stream("GET", f"/jobs/{job_id}/export", params={"format": file_format}) as response,
            path.open("wb") as file,
        ):
            if response.is_error:
                response.read()
                _raise(response)
            for block in response.iter_bytes():
                file.write(block)

    def is_healthy(self) -> bool:
        """Whether the service answers and its database does."""
        try:
            return self._http.get("/health/ready").is_success
        except httpx.TransportError:
            return False

    def wait(
        self, job_id: str, *, pause: Callable[[], object], seen: Callable[[Json], object] = lambda _: None
    ) -> Json:
        """The job once it is over; between looks ``pause`` is called, and ``seen`` with each look."""
        while True:
            job = self.job(job_id)
            seen(job)
            if job["status"] not in {"queued", "running"}:
                return job
            pause()

    def _data(self, method: str, path: str, **request: Any) -> Json:
        data: Json = self._json(method, path, **request)["data"]
        return data

    def _json(self, method: str, path: str, **request: Any) -> Json:
        response = self._http.request(method, path, **request)
        if response.is_error:
            _raise(response)
        body: Json = response.json()
        return body


def _raise(response: httpx.Response) -> None:
    try:
        error = response.json()["error"]
        raise ServiceAnsweredError(response.status_code, error["code"], error["message"])
    except (ValueError, KeyError, TypeError) as exc:
        raise ServiceAnsweredError(response.status_code, "UNKNOWN", response.reason_phrase) from exc
