"""Which resources a request acts on, where ministack sees none or the first alone: parameters by their names, versions in a batch."""

import json
from collections.abc import Callable
from typing import Any

from ministack.core import iam_actions

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
    """Judge the version that the first entry of a batch deletes too: ministack asks for ``s3:DeleteObject`` there, which deletes none."""

    def checks(method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]) -> Checks:
        found = original(method, path, headers, body, query)
        if method == "POST" and "delete" in query:
            targets = iam_actions._s3_batch_delete_targets(path.strip("/").partition("/")[0], body)  # noqa: SLF001
            found = [*found, *(("s3:DeleteObjectVersion", arn) for arn, version in targets[:1] if version)]
        return found

    return checks


PATCHES = (
    Patch("ministack.core.iam_actions:extract_resource_arn", "82f51700695c", _extract_resource_arn),
    Patch("ministack.core.iam_evaluator:enforce", "cf64b1ee5b09", _enforce),
    Patch("ministack.core.iam_actions:s3_additional_checks", "26e5e5602d74", _s3_additional_checks),
)
