"""How long a customer waits for the first row."""

import time

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
