"""What this process is told from outside. Nothing else reads the environment.

The environment wins over `<state_dir>/running.env` (what `rappel up` found out, such as another
port for Temporal), which wins over `<state_dir>/secrets.env` (what its first run made up).
"""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeVar

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from models.database_url import async_url
from models.errors import Misconfigured
from models.loopback import host_of, is_loopback, read_networks
from models.mail_server import ADDRESS, MailServer, read_mail_server
from models.open_id import Provider, read_issuer
from models.spelling import did_you_mean
from models.timelapse import Timelapse
from models.twilio_account import PARTS, TwilioAccount, read_twilio_account

PREFIX = "RAPPEL_"
STATE_DIR = f"{PREFIX}STATE_DIR"
WEBHOOK_SECRET = f"{PREFIX}WEBHOOK_SECRET_"
API_TOKEN_OF = f"{PREFIX}API_TOKEN_"
"""Of a source: ours for its vendor's API. RAPPEL_API_TOKEN itself is that of our own API."""
DEMO, TWILIO = f"{PREFIX}DEMO", f"{PREFIX}TWILIO"
Account = Annotated[TwilioAccount | None, BeforeValidator(read_twilio_account)]
UI_PORT_AWAY = 1000
"""The web interface of the embedded Temporal server listens this much higher than the server."""

SECRETS_FILE, RUNNING_FILE = "secrets.env", "running.env"


class LogFormat(StrEnum):
    CONSOLE = "console"
    JSON = "json"


class Place(BaseSettings):
    """Where Rappel runs and on what: everything but the secrets, so it is known before they are."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_nested_delimiter="_",
        env_nested_max_split=1,
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    host: str = "127.0.0.1"
    port: int = Field(8080, ge=1, le=65535)
    state_dir: Path = Field(Path(".rappel"), validate_default=True)
    database_url: str = Field("", validate_default=True, repr=False)
    public_url: str = Field("", validate_default=True)
    organisation: Path = Path("organisation.yaml")
    templates_dir: Path | None = None
    temporal_port: int = Field(7233, ge=1, le=65535 - UI_PORT_AWAY)
    """Of the embedded server only."""
    trusted_proxies: Annotated[str, AfterValidator(read_networks)] = ""
    """Addresses or networks, with commas: what these say of a visitor's address is believed."""
    log_format: LogFormat = Field(default_factory=lambda: _format_for(terminal=sys.stdout.isatty()))

    temporal_address: str | None = Field(None, validation_alias="TEMPORAL_ADDRESS")
    temporal_profile: str | None = Field(None, validation_alias="TEMPORAL_PROFILE")
    temporal_config_file: str | None = Field(None, validation_alias="TEMPORAL_CONFIG_FILE")

    demo: Timelapse | None = None
    """As JSON. Set by `rappel demo` for its own processes, and by nobody else."""

    @field_validator("state_dir")
    @classmethod
    def _absolute(cls, given: Path) -> Path:
        return given.expanduser().absolute()

    @field_validator("public_url")
    @classmethod
    def _without_slash(cls, given: str, info: ValidationInfo) -> str:
        return given.rstrip("/") or f"http://127.0.0.1:{info.data.get('port')}"

    @field_validator("database_url")
    @classmethod
    def _with_async_driver(cls, given: str, info: ValidationInfo) -> str:
        if not given:
            return f"sqlite+aiosqlite:///{info.data.get('state_dir')}/rappel.sqlite"
        return async_url(given)

    @property
    def embedded(self) -> bool:
        """Whether Temporal is the embedded server: no standard variable names another one."""
        return not (self.temporal_address or self.temporal_profile or self.temporal_config_file)

    @property
    def embedded_port(self) -> int | None:
        """None when a cluster is used: then the standard variables say where it is."""
        return self.temporal_port if self.embedded else None

    @property
    def public(self) -> bool:
        """Whether the public address leads beyond this machine."""
        return not is_loopback(host_of(self.public_url))

    @property
    def one_machine(self) -> bool:
        """Whether everything lives in the state folder, so that secrets may be made up there."""
        return self.embedded and self.database_url.startswith("sqlite")

    @property
    def secrets_file(self) -> Path:
        return self.state_dir / SECRETS_FILE

    @property
    def running_file(self) -> Path:
        return self.state_dir / RUNNING_FILE


class Settings(Place):
    api_token: SecretStr = Field(min_length=16)
    data_key: SecretStr
    """Base64 of 32 bytes, as `models.vault` takes it."""
    session_key: SecretStr = Field(min_length=32)
    webhook_secrets: Mapping[str, SecretStr] = Field(
        default_factory=dict, validation_alias=WEBHOOK_SECRET.rstrip("_")
    )
    """By source id, in lower case."""
    api_tokens: Mapping[str, SecretStr] = Field(default_factory=dict, validation_alias=API_TOKEN_OF)
    """By source id, in lower case; `load_settings` finds them."""
    smtp_url: SecretStr | None = None
    """Without it the console shows what would have been sent."""
    mail_from: str | None = Field(None, validate_default=True)
    mail_bounces: str | None = None
    mail_reply_to: str | None = None
    twilio: Account = Field(None, validation_alias=TWILIO)
    oidc_issuer: Annotated[str, AfterValidator(read_issuer)] = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = Field(SecretStr(""), validate_default=True)

    @field_validator("smtp_url")
    @classmethod
    def _of_a_mail_server(cls, given: SecretStr | None) -> SecretStr | None:
        if given is not None:
            read_mail_server(given.get_secret_value(), sender="")
        return given

    @field_validator("mail_from", "mail_bounces", "mail_reply_to")
    @classmethod
    def _one_address(cls, given: str | None, info: ValidationInfo) -> str | None:
        server, first = info.data.get("smtp_url", given), info.field_name == "mail_from"
        if (given is None) != (server is None) and (first or given is not None):
            raise ValueError("should be set together with RAPPEL_SMTP_URL, or neither of them")
        if given is not None and not ADDRESS.fullmatch(given):
            raise ValueError("should be one address, such as rappel@house.example")
        return given

    @property
    def mail_server(self) -> MailServer | None:
        if self.smtp_url is None or self.mail_from is None:
            return None
        addresses = self.mail_from, self.mail_bounces, self.mail_reply_to
        return read_mail_server(self.smtp_url.get_secret_value(), *addresses)

    @property
    def account(self) -> TwilioAccount | None:
        """A demo, whose people are invented, writes to nobody and rings nobody."""
        return None if self.demo else self.twilio

    @field_validator("oidc_client_secret")
    @classmethod
    def _all_or_none(cls, given: SecretStr, info: ValidationInfo) -> SecretStr:
        told = (info.data.get("oidc_issuer"), info.data.get("oidc_client_id"))
        if {bool(each) for each in (*told, given)} == {True, False}:
            raise ValueError("goes with RAPPEL_OIDC_ISSUER and RAPPEL_OIDC_CLIENT_ID: all or none")
        return given

    @property
    def over_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def provider(self) -> Provider | None:
        told = self.oidc_issuer, self.oidc_client_id, self.oidc_client_secret.get_secret_value()
        return Provider(*told) if self.oidc_issuer else None


Told = TypeVar("Told", bound=Place)


def load_settings() -> Settings:
    """Raises Misconfigured, with one sentence, for what is missing, misspelt or not understood."""
    return _load(Settings, api_tokens=_tokens_of_sources)


def load_place() -> Place:
    return _load(Place)


def missing_secrets(place: Place, sources: Iterable[str]) -> tuple[str, ...]:
    """The variables which neither environment nor file sets: ours, and one for each source."""
    wanted = [PREFIX + name for name in ("API_TOKEN", "DATA_KEY", "SESSION_KEY")]
    wanted += [WEBHOOK_SECRET + source.upper() for source in sources]
    kept = dotenv_values(place.secrets_file)
    return tuple(name for name in wanted if not (os.environ.get(name) or kept.get(name)))


def environment_of_children(place: Place) -> dict[str, str]:
    """Ours, with what is certain by now: they must meet us at the same place."""
    port = str(place.temporal_port)
    return {**os.environ, STATE_DIR: str(place.state_dir), f"{PREFIX}TEMPORAL_PORT": port}


def require_webhook_secrets(settings: Settings, sources: Iterable[str]) -> None:
    """Raises Misconfigured for a source whose deliveries nobody could verify."""
    missing = [s for s in sources if s not in settings.webhook_secrets]
    if missing:
        raise Misconfigured(_not_set([WEBHOOK_SECRET + s.upper() for s in missing], settings))


def _load(kind: type[Told], **found_in: Callable[[Mapping[str, str | None]], Any]) -> Told:
    """`found_in` are fields that the library cannot find by itself, each from all variables."""
    state_dir = Path(os.environ.get(STATE_DIR) or Place.model_fields["state_dir"].default)
    files = (state_dir.expanduser() / SECRETS_FILE, state_dir.expanduser() / RUNNING_FILE)
    variables = {name: value for file in files for name, value in dotenv_values(file).items()}
    variables |= os.environ
    _refuse_misspelt(variables)
    try:
        found = {name: find(variables) for name, find in found_in.items()}
        told = kind(_env_file=files, **found)
    except ValidationError as error:
        raise Misconfigured(_sentence(error)) from None
    if told.demo and not told.one_machine:  # a clock that runs ahead would harm what is real
        raise Misconfigured(f"{DEMO} is not for a cluster or PostgreSQL: unset it.")
    return told


def _tokens_of_sources(variables: Mapping[str, str | None]) -> Mapping[str, str]:
    return {
        name.removeprefix(API_TOKEN_OF).lower(): value.strip()
        for name, value in variables.items()
        if name.startswith(API_TOKEN_OF) and value and value.strip()
    }


def _refuse_misspelt(names: Iterable[str]) -> None:
    fields = Settings.model_fields.items()
    known = [PREFIX + name.upper() for name, field in fields if not field.validation_alias]
    known += [f"{TWILIO}_{part.upper()}" for part in PARTS]
    families = WEBHOOK_SECRET, API_TOKEN_OF
    for name in names:
        if not name.startswith(PREFIX) or name in known or name.startswith(families):
            continue
        source = name.rpartition("_")[2]
        hint = did_you_mean(name, [*known, WEBHOOK_SECRET + source]) or "."
        raise Misconfigured(f"{name} is not a setting{hint}")


def _sentence(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    unset = (f for f in faults if f["type"] == "missing" and len(f["loc"]) == 1)
    missing = [_variable(fault) for fault in unset]
    if missing:
        return _not_set(missing, load_place())
    return " ".join(f"{_variable(f)}: {_what(f)}." for f in faults)


def _variable(fault: ErrorDetails) -> str:
    name = "_".join(str(part) for part in fault["loc"]).upper()
    return name if name.startswith((PREFIX, "TEMPORAL_ADDRESS")) else PREFIX + name


def _what(fault: ErrorDetails) -> str:
    return fault["msg"].removeprefix("Value error, ").removeprefix("Input ")


def _not_set(names: Iterable[str], place: Place) -> str:
    where = (
        f"`rappel up` writes what is missing to {place.secrets_file}."
        if place.one_machine
        else "With a cluster or PostgreSQL none is made up: set them alike for every process."
    )
    return f"Not set: {', '.join(names)}. {where}"


def _format_for(*, terminal: bool) -> LogFormat:
    return LogFormat.CONSOLE if terminal else LogFormat.JSON
