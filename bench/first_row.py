"""How long a customer waits for the first row, and to be told of the end."""

import time

import httpx

from acceptance.conftest import Service

_MOST_SECONDS = 60


def seconds_to_first_row(service: Service, project_id: str, target: str) -> float:
    """From POST of a job of one target to its row."""
    start = time.perf_counter()
    job_id = service.client.create_job(project_id, "details", [target])["id"]
    while not service.client.results(job_id):
        assert time.perf_counter() - start < _MOST_SECONDS, "no row"
        time.sleep(0.002)
    return time.perf_counter() - start


def seconds_to_end_event(service: Service, project_id: str, target: str) -> float:
    """From POST of a job of one target to the event `end` of its stream, opened when the job is posted."""
    start = time.perf_counter()
    job_id = service.client.create_job(project_id, "details", [target])["id"]
    headers = {"Authorization": f"Bearer {service.token}"}
    with httpx.stream("GET", f"{service.url}/jobs/{job_id}/events", headers=headers, trust_env=False) as response:
        assert any(line == "event: end" for line in response.iter_lines())
        return time.perf_counter() - start
