"""Every error that the service raises has a code, and every code of the API a status."""

import pytest

from azscraper import errors
from azscraper.errors import FetchError, ParseError, ServiceError
from azscraper.web.app import STATUS_OF_CODE


def _leaves(kind):
    children = kind.__subclasses__()
    return [leaf for child in children for leaf in _leaves(child)] if children else [kind]


def _of_the_service(kind):
    """Errors of the client are raised where it runs, and never answered with."""
    return not kind.__module__.startswith("azscraper.client")


@pytest.mark.parametrize("kind", list(filter(_of_the_service, _leaves(ServiceError))), ids=lambda kind: kind.__name__)
def test_every_error_has_a_code_and_every_code_of_the_api_a_status(kind):
    assert kind.__module__ == errors.__name__
    if issubclass(kind, FetchError | ParseError):
        assert kind.code in {
            "http_error",
            "timeout",
            "robots_disallowed",
            "unreachable",
            "parse_error",
            "not_archived",
        }
    else:
        assert kind.code in STATUS_OF_CODE
