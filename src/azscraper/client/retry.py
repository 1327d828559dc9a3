"""Whether a request is sent again, and when. Pure."""

from azscraper.client.calls import Answer, Lost

ATTEMPTS = 5
"""Tries in all. With the delays below a service that is down for about seven seconds goes unnoticed."""
FOLLOWING_ATTEMPTS = 12
"""Of who follows a job: a service that is updated comes back within the minute, and the job goes on meanwhile."""
_FIRST_SECONDS = 0.5
_LONGEST_SECONDS = 8.0
_LONGEST_WAIT_SECONDS = 60.0
"""A service that asks for more patience is an error that the caller should hear of now."""
_AGAIN = {429, 502, 503, 504}
"""The service, or a proxy before it, did not take the request up."""


def delay(
    answer: Answer | Lost, *, attempt: int, repeatable: bool, jitter: float, most: int = ATTEMPTS
) -> float | None:
    """Seconds until the next try, None where there is to be none.

    ``attempt`` counts from 1 to ``most``; ``jitter``, 0 to 1, spreads clients that failed together. Retry-After is obeyed.
    """
    if attempt >= most or not _may_pass(answer, repeatable=repeatable):
        return None
    asked = answer.retry_after_seconds if isinstance(answer, Answer) else None
    if asked is not None:
        return asked + jitter if asked <= _LONGEST_WAIT_SECONDS else None
    backoff: float = min(_FIRST_SECONDS * 2.0 ** (attempt - 1), _LONGEST_SECONDS)
    return backoff * (0.5 + jitter / 2)


def _may_pass(answer: Answer | Lost, *, repeatable: bool) -> bool:
    if isinstance(answer, Lost):
        return repeatable or not answer.was_sent
    if "x-job-id" in answer.headers:  # what became of a target: the same however often it is asked
        return False
    if answer.status in {502, 504}:  # a proxy's word: the service may have done it
        return repeatable
    return answer.status in _AGAIN
