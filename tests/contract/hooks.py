"""What the fuzzer must be told: who calls, and what the document's own formats look like."""

import os
from datetime import UTC, datetime

import httpx
import schemathesis
from hypothesis import strategies as st
from pydantic.alias_generators import to_camel

from azscraper.ids import new_id
from azscraper.kinds.auto import auto
from azscraper.kinds.registry import kinds
from azscraper.marketplaces import MARKETPLACES
from azscraper.records.options import Options
from azscraper.tenants.credentials import sign_token
from azscraper.tenants.keyring import Keyring
from azscraper.wire.crawls import JobConfig
from contract.grammars import FORMATS, sound_query, sound_refresh, sound_rule

_ASINS = st.from_regex(r"\AB0[A-Z0-9]{8}\Z")
_HOSTS = st.sampled_from([marketplace.host for marketplace in MARKETPLACES.values()])
_LONGEST_WAIT = 120
_KINDS = {**kinds(), "auto": auto(kinds())}
_OF_WORDS = {"search", "suggestions"}
_DESCRIBED = {"search", "details"}
"""Types whose options the schema of a config describes."""
_FORMATS = {
    "cron": st.sampled_from(["@daily", "0 6 * * *", "*/15 8-18 * * mon-fri", "30 4 1,15 * 5", "0 0 29 2 *"]),
    "iana-time-zone": st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"]),
    "amazon-marketplace": _HOSTS | st.sampled_from(["de", "uk", "JP", "amazon.com"]),
    "crawl-target": _ASINS | st.builds("https://{}/dp/{}".format, _HOSTS, _ASINS),
    "plan-name": st.sampled_from(["unlimited", "free", "credits"]),
    "email": st.from_regex(r"\A[a-z0-9]{1,20}@[a-z]{1,20}\.example\Z"),
    "apprise-url": st.from_regex(r"\Aslack://T[A-Z0-9]{8}/B[A-Z0-9]{8}/[a-zA-Z0-9]{24}\Z"),
    "uri": st.from_regex(r"\Ahttps://hooks[a-z]{1,20}\.example\.com/[a-z0-9/]{0,60}\Z"),
}
_OWN = {to_camel(name) for name in JobConfig.model_fields.keys() - Options.model_fields.keys()}
_CLAIMED = {to_camel(name) for one in JobConfig.__mro__ for name in vars(one).get("claimed", ())}
_FILES = st.builds(
    "asin,marketplace,time,field,value,unit\n{},{},2025-03-01T08:00:00Z,price,{},USD\n".format,
    _ASINS,
    st.sampled_from(["us", "www.amazon.com"]),
    st.integers(1, 10**6),
).map(str.encode)
"""History to import, and products for a list."""
for _name, _strategy in (_FORMATS | FORMATS).items():
    schemathesis.openapi.format(_name, _strategy)
for _media_type in ("text/csv", "application/octet-stream"):
    schemathesis.openapi.media_type(_media_type, _FILES)


@schemathesis.auth(refresh_interval=None)
class Caller:
    """Of the environment: a project's key, or a user, who gets a token a request, because some requests log out."""

    def get(self, _case, _context):
        return credential()

    def set(self, case, value, _context):
        case.headers["Authorization"] = value


def credential():
    """The header's value."""
    if "CALLER_KEY" in os.environ:
        return f"Bearer {os.environ['CALLER_KEY']}"
    token = sign_token(
        Keyring(os.environ["CALLER_SECRET"]),
        user_id=os.environ["CALLER_USER"],
        organization_id=os.environ["CALLER_ORGANIZATION"],
        token_id=new_id(),
        now=datetime.now(UTC),
    )
    return f"Bearer {token}"


@schemathesis.hook
def map_body(context, body):
    """No worker runs: whoever waits would wait for nothing, to the end."""
    waits = context.operation.path.endswith(("/ask", "/jobs")) and context.operation.method.upper() == "POST"
    if not waits or not isinstance(body, dict):
        return body
    wanted = body.get("waitSeconds", 0)
    is_allowed = isinstance(wanted, int | float) and not isinstance(wanted, bool) and 0 <= wanted <= _LONGEST_WAIT
    return body | {"waitSeconds": 0} if is_allowed else body


@schemathesis.hook
def map_case(_context, case):
    """What goes together no schema says: parameters, parts of a rule, a list's kind and its items, a job's type and its targets.

    An example of a kind stands for the format of its targets.
    """
    if case.query and "/ask" in case.operation.path:
        case.query = without_wait(case.query)
    if is_meant_to_be_taken(case):
        make_sound(case, case.operation.definition.raw.get("operationId"))
    for crawl in crawls(case.body) if is_meant_to_be_taken(case) else ():
        kind = _KINDS[crawl["type"]]
        if "targets" in crawl:
            crawl["targets"] = [one if fits(kind, one) else kind.example for one in crawl["targets"]]
        if "target" in crawl:
            crawl["target"] = crawl["target"] if fits(kind, crawl["target"]) else kind.example
        for item in crawl.get("items", ()):
            item["target"] = kind.example
            item.pop("marketplace", None)
        if kind.name not in _DESCRIBED and crawl.get("config"):
            crawl["config"] = {key: part for key, part in crawl["config"].items() if not is_own(key)}
    return case


def without_wait(query):
    wanted = str(query.get("waitSeconds", 0))
    return query | {"waitSeconds": 0} if wanted.isdigit() and int(wanted) <= _LONGEST_WAIT else query


def make_sound(case, operation):
    if case.query:
        case.query = sound_query(operation, case.query)
        if case.query.get("record"):
            job = found(case, f"/jobs/{case.path_parameters['job_id']}") or {"type": "search"}
            case.query = case.query | {"record": _KINDS[job["type"]].records[0].__name__}
        if operation == "askByQuery":
            asked = case.path_parameters["type"] if is_kind(case.path_parameters["type"]) else "search"
            case.path_parameters = {**case.path_parameters, "type": asked}
            case.query = case.query | {"target": _KINDS[asked].example}
    said = case.body if isinstance(case.body, dict) else {}
    if said and operation in {"createAlert", "changeAlert", "previewAlert"}:
        case.body = sound_rule(said)
    if isinstance(said.get("refresh"), dict) and operation in {"createList", "changeList"}:
        case.body = said | {"refresh": sound_refresh(said["refresh"])}
    if operation in {"createList", "changeList"} and isinstance(said.get("config"), dict):
        without = {key: part for key, part in said["config"].items() if key != "marketplace"}
        case.body = case.body | {"config": without}
    if operation in {"addItems", "putItems"}:
        one = found(case, f"/lists/{case.path_parameters['list_id']}") or {"type": "details"}
        example = _KINDS[one["type"]].example
        if operation == "putItems":
            case.body = f"target\n{example}\n"
        elif said:
            items = [item | {"target": example, "marketplace": None} for item in said["items"]]
            case.body = said | {"items": items}


def found(case, path):
    """What the question is about, if it is there."""
    url = case.operation.base_url.rstrip("/") + path
    answer = httpx.get(url, headers={"Authorization": credential()}, timeout=60)
    return answer.json()["data"] if answer.is_success else None


@schemathesis.hook
def filter_case(_context, case):
    """Options that a type lacks are kept whatever they are, and so are those that jobs sent before they were some."""
    if is_meant_to_be_taken(case):
        return True
    return not any(keeps(crawl["type"], key) for crawl in crawls(case.body) for key in crawl.get("config") or ())


def is_meant_to_be_taken(case):
    return case.meta is None or case.meta.generation.mode.is_positive


def crawls(body):
    """The parts of a body that say what to crawl."""
    found = [body, body.get("crawlConfig")] if isinstance(body, dict) else []
    return [one for one in found if isinstance(one, dict) and is_kind(one.get("type")) and is_config(one)]


def is_kind(said):
    return isinstance(said, str) and said in _KINDS


def is_config(crawl):
    return isinstance(crawl.get("config", {}), dict)


def fits(kind, target):
    """Made-up words are keywords, and no targets of other kinds."""
    return kind.name in _OF_WORDS and not (target[:2] == "B0" or target.startswith("https://"))


def is_own(key):
    """Of search or details alone: another type may have one of that name and another shape."""
    return key in _OWN


def keeps(type_, key):
    return key in _OWN if type_ not in _DESCRIBED else key in _CLAIMED
