"""Mail that travels encrypted, and what a certificate is worth that is another's."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from activities.smtp import Patience, SmtpCarrier
from models.errors import CarrierBusy
from models.mail_server import MailServer
from tests.activities.test_smtp import LETTER, Mailbox, house

UNHURRIED = Patience(opening=5, sending=5, leaving=1)
DAY = timedelta(days=1)
SENDER = "rappel@house.example"


def certified(folder: Path, name: str) -> tuple[Path, ssl.SSLContext]:
    """A server's certificate for that name, which is its own authority."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "certificate.pem", folder / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)
    return pem, context


@asynccontextmanager
async def carrier_to(
    mailbox: Mailbox, context: ssl.SSLContext, *, tls: bool
) -> AsyncIterator[SmtpCarrier]:
    """With `tls` the server speaks it from the first byte, else it offers it."""
    later = None if tls else context
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(mailbox, hostname="mail.example", tls_context=later),
        "127.0.0.1",
        0,
        ssl=context if tls else None,
    )
    async with server:
        port = server.sockets[0].getsockname()[1]
        at = MailServer(SENDER, "localhost", port, tls=tls)
        yield SmtpCarrier(at, house=house, patience=UNHURRIED)


@pytest.mark.parametrize("tls", [True, False], ids=["from the first byte", "when it is offered"])
async def test_a_letter_travels_encrypted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, tls: bool
) -> None:
    mailbox, (pem, context) = Mailbox(), certified(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))

    async with carrier_to(mailbox, context, tls=tls) as carrier:
        await carrier.post(LETTER)

    assert mailbox.encrypted == [True]


@pytest.mark.parametrize("tls", [True, False], ids=["from the first byte", "when it is offered"])
@pytest.mark.parametrize("known", [True, False], ids=["another's name", "nobody's word"])
async def test_a_certificate_that_does_not_match_gets_no_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, tls: bool, known: bool
) -> None:
    name = "elsewhere.example" if known else "localhost"
    mailbox, (pem, context) = Mailbox(), certified(tmp_path, name)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))

    async with carrier_to(mailbox, context, tls=tls) as carrier:
        with pytest.raises(CarrierBusy):
            await carrier.post(LETTER)

    assert mailbox.letters == []
    assert mailbox.senders == []


async def test_a_password_does_not_travel_where_encryption_is_not_offered() -> None:
    """As somebody in between would have it, who strips the offer."""
    mailbox, heard = Mailbox(), list[object]()

    def hear(
        _server: SMTP, _session: Session, _envelope: Envelope, _how: str, said: object
    ) -> AuthResult:
        heard.append(said)
        return AuthResult(success=True)

    def plain() -> SMTP:
        return SMTP(mailbox, hostname="mail.example", authenticator=hear, auth_require_tls=False)

    server = await asyncio.get_running_loop().create_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        at = MailServer(SENDER, "0.0.0.0", port, tls=False, user="rappel", password="a long one")  # noqa: S104
        with pytest.raises(CarrierBusy):
            await SmtpCarrier(at, house=house, patience=UNHURRIED).post(LETTER)

    assert heard == []
    assert mailbox.letters == []
