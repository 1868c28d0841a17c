"""Change sets as AWS makes them: which stacks take one, one stack for all those of a new one, no secret in what they show."""

import re
from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation.helpers import _error

from overlay.patches import Patch

Parameters = dict[str, list[str]]
Response = tuple[int, dict[str, str], bytes]
Operation = Callable[[Parameters], Response]

_ANSWERED = 200

_NOT_MADE = frozenset({"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"})
_UPDATABLE = frozenset({
    "CREATE_COMPLETE", "CREATE_FAILED", "IMPORT_COMPLETE", "IMPORT_ROLLBACK_COMPLETE",
    "UPDATE_COMPLETE", "UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE",
})  # fmt: skip


def _create_change_set(original: Operation) -> Operation:
    """Keep the stack that an earlier change set began: the original begins another one, and its deletion leaves the earlier set behind."""

    def create(parameters: Parameters) -> Response:
        name = parameters.get("StackName", [""])[0]
        begun = _stacks().get(name)
        if refusal := _refusal(begun, parameters):
            return refusal
        response = original(parameters)
        if begun is None or begun["StackStatus"] != "REVIEW_IN_PROGRESS" or _stacks().get(name) is begun:
            return response
        another = _stacks().get(name)
        _stacks()[name] = begun
        return response if another is None else _belonging_to(begun["StackId"], another["StackId"], response)

    return create


def _refusal(stack: dict[str, Any] | None, parameters: Parameters) -> Response | None:
    """Refuse a stack that is not there to be created or changed, above all one that rolled back: it has to be deleted first."""
    if stack is None:
        return None
    kind = parameters.get("ChangeSetType", ["UPDATE"])[0]
    if kind == "CREATE" and stack["StackStatus"] not in _NOT_MADE:
        change_set = parameters["ChangeSetName"][0]
        return _answer(
            "AlreadyExistsException",
            f"Stack [{stack['StackName']}] already exists and cannot be created again with the changeSet [{change_set}].",
        )
    if kind == "UPDATE" and stack["StackStatus"] not in _UPDATABLE | {"DELETE_COMPLETE"}:
        return _answer("ValidationError", f"Stack:{stack['StackId']} is in {stack['StackStatus']} state and can not be updated.")
    return None


def _answer(code: str, message: str) -> Response:
    answer: Response = _error(code, message)
    return answer


def _belonging_to(begun: str, another: str, response: Response) -> Response:
    for change_set in cloudformation._change_sets.values():  # noqa: SLF001
        if change_set["StackId"] == another:
            change_set["StackId"] = begun
    cloudformation._stack_events.pop(another)  # noqa: SLF001
    status, headers, body = response
    return status, headers, body.replace(another.encode(), begun.encode())


def _stacks() -> Any:
    return cloudformation._stacks  # noqa: SLF001


_PARAMETER = re.compile(rb"<ParameterKey>([^<]*)</ParameterKey><ParameterValue>([^<]*)</ParameterValue>")


def _describe_change_set(original: Operation) -> Operation:
    """Mask what the template calls NoEcho, and tell names in Parameter Store apart from what was found there; ministack does neither."""

    def describe(parameters: Parameters) -> Response:
        status, headers, body = original(parameters)
        if status != _ANSWERED:
            return status, headers, body
        (named,) = re.findall(r"<ChangeSetId>([^<]*)", body.decode())
        declared = cloudformation._change_sets[named]["_resolved_params"]  # noqa: SLF001
        return status, headers, _PARAMETER.sub(lambda found: _shown(found, declared[found[1].decode()]), body)

    return describe


def _shown(found: re.Match[bytes], parameter: dict[str, Any]) -> bytes:
    name, value = found.groups()
    resolved = b""
    if parameter["NoEcho"]:
        value = b"****"
    elif "SsmName" in parameter:
        resolved = b"<ResolvedValue>" + value + b"</ResolvedValue>"
        value = parameter["SsmName"].encode()
    return b"<ParameterKey>" + name + b"</ParameterKey><ParameterValue>" + value + b"</ParameterValue>" + resolved


def _resolve_parameters(original: Callable[..., Any]) -> Callable[..., Any]:
    """Name all parameters without a value at once, in AWS's words."""

    def resolve(template: dict[str, Any], provided: list[dict[str, Any]], previous: dict[str, Any] | None = None) -> Any:
        given = {parameter.get("Key") for parameter in provided}
        missing = [name for name, declared in template.get("Parameters", {}).items() if "Default" not in declared and name not in given]
        if missing:
            raise ValueError(f"Parameters: [{', '.join(missing)}] must have values")
        return original(template, provided, previous)

    return resolve


_HANDLERS = "ministack.services.cloudformation.handlers:_ACTION_HANDLERS"

PATCHES = (
    Patch(f"{_HANDLERS}[CreateChangeSet]", "06b31550065c", _create_change_set),
    Patch(f"{_HANDLERS}[DescribeChangeSet]", "e6d4a62f7921", _describe_change_set),
    Patch("ministack.services.cloudformation.engine:_resolve_parameters", "65ee21dccd44", _resolve_parameters),
)
