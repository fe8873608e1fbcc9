"""Whether a call to us is Twilio's: signed with the account's token, over our public address and the form."""

from collections.abc import Sequence
from urllib.parse import parse_qs, parse_qsl

from fastapi import Request
from starlette.datastructures import ImmutableMultiDict
from twilio.request_validator import RequestValidator

from models.errors import NotAllowed
from models.twilio_account import TwilioAccount
from web.bodies import read_body

Form = ImmutableMultiDict[str, str]

LARGEST = 64 * 1024
MOST_FIELDS = 200
HEADER = "x-twilio-signature"
HASH = "bodySHA256"


async def require_signed(request: Request, account: TwilioAccount | None, public_url: str) -> Form:
    """The form, with its blank and repeated fields. A signature is no proof that a call is new: what comes
    twice must do no harm. Raises NotAllowed, also where no account is configured.
    """
    body = await read_body(request, largest=LARGEST, what="call")
    signature = request.headers.get(HEADER, "")
    tokens = account.tokens if account else ()
    if not is_signed(signed_url(request, public_url), body, signature, tokens):
        raise NotAllowed("This is not signed with the token of our account.")
    return read_form(body)


def signed_url(request: Request, public_url: str) -> str:
    """As Twilio was told it. Behind a proxy the server knows neither our scheme, host and port nor a prefix;
    path and query count as they were written, not as they are meant.
    """
    path = bytes(request.scope["raw_path"]).partition(b"?")[0].decode("latin-1")
    query = bytes(request.scope["query_string"]).decode("latin-1")
    return f"{public_url}{path}?{query}" if query else f"{public_url}{path}"


def is_signed(url: str, body: bytes, signature: str, tokens: Sequence[str]) -> bool:
    """JSON is signed by its hash in the query, a form field by field."""
    try:
        hashed = HASH in parse_qs(url.partition("?")[2])
        told = body.decode() if hashed else read_form(body)
    except ValueError:
        return False
    return any(RequestValidator(token).validate(url, told, signature) for token in tokens)


def read_form(body: bytes) -> Form:
    """Raises ValueError for what is none."""
    pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    return ImmutableMultiDict(pairs)
