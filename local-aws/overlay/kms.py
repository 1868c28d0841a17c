"""KMS: keys that S3 encrypts with, the AWS-managed key of S3, and the key's properties that CloudFormation resets."""

import json
from collections.abc import Callable
from typing import Any

from ministack.core.arn import ArnParseError, parse_arn
from ministack.core.responses import get_account_id
from ministack.services import kms as kms_service

from overlay.cloudformation import PROVISIONERS, Handlers, Resource
from overlay.gate import Properties
from overlay.patches import Patch

Key = dict[str, Any]

_MANAGER = "_key_manager"


def find_or_create(name: str) -> Key | None:
    """Find a key by id, alias, or ARN of either, which may name another account; an AWS-managed key appears with its first use."""
    try:
        arn = parse_arn(name)
    except ArnParseError:
        return kms_service._resolve_key(name) or (_create_aws_managed(name) if name.startswith("alias/aws/") else None)  # noqa: SLF001
    key_id = arn.resource.removeprefix("key/")
    if arn.resource.startswith("alias/"):
        key_id = kms_service._aliases.get_scoped(arn.account_id, arn.region, name)  # noqa: SLF001
    key: Key | None = kms_service._keys.get_scoped(arn.account_id, arn.region, key_id)  # noqa: SLF001
    return key


def _create_aws_managed(alias: str) -> Key:
    service = alias.rpartition("/")[2]
    _status, _headers, body = kms_service._create_key({"Description": f"Default key that protects my {service.upper()} objects"})  # noqa: SLF001
    key: Key = kms_service._resolve_key(json.loads(body)["KeyMetadata"]["KeyId"])  # noqa: SLF001
    key[_MANAGER] = "AWS"
    kms_service._create_alias({"AliasName": alias, "TargetKeyId": key["KeyId"]})  # noqa: SLF001
    return key


def _key_metadata(original: Callable[[Key], dict[str, Any]]) -> Callable[[Key], dict[str, Any]]:
    return lambda key: {**original(key), "KeyManager": key.get(_MANAGER, "CUSTOMER")}


def _handlers(original: Handlers) -> Handlers:
    def update(key_id: str, old: Properties, new: Properties, stack_name: str) -> Resource:
        key: Resource = original["update"](key_id, old, {"KeyPolicy": _default_policy(), **new}, stack_name)
        if not new.get("EnableKeyRotation"):
            kms_service._resolve_key(key_id).pop("RotationPeriodInDays", None)  # noqa: SLF001
        return key

    return {**original, "update": update}


def _default_policy() -> dict[str, Any]:
    """Give the policy of a key that was created without one; removing a key's policy returns it to this."""
    administration = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{get_account_id()}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Id": "key-default-1", "Statement": [administration]}


PATCHES = (
    Patch("ministack.services.kms:_key_metadata", "ee6ca8cd7d04", _key_metadata),
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::KMS::Key]", "228feaef6fbc", _handlers),
)
