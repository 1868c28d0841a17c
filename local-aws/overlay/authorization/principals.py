"""Who a caller is to a policy: a session is known by its role's ARN, and a trust policy is its role's resource policy."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam as iam_service
from ministack.services import s3 as s3_service
from ministack.services.tagging import resource_tags

from overlay.patches import Patch

Context = Any
Resolve = Callable[[str, Context], Any]
Find = Callable[[str, str], tuple[Any, str] | None]

_ROLE = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):role/(?:.+/)?([^/]+)")
_NO_SERVICE = frozenset({"aws:principalisawsservice", "aws:viaawsservice"})
_BUCKET = re.compile(r"arn:aws[a-z-]*:s3:::([^/*]+)")


def _resolve_condition_key(original: Resolve) -> Resolve:
    def resolve(key: str, context: Context) -> Any:
        if key.lower() == "aws:principalarn" and context.principal_type == "AssumedRole":
            name = iam_evaluator._role_name_from_assumed_arn(context.principal_arn)  # noqa: SLF001
            found = role(context.principal_account, name)
            return found["Arn"] if found else original(key, context)
        if key.lower() in {"aws:resourceaccount", "s3:resourceaccount"} and (bucket := _BUCKET.match(context.resource_arn)):
            # A bucket's ARN names no account.
            return s3_service._bucket_owner_account(bucket[1]) or original(key, context)  # noqa: SLF001
        if key.lower().startswith("iam:resourcetag/"):
            return (resource_tags(context.resource_arn) or {}).get(key.partition("/")[2])
        # No service calls in its own name or in a caller's here.
        return "false" if key.lower() in _NO_SERVICE else original(key, context)

    return resolve


def _resource_policy(original: Find) -> Find:
    """Let a trust policy that names a caller of its own account suffice, as every resource's policy does."""

    def find(service: str, arn: str) -> tuple[Any, str] | None:
        if service == "sts" and (named := _ROLE.fullmatch(arn)) and (found := role(named[1], named[2])):
            return found["AssumeRolePolicyDocument"], named[1]
        return original(service, arn)

    return find


def _evaluate_resource_policy(original: Callable[..., Any]) -> Callable[..., Any]:
    """Judge the caller himself: for a bucket of another account ministack lets his account's root stand in for him."""

    def evaluate(document: Any, context: Context, *arguments: Any, **options: Any) -> Any:
        caller = iam_evaluator.caller_arn()
        if context.principal_arn == f"arn:aws:iam::{context.principal_account}:root" and f"::{context.principal_account}:" in caller:
            kind = "AssumedRole" if ":assumed-role/" in caller else "User" if ":user/" in caller else context.principal_type
            context = replace(context, principal_arn=caller, principal_type=kind)
        return original(document, context, *arguments, **options)

    return evaluate


def role(account: str, name: str) -> dict[str, Any] | None:
    """Find a role of any account."""
    found: dict[str, Any] | None = iam_service._roles.get_scoped(account, None, name)  # noqa: SLF001
    return found


PATCHES = (
    Patch("ministack.core.iam_evaluator:_resolve_condition_key", "15e26964cd38", _resolve_condition_key),
    Patch("ministack.core.iam_evaluator:evaluate_resource_policy", "e49ce7161ad6", _evaluate_resource_policy),
    Patch("ministack.core.iam_evaluator:_resource_policy", "dec265f9a903", _resource_policy),
)
