"""Settings: read once at the edge by :func:`load_settings`, frozen, passed down as values."""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

import orjson
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from azscraper.errors import Detail, InvalidInputError

PREFIX = "AZSCRAPER_"
_JSON_FIELDS = {"marketplace_base_url", "proxies", "jwt_old_secrets"}
_DISTINCT_CHARACTERS = 16
_DISTINCT_HEX_DIGITS = 11
"""32 random hex digits have fewer once in 400 times, 64 never; digits alone have at most 10."""
_HEX = re.compile("[0-9a-f]+|[0-9A-F]+")


def _origin(value: str) -> str:
    """Scheme, host and port, in lower case. Raises ValueError for everything else that a URL can hold."""
    parts = urlsplit(value)
    try:
        port = parts.port
    except ValueError:
        port = -1
    named = parts.scheme in {"http", "https"} and parts.hostname and parts.path in {"", "/"} and port != -1
    if not named or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("must be a scheme and a host, for example https://azscraper.example.com")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _listed(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _network(value: str) -> str:
    try:
        ipaddress.ip_network(value)
    except ValueError:
        raise ValueError("must be IP addresses and networks with commas between them, such as 10.0.0.0/8") from None
    return value


def _not_guessable(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if len(set(text)) < (_DISTINCT_HEX_DIGITS if _HEX.fullmatch(text) else _DISTINCT_CHARACTERS):
        raise ValueError("has too few different characters; make one with: openssl rand -hex 32")
    return secret


class Settings(BaseModel):
    """Every setting; the environment variable is the upper-case name behind ``AZSCRAPER_``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: SecretStr | None = None
    """PostgreSQL 15 or later. Unset: a PostgreSQL that comes with the package runs inside the data folder."""
    database_owner_url: SecretStr | None = None
    """URL of the same database for the role that owns its tables: migrations and backups use it, nothing else does. Unset: the role of
    `AZSCRAPER_DATABASE_URL` owns them. The embedded database has both roles by itself."""
    data_dir: Path = Path("azscraper-data")
    """Folder for the embedded database and the generated secret."""
    archive_url: str | None = None
    """Where fetched pages are kept as WARC files: `file:///folder` or `s3://bucket/prefix`. Unset: in the data folder."""
    archive_days: int = Field(default=7, ge=0, le=36_500)
    """How many days to keep fetched pages, so that they can be read again without fetching; 0 keeps none."""
    event_days: int = Field(default=30, ge=0, le=36_500)
    """How many days to keep webhook events and their deliveries after they arrived or were given up; 0 keeps them forever."""
    history_days: int = Field(default=0, ge=0, le=36_500)
    """How many days to keep the history of products and keywords; it is removed month by month. 0 keeps it forever."""
    retention_days: int = Field(default=0, ge=0, le=36_500)
    """How many days to keep targets and rows of jobs; jobs and their counters stay. 0 keeps them forever."""
    jwt_secret: Annotated[SecretStr, Field(min_length=32), AfterValidator(_not_guessable)] | None = None
    """The master secret, from which the keys that sign access tokens and encrypt stored secrets are derived: 32 characters or
    more, 16 of them different, from a random generator (`openssl rand -hex 32`). Unset: created at first start and kept in the
    data folder."""
    jwt_old_secrets: tuple[SecretStr, ...] = Field(default=(), max_length=10)
    """JSON list of the secrets that `AZSCRAPER_JWT_SECRET` replaced, newest first: what they signed stays valid, so that
    nobody is logged out. Remove a secret seven days after you replaced it, or at once if it has leaked."""
    public_url: Annotated[str, AfterValidator(_origin)] | None = None
    """The address at which users open the service, for example `https://azscraper.example.com`. Set it if the service has a
    public name or a proxy in front of it."""
    trusted_proxies: Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], BeforeValidator(_listed)] = ()
    """IP addresses and networks of your proxies, with commas between them. The service believes `X-Forwarded-For` and
    `X-Forwarded-Proto` from these alone. Unset: from nobody."""
    marketplace_base_url: dict[str, str] = {}
    """JSON, marketplace host to base URL: sends that marketplace's fetches elsewhere, for replay and tests."""
    crawl_rate: float = Field(default=1.0, ge=0, allow_inf_nan=False)
    """Requests per second and marketplace, over all workers together; 0 is unlimited. Late answers, errors and
    refusals slow it down automatically. Operators can set another rate for a marketplace."""
    picture_rate: float = Field(default=5.0, ge=0, allow_inf_nan=False)
    """Requests per second and media host for products' pictures in the dashboard, over all processes together; 0 is
    unlimited. Each picture is fetched once and kept for all users."""
    crawl_concurrency: int = Field(default=16, ge=1, le=1000)
    """The most fetches that one worker process runs at a time."""
    total_concurrency: int = Field(default=0, ge=0, le=1_000_000)
    """The most targets that all workers together run at a time; 0 is unlimited."""
    organization_concurrency: int = Field(default=0, ge=0, le=1_000_000)
    """The most targets of one organization that run at a time; 0 is unlimited. Its plan can set a lower limit."""
    ask_concurrency: int = Field(default=4, ge=1, le=1000)
    """The most targets that one worker process answers at a time for requests that wait (`ask`). They do not wait behind jobs,
    which go on meanwhile."""
    crawl_retries: int = Field(default=3, ge=0, le=20)
    """How often a target is tried again after a temporary failure, unless the job's `maxRetries` says otherwise."""
    retry_base_seconds: float = Field(default=5.0, gt=0, le=3600)
    """First delay before a target is tried again; doubles with each try, with jitter."""
    breaker_seconds: float = Field(default=60.0, gt=0, le=3600)
    """First pause of a marketplace that answers with robot checks; doubles up to sixteenfold while they go on."""
    user_agent: str = Field(default="AzScraper/0.1 (self-hosted crawler; obeys robots.txt)", min_length=1)
    """Names the crawler to the marketplace and to robots.txt; put your contact address here."""
    proxies: tuple[str, ...] = ()
    """JSON list of proxy URLs, used in turn."""
    ca_file: Path | None = None
    """PEM file with certificate authorities to trust for fetches, beside those of the system. If your proxy provider ends TLS
    itself, name its certificate here. To replace the system's own list, set OpenSSL's `SSL_CERT_FILE` instead."""
    obey_robots: bool = True
    """Whether to check robots.txt before each fetch."""
    registration: Literal["open", "invite", "closed"] | None = None
    """Who may sign up: `open` (everybody), `invite` (who has a link of `azscraper admin invite`) or `closed` (nobody). Unset: `open` if
    the service listens on this machine alone and neither `AZSCRAPER_PUBLIC_URL` nor `AZSCRAPER_TRUSTED_PROXIES` is set, otherwise `invite`."""
    default_plan: str = "unlimited"
    """Plan of a new organization: `unlimited`, `free`, `credits`, or one that an operator created."""
    registration_credits: int = Field(default=0, ge=0, le=10**12)
    """Credits that a new organization starts with; only plans that use credits, such as `credits`, need them."""
    referrer_credits: int = Field(default=0, ge=0, le=10**12)
    """Credits for the organization that referred a new one, once the new one completes its first job."""
    referred_credits: int = Field(default=0, ge=0, le=10**12)
    """Credits for a referred organization, once it completes its first job."""
    metrics_token: SecretStr | None = Field(default=None, min_length=16)
    """Bearer token of 16 characters or more that opens GET /metrics of the HTTP service. Unset: GET /metrics is off."""
    metrics_host: str = "127.0.0.1"
    """Address that a process serves its metrics on, without a token."""
    metrics_port: int = Field(default=0, ge=0, le=65_535)
    """Port that a process serves its metrics on; 0 is off. With `up`, the HTTP service takes this port and each worker the next one."""
    log_format: Literal["logfmt", "json"] = "logfmt"
    """How to write lines on standard error: `logfmt` (key=value) or `json`."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """The lowest level that is logged; `debug` logs every target."""
    otel_endpoint: str | None = None
    """OTLP/HTTP address that traces go to, such as http://localhost:4318/v1/traces. Unset: no traces. Needs the extra `otel`."""
    webhook_allow_loopback: bool = False
    """For development: allows webhooks to this machine, and there by http. Do not set it where strangers can register."""

    smtp_url: SecretStr | None = None
    """Mail server that hands over mails of alerts: `smtp://user:password@mail.example.com:587` (the connection is encrypted before the
    password is sent) or `smtps://…`. Unset: no mails. Set `AZSCRAPER_PUBLIC_URL` as well, because mails have links."""
    smtp_from: str | None = Field(default=None, max_length=254, pattern=r"^[^@\s<>]+@[^@\s<>]+$")
    """Sender of these mails. Unset: the user of `AZSCRAPER_SMTP_URL` if that is an address, otherwise `azscraper@` and its host."""
    channel_hosts: Literal["services", "public", "any"] = "services"
    """Where users may send alerts: `services` (services with one host for all, such as Slack), `public` (also servers that a user
    names, such as ntfy or Matrix, at public addresses) or `any` (also at private addresses: only where you know all users)."""

    @property
    def archive(self) -> str:
        """URL of the archive."""
        return self.archive_url or (self.data_dir.resolve() / "archive").as_uri()

    @property
    def archive_folder(self) -> Path | None:
        """The archive's folder; None where it is an object store."""
        parts = urlsplit(self.archive)
        return Path(unquote(parts.path)) if parts.scheme == "file" else None


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings that the environment names. Raises InvalidInputError naming each bad variable, never its value."""
    values = {
        name: _value(name, environ[PREFIX + name.upper()])
        for name in Settings.model_fields
        if environ.get(PREFIX + name.upper())
    }
    try:
        return Settings.model_validate(values)
    except ValidationError as exc:
        raise _invalid(exc) from None


def _value(name: str, text: str) -> Any:
    if name not in _JSON_FIELDS:
        return text
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        variable = PREFIX + name.upper()
        raise InvalidInputError(f"{variable} is not JSON", [Detail(variable, "is not JSON")]) from None


def _invalid(exc: ValidationError) -> InvalidInputError:
    details = [
        Detail(PREFIX + str(error["loc"][0]).upper(), _in_words(error)) for error in exc.errors(include_input=False)
    ]
    return InvalidInputError("; ".join(f"{d.field}: {d.message}" for d in details), details)


def _in_words(error: Mapping[str, Any]) -> str:
    if error["type"] == "literal_error":
        return f"must be {error['ctx']['expected']}"
    return str(error["msg"]).removeprefix("Value error, ")
