"""What the fuzzer must be told: who calls, and what the document's own formats look like."""

import os
from datetime import UTC, datetime

import schemathesis
from hypothesis import strategies as st

from azscraper.ids import new_id
from azscraper.marketplaces import MARKETPLACES
from azscraper.tenants.credentials import sign_token
from azscraper.tenants.keyring import Keyring

_ASINS = st.from_regex(r"\AB0[A-Z0-9]{8}\Z")
_HOSTS = st.sampled_from([marketplace.host for marketplace in MARKETPLACES.values()])
_LONGEST_WAIT = 120
_FORMATS = {
    "cron": st.sampled_from(["@daily", "0 6 * * *", "*/15 8-18 * * mon-fri", "30 4 1,15 * 5", "0 0 29 2 *"]),
    "iana-time-zone": st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"]),
    "amazon-marketplace": _HOSTS | st.sampled_from(["de", "uk", "JP", "amazon.com"]),
    "crawl-target": _ASINS | st.builds("https://{}/dp/{}".format, _HOSTS, _ASINS),
    "plan-name": st.sampled_from(["unlimited", "free", "credits"]),
    "email": st.from_regex(r"\A[a-z0-9]{1,20}@[a-z]{1,20}\.example\Z"),
    "uri": st.from_regex(r"\Ahttps://hooks[a-z]{1,20}\.example\.com/[a-z0-9/]{0,60}\Z"),
}
for _name, _strategy in _FORMATS.items():
    schemathesis.openapi.format(_name, _strategy)


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Of the environment: a project's key, or a user, who gets a token a request, because some requests log out."""

    def get(self, _case, _context):
        if "CALLER_KEY" in os.environ:
            return os.environ["CALLER_KEY"]
        return sign_token(
            Keyring(os.environ["CALLER_SECRET"]),
            user_id=os.environ["CALLER_USER"],
            organization_id=os.environ["CALLER_ORGANIZATION"],
            token_id=new_id(),
            now=datetime.now(UTC),
        )

    def set(self, case, credential, _context):
        case.headers["Authorization"] = f"Bearer {credential}"


@schemathesis.hook
def map_body(context, body):
    """No worker runs: whoever waits would wait for nothing, to the end."""
    waits = context.operation.path.endswith(("/ask", "/jobs")) and context.operation.method.upper() == "POST"
    if not waits or not isinstance(body, dict):
        return body
    wanted = body.get("waitSeconds", 0)
    is_allowed = isinstance(wanted, int | float) and not isinstance(wanted, bool) and 0 <= wanted <= _LONGEST_WAIT
    return body | {"waitSeconds": 0} if is_allowed else body
