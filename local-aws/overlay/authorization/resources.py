"""Which resources a request acts on, where ministack sees none or the first alone.

Parameters by their names, versions in a batch, and the bucket of an object that is not there.
"""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from ministack.core import iam_actions
from ministack.services import s3 as s3_service

from overlay.patches import Patch

Checks = list[tuple[str, str]]

_PARAMETERS = frozenset({"ssm:DeleteParameters", "ssm:GetParameters", "ssm:GetParametersByPath"})


class Arns(str):  # noqa: SLOT000 - a text cannot hold more in slots
    """The ARN of a request's first resource, as ministack carries it, with the others."""

    others: tuple[str, ...] = ()


def _extract_resource_arn(original: Callable[..., str]) -> Callable[..., str]:
    def extract(  # noqa: PLR0913, PLR0917 - the service's call
        service: str, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any], region: str, account: str
    ) -> str:
        action = iam_actions.extract_iam_action(service, method, path, headers, body, query) if service == "ssm" else None
        if action not in _PARAMETERS:
            return original(service, method, path, headers, body, query, region, account)
        request = json.loads(body)
        names = request["Names"] if "Names" in request else [request["Path"]]
        first, *others = (f"arn:aws:ssm:{region}:{account}:parameter/{name.removeprefix('/').removesuffix('/')}" for name in names)
        arns = Arns(first)
        arns.others = tuple(others)
        return arns

    return extract


def _enforce(original: Callable[..., Any]) -> Callable[..., Any]:
    def enforce(  # noqa: PLR0913, PLR0917 - the service's call
        access_key: str, action: str, service: str, region: str, resource_arn: str = "*", service_context: dict[str, Any] | None = None
    ) -> Any:
        others = resource_arn.others if isinstance(resource_arn, Arns) else ()
        for arn in (str(resource_arn), *others):
            if denied := original(access_key, action, service, region, resource_arn=arn, service_context=service_context):
                return denied
        return None

    return enforce


def _s3_additional_checks(original: Callable[..., Checks]) -> Callable[..., Checks]:
    """Judge what ministack leaves out.

    The version that the first entry of a batch deletes: ministack asks for ``s3:DeleteObject`` there, which deletes none. And whether the
    caller may list the bucket when an object is not there: S3 tells nobody else that it is not.
    """

    def checks(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Checks:
        found = original(method, path, headers, body, query)
        bucket, _, key = path.strip("/").partition("/")
        if method == "POST" and "delete" in query:
            targets = iam_actions._s3_batch_delete_targets(bucket, body)  # noqa: SLF001
            found = [*found, *(("s3:DeleteObjectVersion", arn) for arn, version in targets[:1] if version)]
        if iam_actions._s3_action(method, path, query) == "GetObject" and _is_missing(bucket, unquote(key)):  # noqa: SLF001
            found = [*found, ("s3:ListBucket", f"arn:aws:s3:::{bucket}")]
        return found

    return checks


def _is_missing(bucket: str, key: str) -> bool:
    owner = s3_service._bucket_owner_account(bucket)  # noqa: SLF001
    stored = s3_service._buckets.get_scoped(owner, None, bucket) if owner else None  # noqa: SLF001
    return stored is not None and key not in stored["objects"]


PATCHES = (
    Patch("ministack.core.iam_actions:extract_resource_arn", "82f51700695c", _extract_resource_arn),
    Patch("ministack.core.iam_evaluator:enforce", "cf64b1ee5b09", _enforce),
    Patch("ministack.core.iam_actions:s3_additional_checks", "26e5e5602d74", _s3_additional_checks),
)
