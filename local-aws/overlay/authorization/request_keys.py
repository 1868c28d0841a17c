"""The condition keys of a request that ministack leaves out; a key that a request does not carry is absent, on AWS too."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import dynamodb as dynamodb_service
from ministack.services import iam as iam_service

from overlay.patches import Patch

Keys = dict[str, Any]
Item = dict[str, Any]

BOUNDARY = "iam:PermissionsBoundary"
# Policies ask these for the boundary that the request puts ...
_PUT_A_BOUNDARY = frozenset({"CreateRole", "CreateUser", "PutRolePermissionsBoundary", "PutUserPermissionsBoundary"})
# ... and these for the one that the identity has.
_UNDER_A_BOUNDARY = frozenset(
    operation.format(kind)
    for kind in ("Role", "User")
    for operation in ("Attach{}Policy", "Delete{}PermissionsBoundary", "Delete{}Policy", "Detach{}Policy", "Put{}Policy")
) | {"UpdateAssumeRolePolicy"}

_STS = {"ExternalId": "sts:ExternalId", "RoleSessionName": "sts:RoleSessionName"}


def _request_tag_context(original: Callable[..., Keys]) -> Callable[..., Keys]:
    def context(service: str, action: str, body: bytes, parameters: Keys) -> Keys:
        found = original(service, action, body, parameters)
        if service == "iam":
            found |= iam_keys(action.partition(":")[2], {name: _first(value) for name, value in parameters.items()})
        if service == "sts":
            found |= {key: _first(parameters[name]) for name, key in _STS.items() if name in parameters}
        if service == "cloudformation" and "RoleARN" in parameters:
            found["cloudformation:RoleArn"] = _first(parameters["RoleARN"])
        return found

    return context


def iam_keys(operation: str, request: dict[str, str]) -> Keys:
    """Give what a request to IAM lets policies judge: the boundary and the managed policy."""
    keys = {"iam:PolicyARN": request["PolicyArn"]} if "PolicyArn" in request else {}
    if operation in _PUT_A_BOUNDARY:
        boundary = request.get("PermissionsBoundary")
    elif operation in _UNDER_A_BOUNDARY:
        kind, store = ("User", iam_service._users) if "User" in operation else ("Role", iam_service._roles)  # noqa: SLF001
        boundary = (store.get_scoped(get_account_id(), None, request.get(f"{kind}Name", "")) or {}).get("PermissionsBoundary")
    else:
        boundary = None
    return {**keys, **({BOUNDARY: boundary} if boundary else {})}


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) else value


def _dynamodb_service_context(original: Callable[[bytes], Keys]) -> Callable[[bytes], Keys]:
    def context(body: bytes) -> Keys:
        try:
            keys = sorted(set(leading_keys(json.loads(body or b"{}"))))
        except (AttributeError, KeyError, TypeError, ValueError):
            return original(body)  # No request that DynamoDB takes.
        return {**original(body), **({"dynamodb:LeadingKeys": keys} if keys else {})}

    return context


def leading_keys(request: Item) -> Iterator[str]:
    """Give the partition keys that a request to DynamoDB names; a scan names none."""
    for table, entries in request.get("RequestItems", {}).items():
        if isinstance(entries, dict):
            items: list[Item] = entries["Keys"]
        else:
            items = [write.get("Item", write.get("Key")) for entry in entries for write in entry.values()]
        for written in items:
            yield from _leading_key(table, written)
    for action in request.get("TransactItems", []):
        for part in action.values():
            yield from _leading_key(part["TableName"], part.get("Item", part.get("Key", {})))
    if "TableName" in request:
        item: Item = request.get("Item") or request.get("Key") or {}
        yield from _leading_key(request["TableName"], item)
        yield from _queried_key(request)


def _leading_key(table: str, item: Item) -> Iterator[str]:
    value = item.get(_partition_key(table))
    if value:
        yield str(next(iter(value.values())))


def _queried_key(request: Item) -> Iterator[str]:
    """Give the key of ``<partition key> = <value>``, which a query must have."""
    names, values = request.get("ExpressionAttributeNames", {}), request.get("ExpressionAttributeValues", {})
    for condition in request.get("KeyConditionExpression", "").replace(" and ", " AND ").split(" AND "):
        name, equals, value = (part.strip(" ()") for part in condition.partition("="))
        if equals and names.get(name, name) == _partition_key(request["TableName"]):
            yield from (str(found) for found in values[value].values())


def _partition_key(table: str) -> str:
    described = dynamodb_service._tables.get(dynamodb_service._normalize_table_name(table), {})  # noqa: SLF001
    return next((key["AttributeName"] for key in described.get("KeySchema", []) if key["KeyType"] == "HASH"), "")


PATCHES = (
    Patch("ministack.core.iam_actions:request_tag_context", "d46adb816e02", _request_tag_context),
    Patch("ministack.core.iam_actions:dynamodb_service_context", "0f0021bdc8a3", _dynamodb_service_context),
)
