"""What STS asks of a token before any trust policy does, and which of its claims a trust policy can judge.

A token's signature is not verified: there are no keys of a provider here.
"""

import time
from collections.abc import Callable
from typing import Any

from ministack.services import iam as iam_service
from ministack.services import sts as sts_service
from ministack.services.cognito import _decode_id_token_unverified

from overlay.patches import Patch

Claims = dict[str, Any]
Response = Any

_PROVIDERS_CLAIMS = {"oidc.circleci.com/": ("oidc.circleci.com/project-id",)}
"""The claims that STS gives to policies besides ``aud``, ``sub`` and ``amr``, by how the issuer begins."""


def _web_identity_principal(original: Callable[..., tuple[str, Claims]]) -> Callable[..., tuple[str, Claims]]:
    def principal(token: str, provider_id: str, role_arn: str) -> tuple[str, Claims]:
        provider, keys = original(token, provider_id, role_arn)
        claims = _claims(token) or {}
        issuer = _issuer(claims)
        names = [name for beginning, further in _PROVIDERS_CLAIMS.items() if issuer.startswith(beginning) for name in further]
        audience = _audiences(claims)[:1]
        return provider, {
            **keys,
            **{f"{issuer}:aud".lower(): value for value in audience},
            **{f"{issuer}:{name}".lower(): claims[name] for name in names if name in claims},
        }

    return principal


def _web_identity_trust_denied(original: Callable[..., Response]) -> Callable[..., Response]:
    def denied(role_arn: str, parameters: dict[str, Any], use_json: bool) -> Response:  # noqa: FBT001 - the service's call
        refusal = _refusal(role_arn.split(":")[4], sts_service._p(parameters, "WebIdentityToken"))  # noqa: SLF001
        if refusal:
            return sts_service._error(400, *refusal, ns="sts")  # noqa: SLF001
        return original(role_arn, parameters, use_json)

    return denied


def _refusal(account: str, token: str) -> tuple[str, str] | None:
    claims = _claims(token)
    if claims is None:
        return "InvalidIdentityToken", "The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"
    issuer = _issuer(claims)
    provider = iam_service._oidc_providers.get_scoped(account, None, f"arn:aws:iam::{account}:oidc-provider/{issuer}")  # noqa: SLF001
    if provider is None:
        return "InvalidIdentityToken", f"No OpenIDConnect provider found in your account for https://{issuer}"
    if not set(_audiences(claims)) & set(provider["ClientIDList"]):
        return "InvalidIdentityToken", "Incorrect token audience"
    if claims.get("exp", 0) <= time.time():
        return "ExpiredTokenException", "Token expired: current date/time must be before the expiration date/time"
    return None


def _claims(token: str) -> Claims | None:
    try:
        claims = _decode_id_token_unverified(token)
    except (ValueError, TypeError):
        return None
    return claims if isinstance(claims, dict) else None


def _issuer(claims: Claims) -> str:
    return str(claims.get("iss", "")).removeprefix("https://").rstrip("/")


def _audiences(claims: Claims) -> list[str]:
    audience = claims.get("aud", [])
    return audience if isinstance(audience, list) else [audience]


PATCHES = (
    Patch("ministack.services.sts:_web_identity_principal", "4b20206e7981", _web_identity_principal),
    Patch("ministack.services.sts:_web_identity_trust_denied", "d9e237e9d6e9", _web_identity_trust_denied),
)
