"""Drift detection as AWS does it: what the template sets is compared with what the service's own API tells.

Ministack compares a few properties with its stores. Here every accepted property is read by the API that whoever changed it behind
CloudFormation's back has used. A property that cannot be read leaves its resource unchecked, never in sync. It is read in the name of the
account: which of it the caller may read is not asked.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Any

from botocore.exceptions import ClientError
from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import drift as ministack_drift
from ministack.services.cloudformation.helpers import _error

from overlay import client as clients
from overlay.accepted import ACCEPTED
from overlay.gate import Properties
from overlay.patches import Patch
from overlay.readers import READERS

Parameters = dict[str, list[str]]
Response = tuple[int, dict[str, str], bytes]
Operation = Callable[[Parameters], Response]
Drift = dict[str, Any]
Source = tuple[Callable[[str, Properties], Properties | None], frozenset[str]]
"""Ministack's entry for a type: what reads it, and which properties it compares."""

WRITE_ONLY = {"AWS::ECR::Repository": {"EmptyOnDelete"}, "AWS::KMS::Key": {"PendingWindowInDays"}}
"""What no service tells, and AWS does not compare either."""

_GONE = frozenset({
    "NoSuchBucket", "NoSuchBucketPolicy", "NoSuchEntity", "NotFoundException", "ParameterNotFound", "RepositoryNotFoundException",
    "ResourceNotFoundException",
})  # fmt: skip
_DOCUMENTS = frozenset({"AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument", "RepositoryPolicyText"})
_NAMED_BY = ("Id", "Key", "PolicyName", "AttributeName")
"""By which of its properties an element of a list is known, wherever it stands."""


def _reader(resource_type: str) -> Callable[[str, Properties], Properties | None]:
    def read(physical_id: str, properties: Properties) -> Properties | None:
        try:
            found = _read(resource_type, physical_id, properties)
        except ClientError as error:
            if error.response["Error"]["Code"] in _GONE:
                return None
            raise
        compared: Properties = _like(properties, found)
        return compared

    return read


def _read(resource_type: str, physical_id: str, properties: Properties) -> Properties:
    if resource_type == "AWS::IAM::Policy":
        return _inline_policy(properties)
    if resource_type == "AWS::KMS::Key":
        _refuse_dying(physical_id)
    return READERS[resource_type](clients, physical_id)


def _inline_policy(properties: Properties) -> Properties:
    name, roles, expected = properties["PolicyName"], properties["Roles"], properties["PolicyDocument"]
    on_role = {role: document for role in roles if (document := _policy_of(role, name)) is not None}
    if not on_role:
        raise _gone("NoSuchEntity")
    other = next((document for document in on_role.values() if document != expected), expected)
    return {"PolicyDocument": other, "PolicyName": name, "Roles": list(on_role)}


def _policy_of(role: str, name: str) -> Any:
    iam = clients.client("iam")
    try:
        return iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    except iam.exceptions.NoSuchEntityException:
        return None


def _refuse_dying(key_id: str) -> None:
    """Take a key that waits for its deletion for one that is gone, as the handler of its type does."""
    if clients.client("kms").describe_key(KeyId=key_id)["KeyMetadata"]["KeyState"] == "PendingDeletion":
        raise _gone("NotFoundException")


def _gone(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "It is gone."}}, "Read")


def _like(expected: Any, actual: Any) -> Any:
    """Leave out what the template does not set: CloudFormation compares nothing else. Of a document, all counts."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return {
            name: actual[name] if name in _DOCUMENTS else _like(value, actual[name]) for name, value in expected.items() if name in actual
        } | {name: value for name, value in expected.items() if name not in actual and value in ("", [], {})}
    if isinstance(expected, list) and isinstance(actual, list):
        return [_like(_partner(expected, item, index), item) for index, item in enumerate(actual)]
    if isinstance(expected, str) and isinstance(actual, str) and actual.startswith("arn:aws:kms:") and actual.endswith(f"/{expected}"):
        return expected  # A key goes by its id and by its ARN.
    return actual


def _partner(expected: list[Any], item: Any, index: int) -> Any:
    if isinstance(item, dict):
        for key in _NAMED_BY:
            if key in item:
                return next((other for other in expected if isinstance(other, dict) and other.get(key) == item[key]), None)
    return expected[index] if index < len(expected) else None


def _source(resource_type: str) -> Source:
    names = {path.partition(".")[0].partition("[")[0] for path in ACCEPTED[resource_type]}
    return _reader(resource_type), frozenset(names - WRITE_ONLY.get(resource_type, set()))


SOURCES = {resource_type: _source(resource_type) for resource_type in (*READERS, "AWS::IAM::Policy")}
"""Of every type that is compared; every other one is not checked."""


def _detect_resource_drift(original: Callable[..., Drift]) -> Callable[..., Drift]:
    """Compare by these sources alone, and say of nothing that it is in sync of which a part was not compared."""
    sources = ministack_drift._DRIFT_READERS  # noqa: SLF001 - the table that the original reads
    sources.clear()
    sources.update(SOURCES)

    def detect(stack: dict[str, Any], logical_id: str, record: dict[str, Any], timestamp: str) -> Drift:
        found = original(stack, logical_id, record, timestamp)
        resource_type = record["ResourceType"]
        unread = set(record.get("Properties") or {}) - SOURCES[resource_type][1] - WRITE_ONLY.get(resource_type, set())
        if found["StackResourceDriftStatus"] != "IN_SYNC" or not unread:
            return found
        return {**found, "StackResourceDriftStatus": "NOT_CHECKED", "DriftStatusReason": f"Cannot be compared: {', '.join(sorted(unread))}"}

    return detect


_running: set[tuple[str, str, str]] = set()
_guard = threading.Lock()


def _detect_stack_drift(original: Operation) -> Callable[[Parameters], Awaitable[Response] | Response]:
    """Compare on another thread, for the comparison calls the API; one comparison of a stack at a time."""

    def detect(parameters: Parameters) -> Awaitable[Response] | Response:
        name = parameters.get("StackName", [""])[0]
        stack = (get_account_id(), get_region(), name.split("/")[1] if name.startswith("arn:") else name)
        with _guard:
            if stack in _running:
                return _refusal(f"Drift detection is already in progress for stack [{name}]")
            _running.add(stack)

        def compare() -> Response:
            try:
                return original(parameters)
            finally:
                _running.discard(stack)

        return asyncio.to_thread(compare)

    return detect


def _refusal(message: str) -> Response:
    answer: Response = _error("ValidationError", message)
    return answer


def _on_thread(original: Operation) -> Callable[[Parameters], Awaitable[Response]]:
    return lambda parameters: asyncio.to_thread(original, parameters)


def _handle_request(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """Wait for an operation that is answered later."""

    async def handle(*request: Any) -> Any:
        answer = await original(*request)
        return await answer if isawaitable(answer) else answer

    return handle


_CLOUDFORMATION = "ministack.services.cloudformation"

PATCHES = (
    Patch(f"{_CLOUDFORMATION}.drift:detect_resource_drift", "34388c468d4d", _detect_resource_drift),
    Patch(f"{_CLOUDFORMATION}:handle_request", "af2b98f8e97b", _handle_request),
    Patch(f"{_CLOUDFORMATION}.handlers:_ACTION_HANDLERS[DetectStackDrift]", "7eee7c41d382", _detect_stack_drift),
    Patch(f"{_CLOUDFORMATION}.handlers:_ACTION_HANDLERS[DetectStackResourceDrift]", "8fe3b25ee4d1", _on_thread),
)
