"""A trust policy names principals that exist: IAM refuses any other, and with it the role."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from ministack.services import iam as iam_service

from overlay.patches import Patch

_ACCOUNT = re.compile(r"\d{12}|arn:aws[a-z-]*:iam::\d{12}:root|\*")
_IDENTITY = re.compile(r"arn:aws[a-z-]*:(?:iam::(\d{12}):(role|user)/(?:.+/)?([^/]+)|sts::(\d{12}):assumed-role/([^/]+)/[^/]+)")

Document = Any
Check = Callable[[Document], str | None]


def unknown_principals(document: Document) -> list[str]:
    """Give the AWS principals of a policy that do not exist, as the policy writes them."""
    return [principal for principal in _principals(document) if not _exists(principal)]


def _principals(document: Document) -> Iterator[str]:
    if isinstance(document, str):
        document = json.loads(document)
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, dict) else statements:
        principal = statement.get("Principal", {})
        named = principal.get("AWS", []) if isinstance(principal, dict) else principal
        yield from [named] if isinstance(named, str) else named


def _exists(principal: str) -> bool:
    if _ACCOUNT.fullmatch(principal):
        return True
    if not (found := _IDENTITY.fullmatch(principal)):
        return False  # A wildcard in an ARN too: IAM takes only "*" alone.
    account, kind, name, session_account, session_role = found.groups()
    store = iam_service._users if kind == "user" else iam_service._roles  # noqa: SLF001
    return store.get_scoped(account or session_account, None, name or session_role) is not None


def _trust_error(original: Check) -> Check:
    def check(document: Document) -> str | None:
        if (problem := original(document)) or not document:
            return problem
        unknown = unknown_principals(document)
        # IAM names the first.
        return f'MalformedPolicyDocument: Invalid principal in policy: "AWS":"{unknown[0]}"' if unknown else None

    return check


PATCHES = (Patch("ministack.services.iam:_trust_policy_not_principal_error", "a8f0de38b24d", _trust_error),)
