"""Signing in by the company's OpenID provider: code, PKCE and nonce; only a verified e-mail counts."""

from collections.abc import Mapping
from typing import Any, Protocol

from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import FastAPI, Request, Response
from httpx2 import HTTPError
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware

from models.errors import ProviderAway
from models.open_id import Provider
from settings import Settings

HANDSHAKE = "rappel_handshake"
"""The cookie between leaving for the provider and coming back."""
HANDSHAKE_LIFE = 600
DOOR = "/sign-in/provider"
RETURN = f"{DOOR}/return"
PATIENCE_SECONDS = 10


def make_open_id(settings: Settings) -> "OpenId | None":
    provider = settings.provider
    return OpenId(provider, settings.public_url) if provider else None


def add_handshake(app: FastAPI, settings: Settings) -> None:
    """Its cookie goes to the provider's door only, and forgets within minutes."""
    if settings.provider:
        app.add_middleware(
            SessionMiddleware,
            secret_key=settings.session_key.get_secret_value(),
            session_cookie=HANDSHAKE,
            max_age=HANDSHAKE_LIFE,
            path=DOOR,
            https_only=settings.over_https,
        )


class _Client(Protocol):
    """What we use of authlib's, which is published without types."""

    async def authorize_redirect(
        self, request: Request, redirect_uri: str, **more: Any
    ) -> Response: ...

    async def authorize_access_token(self, request: Request) -> dict[str, Any]: ...

    async def userinfo(self, *, token: dict[str, Any]) -> dict[str, Any]: ...


class OpenId:
    """Asks the provider for its addresses and keys when somebody first comes this way."""

    def __init__(self, provider: Provider, public_url: str) -> None:
        self._client: _Client = OAuth().register(
            "company",
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email",
                "code_challenge_method": "S256",
                "timeout": PATIENCE_SECONDS,
            },
        )
        self._return = public_url + RETURN

    async def send_there(self, request: Request) -> Response:
        """Raises ProviderAway."""
        try:
            return await self._client.authorize_redirect(request, self._return)
        except (HTTPError, ValueError, RuntimeError):
            raise ProviderAway("The provider does not answer.") from None

    async def verified_email(self, request: Request) -> str | None:
        """Of who comes back from there; None where it is not proven. Raises ProviderAway."""
        try:
            token = await self._client.authorize_access_token(request)
            claims = await self._claims(token)
        except (OAuthError, JoseError):
            return None
        except (HTTPError, ValueError, RuntimeError):
            raise ProviderAway("The provider does not answer.") from None
        proven = claims.get("email_verified") in {True, "true"}  # some providers send the word
        return str(claims["email"]) if proven and claims.get("email") else None

    async def _claims(self, token: dict[str, Any]) -> Mapping[str, Any]:
        """Of the signed token; some providers tell the e-mail only to who asks once more."""
        signed: Mapping[str, Any] = token.get("userinfo") or {}
        if "email" in signed or "sub" not in signed:
            return signed
        told = await self._client.userinfo(token=token)
        return told if told.get("sub") == signed["sub"] else signed
