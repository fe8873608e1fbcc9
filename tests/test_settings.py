import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.errors import Misconfigured
from models.mail_server import MailServer
from models.timelapse import Timelapse
from models.twilio_account import SenderKind, TwilioAccount
from settings import Place, load_place, load_settings, require_webhook_secrets

KEY = base64.b64encode(bytes(32)).decode()
SECRETS = {"API_TOKEN": "token-of-the-machine", "DATA_KEY": KEY, "SESSION_KEY": KEY}


@pytest.fixture
def told(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment of a process to which nothing but its secrets is told."""
    for name, value in SECRETS.items():
        monkeypatch.setenv(f"RAPPEL_{name}", value)
    return monkeypatch


def test_everything_lives_in_the_state_folder_by_default(
    told: pytest.MonkeyPatch, state_dir: Path
) -> None:
    settings = load_settings()

    assert settings.database_url == f"sqlite+aiosqlite:///{state_dir}/rappel.sqlite"
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.one_machine


def test_the_environment_wins_over_the_secrets_file(
    told: pytest.MonkeyPatch, state_dir: Path
) -> None:
    (state_dir / "secrets.env").write_text("RAPPEL_API_TOKEN=token-of-the-file\nRAPPEL_PORT=8081\n")

    settings = load_settings()

    assert settings.api_token.get_secret_value() == "token-of-the-machine"
    assert settings.port == 8081


def test_the_port_that_up_found_for_temporal_is_known_to_others(
    told: pytest.MonkeyPatch, state_dir: Path
) -> None:
    (state_dir / "running.env").write_text("RAPPEL_TEMPORAL_PORT=7300\n")

    assert load_settings().embedded_port == 7300


def test_webhook_secrets_are_found_by_source(told: pytest.MonkeyPatch, state_dir: Path) -> None:
    (state_dir / "secrets.env").write_text("RAPPEL_WEBHOOK_SECRET_WEB_FORM=whsec_file\n")
    told.setenv("RAPPEL_WEBHOOK_SECRET_TILL", "whsec_environment")

    secrets = load_settings().webhook_secrets

    assert {source: s.get_secret_value() for source, s in secrets.items()} == {
        "till": "whsec_environment",
        "web_form": "whsec_file",
    }


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("postgres://db/rappel", "postgresql+asyncpg://db/rappel"),
        ("postgresql://db/rappel?sslmode=require", "postgresql+asyncpg://db/rappel?ssl=require"),
        ("sqlite:////var/rappel.sqlite", "sqlite+aiosqlite:////var/rappel.sqlite"),
    ],
)
def test_a_database_url_gets_the_driver_we_use(given: str, understood: str) -> None:
    assert Place(database_url=given).database_url == understood


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("RAPPEL_PROT", "RAPPEL_PORT"),
        ("RAPPEL_DATABSE_URL", "RAPPEL_DATABASE_URL"),
        ("RAPPEL_WEBHOOK_SECERT_TILL", "RAPPEL_WEBHOOK_SECRET_TILL"),
    ],
)
def test_a_misspelt_variable_is_named_with_what_was_probably_meant(
    told: pytest.MonkeyPatch, misspelt: str, meant: str
) -> None:
    told.setenv(misspelt, "1")

    with pytest.raises(Misconfigured, match=f"{misspelt} .*{meant}"):
        load_settings()


def test_a_misspelt_name_in_the_secrets_file_is_reported_too(
    told: pytest.MonkeyPatch, state_dir: Path
) -> None:
    (state_dir / "secrets.env").write_text("RAPPEL_DATAKEY=1\n")

    with pytest.raises(Misconfigured, match=r"RAPPEL_DATAKEY .*RAPPEL_DATA_KEY"):
        load_settings()


def test_a_wrong_value_is_told_by_the_name_of_its_variable(told: pytest.MonkeyPatch) -> None:
    told.setenv("RAPPEL_PORT", "eighty")

    with pytest.raises(Misconfigured, match=r"^RAPPEL_PORT: should be a valid integer"):
        load_settings()


def test_a_wrong_secret_is_not_quoted(told: pytest.MonkeyPatch) -> None:
    told.setenv("RAPPEL_SESSION_KEY", "too-short")

    with pytest.raises(Misconfigured, match="RAPPEL_SESSION_KEY") as refusal:
        load_settings()

    assert "too-short" not in str(refusal.value)


def test_a_mail_server_is_known_by_its_url(told: pytest.MonkeyPatch) -> None:
    told.setenv("RAPPEL_SMTP_URL", "smtp://user%40house:p%3Aw@mail.example")
    told.setenv("RAPPEL_MAIL_FROM", "rappel@house.example")

    server = load_settings().mail_server

    assert server == MailServer(
        "rappel@house.example", "mail.example", 587, tls=False, user="user@house", password="p:w"
    )
    assert "p:w" not in repr(server)


def test_without_a_mail_server_there_is_none(told: pytest.MonkeyPatch) -> None:
    assert load_settings().mail_server is None


@pytest.mark.parametrize(
    ("url", "sender", "sentence"),
    [
        (
            "smtp://mail.example",
            "",
            "RAPPEL_MAIL_FROM: should be set together with RAPPEL_SMTP_URL",
        ),
        ("", "rappel@house.example", "RAPPEL_MAIL_FROM: should be set together"),
        ("smtp://mail.example", "Rappel", "RAPPEL_MAIL_FROM: should be one address"),
        ("smtp://mail.example", "a@b.example, c@d.example", "RAPPEL_MAIL_FROM: should be one"),
        ("mail.example:25", "rappel@house.example", "^RAPPEL_SMTP_URL: [^:]*smtp://[^_]*$"),
        ("http://mail.example", "rappel@house.example", "RAPPEL_SMTP_URL: should look like"),
        ("smtps://mail.example:port", "rappel@house.example", "RAPPEL_SMTP_URL: should look like"),
        ("smtp://secret@mail.example", "rappel@house.example", "RAPPEL_SMTP_URL: should name both"),
    ],
)
def test_a_mail_server_is_told_whole_or_not_at_all(
    told: pytest.MonkeyPatch, url: str, sender: str, sentence: str
) -> None:
    told.setenv("RAPPEL_SMTP_URL", url)
    told.setenv("RAPPEL_MAIL_FROM", sender)

    with pytest.raises(Misconfigured, match=sentence) as refusal:
        load_settings()

    assert "secret" not in str(refusal.value)


def test_on_one_machine_missing_secrets_are_written_by_up(told: pytest.MonkeyPatch) -> None:
    told.delenv("RAPPEL_DATA_KEY")

    with pytest.raises(Misconfigured, match=r"Not set: RAPPEL_DATA_KEY. `rappel up` writes"):
        load_settings()


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TEMPORAL_ADDRESS", "temporal:7233"),
        ("TEMPORAL_PROFILE", "production"),
        ("RAPPEL_DATABASE_URL", "postgresql://db/rappel"),
    ],
)
def test_away_from_one_machine_missing_secrets_must_be_set(
    told: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    told.setenv(variable, value)
    told.delenv("RAPPEL_DATA_KEY")
    told.delenv("RAPPEL_API_TOKEN")

    with pytest.raises(
        Misconfigured, match=r"Not set: RAPPEL_API_TOKEN, RAPPEL_DATA_KEY. .*none is made up"
    ):
        load_settings()


def test_a_standard_variable_of_temporal_means_no_embedded_server(
    told: pytest.MonkeyPatch,
) -> None:
    told.setenv("TEMPORAL_ADDRESS", "temporal:7233")

    assert load_place().embedded_port is None


def test_a_source_without_a_secret_is_named(told: pytest.MonkeyPatch) -> None:
    told.setenv("RAPPEL_WEBHOOK_SECRET_TILL", "whsec_environment")

    with pytest.raises(Misconfigured, match=r"Not set: RAPPEL_WEBHOOK_SECRET_WEB_FORM\."):
        require_webhook_secrets(load_settings(), ["till", "web_form"])


def test_secrets_are_not_shown_with_the_settings(told: pytest.MonkeyPatch) -> None:
    told.setenv("RAPPEL_DATABASE_URL", "postgresql://rappel:pass-word@db/rappel")

    shown = repr(load_settings())

    assert KEY not in shown
    assert "pass-word" not in shown


def test_settings_do_not_change(told: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


def test_a_time_lapse_is_read(told: pytest.MonkeyPatch) -> None:
    told.setenv("RAPPEL_DEMO", '{"until": "2026-11-22T10:00:00Z", "rate": 50000}')

    assert load_place().demo == Timelapse(datetime(2026, 11, 22, 10, tzinfo=UTC), 50_000)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAPPEL_DATABASE_URL", "postgresql://db/rappel"),
        ("TEMPORAL_ADDRESS", "temporal.example:7233"),
    ],
)
def test_no_time_is_lapsed_where_others_live_by_the_same_clock(
    told: pytest.MonkeyPatch, name: str, value: str
) -> None:
    told.setenv("RAPPEL_DEMO", '{"until": "2026-11-22T10:00:00Z", "rate": 50000}')
    told.setenv(name, value)

    with pytest.raises(Misconfigured, match="RAPPEL_DEMO is not for a cluster or PostgreSQL"):
        load_place()


def test_half_a_time_lapse_is_refused(told: pytest.MonkeyPatch) -> None:
    told.setenv("RAPPEL_DEMO", '{"rate": 50000}')

    with pytest.raises(Misconfigured, match=r"^RAPPEL_DEMO_UNTIL: Field required"):
        load_place()


def test_tokens_of_the_vendors_are_found_by_source_beside_our_own(
    told: pytest.MonkeyPatch, state_dir: Path
) -> None:
    (state_dir / "secrets.env").write_text(
        "RAPPEL_API_TOKEN_WEB_FORM=of-the-file\nRAPPEL_API_TOKEN_TILL=of-the-file\n"
    )
    told.setenv("RAPPEL_API_TOKEN_TILL", "of-the-environment")
    told.setenv("RAPPEL_API_TOKEN_UNSET", "")

    settings = load_settings()

    assert {name: s.get_secret_value() for name, s in settings.api_tokens.items()} == {
        "web_form": "of-the-file",
        "till": "of-the-environment",
    }
    assert settings.api_token.get_secret_value() == "token-of-the-machine"


def test_bounces_and_answers_may_go_elsewhere(told: pytest.MonkeyPatch) -> None:
    told.setenv("RAPPEL_SMTP_URL", "smtp://mail.example")
    told.setenv("RAPPEL_MAIL_FROM", "rappel@house.example")
    told.setenv("RAPPEL_MAIL_BOUNCES", "bounces@house.example")
    told.setenv("RAPPEL_MAIL_REPLY_TO", "care@house.example")

    server = load_settings().mail_server

    assert server is not None
    assert (server.bounces, server.reply_to) == ("bounces@house.example", "care@house.example")


@pytest.mark.parametrize("name", ["RAPPEL_MAIL_BOUNCES", "RAPPEL_MAIL_REPLY_TO"])
def test_where_bounces_and_answers_go_is_one_address_beside_a_mail_server(
    told: pytest.MonkeyPatch, name: str
) -> None:
    told.setenv(name, "care@house.example")
    with pytest.raises(Misconfigured, match=f"{name}: should be set together with RAPPEL_SMTP_URL"):
        load_settings()
    told.setenv("RAPPEL_SMTP_URL", "smtp://mail.example")
    told.setenv("RAPPEL_MAIL_FROM", "rappel@house.example")
    told.setenv(name, "care")
    with pytest.raises(Misconfigured, match=f"{name}: should be one address"):
        load_settings()


TWILIO = {"ACCOUNT_SID": f"AC{'0a' * 16}", "AUTH_TOKEN": "a-token", "SENDER": "BELVALLEE"}


def tell_twilio(told: pytest.MonkeyPatch, **parts: str) -> None:
    for name, value in parts.items():
        told.setenv(f"RAPPEL_TWILIO_{name}", value)


def test_an_account_at_twilio_is_told_in_parts(told: pytest.MonkeyPatch, state_dir: Path) -> None:
    (state_dir / "secrets.env").write_text("RAPPEL_TWILIO_AUTH_TOKEN_BEFORE=a-former-token\n")
    tell_twilio(told, **TWILIO, VOICE_NUMBER="+33937000001", API_BASE="http://127.0.0.1:4011/")

    account = load_settings().twilio

    assert account == TwilioAccount(
        TWILIO["ACCOUNT_SID"],
        "a-token",
        "BELVALLEE",
        SenderKind.ALPHA,
        auth_token_before="a-former-token",
        voice_number="+33937000001",
        api_base="http://127.0.0.1:4011",
    )
    assert "a-token" not in repr(account)
    assert account.tokens == ("a-token", "a-former-token")


def test_without_an_account_there_is_none(told: pytest.MonkeyPatch) -> None:
    assert load_settings().twilio is None


def test_requests_prove_themselves_by_a_key_where_there_is_one(told: pytest.MonkeyPatch) -> None:
    tell_twilio(told, **TWILIO)
    assert getattr(load_settings().twilio, "credentials", None) == (
        TWILIO["ACCOUNT_SID"],
        "a-token",
    )
    tell_twilio(told, API_KEY="SK1", API_SECRET="a-secret")
    assert getattr(load_settings().twilio, "credentials", None) == ("SK1", "a-secret")


@pytest.mark.parametrize(
    ("sender", "kind"),
    [
        ("+33937000001", SenderKind.NUMBER),
        ("38123", SenderKind.SHORT_CODE),
        ("Belvallee 1", SenderKind.ALPHA),
        (f"MG{'0b' * 16}", SenderKind.SERVICE),
    ],
)
def test_the_kind_of_a_sender_is_seen(
    told: pytest.MonkeyPatch, sender: str, kind: SenderKind
) -> None:
    tell_twilio(told, **TWILIO | {"SENDER": sender})
    assert getattr(load_settings().twilio, "sender_kind", None) is kind


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (
            {"SENDER": "", "AUTH_TOKEN": ""},
            "half of the account is told: set RAPPEL_TWILIO_AUTH_TOKEN, RAPPEL_TWILIO_SENDER as well",
        ),
        ({"API_KEY": "SK1"}, "RAPPEL_TWILIO_API_KEY and RAPPEL_TWILIO_API_SECRET go together"),
        ({"ACCOUNT_SID": "SK123"}, "RAPPEL_TWILIO_ACCOUNT_SID should be AC and 32"),
        ({"SENDER": "A name too long"}, "RAPPEL_TWILIO_SENDER should be a number such as"),
        ({"SENDER": "0937000001"}, "RAPPEL_TWILIO_SENDER should be a number such as"),
        ({"VOICE_NUMBER": "0937000001"}, "RAPPEL_TWILIO_VOICE_NUMBER should be written as"),
        ({"API_BASE": "http://api.twilio.com"}, "RAPPEL_TWILIO_API_BASE should look like"),
        ({"API_BASE": "https://api.twilio.com/v1"}, "RAPPEL_TWILIO_API_BASE should look like"),
        ({"API_BASE": "https://a:b@api.twilio.com"}, "RAPPEL_TWILIO_API_BASE should look like"),
        ({"ACOUNT_SID": "AC"}, "RAPPEL_TWILIO_ACOUNT_SID is not a setting"),
    ],
)
def test_an_account_is_told_whole_or_not_at_all(
    told: pytest.MonkeyPatch, parts: dict[str, str], sentence: str
) -> None:
    tell_twilio(told, **TWILIO | parts)
    with pytest.raises(Misconfigured, match=sentence) as fault:
        load_settings()
    assert "a-token" not in str(fault.value)
