"""CloudFormation acts by a role, which its caller has to pass and which then stays the stack's; without one it acts as the caller."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any
from uuid import uuid4

from ministack.core import iam_evaluator
from ministack.core.iam_actions import access_denied_response, identity_denial_message
from ministack.core.responses import get_region
from ministack.services import cloudformation, sts
from ministack.services.cloudformation.helpers import _error

from overlay.authorization.needs import NEEDS, Act, Need, without_system_tags
from overlay.authorization.principals import role as find_role
from overlay.cloudformation import PROVISIONERS, Resource
from overlay.gate import Properties
from overlay.patches import Patch

Parameters = dict[str, list[str]]
Response = tuple[int, dict[str, str], bytes]
Operation = Callable[[Parameters], Response]
Stack = dict[str, Any]

_SERVICE = "cloudformation.amazonaws.com"
_ROLE = "RoleARN"
_ACTS_BY = "_access_key"
_ANSWERED = 200


def _enforced() -> bool:
    from ministack.app import AUTH  # noqa: PLC0415 - bound before the patches are applied otherwise

    return bool(AUTH)


def _refusal(role_arn: str) -> Response | None:
    """Ask whether the caller may pass the role, and whether CloudFormation may assume it."""
    if not role_arn or not _enforced():
        return None
    denied = _denied(iam_evaluator._verified_key.get(), "iam:PassRole", role_arn, {"iam:PassedToService": _SERVICE})  # noqa: SLF001
    if denied:
        answer: Response = access_denied_response(
            "cloudformation",
            "iam:PassRole",
            denied.principal_arn,
            str(uuid4()),
            resource_arn=role_arn,
            explicit_deny=denied.decision == "Deny",
        )
        return answer
    _, _, _, _, account, resource = role_arn.split(":", 5)
    found = find_role(account, resource.rpartition("/")[2])
    if not found or _SERVICE not in str(found["AssumeRolePolicyDocument"]):
        invalid: Response = _error("ValidationError", f"Role {role_arn} is invalid or cannot be assumed")
        return invalid
    return None


def _denied(access_key: str, action: str, arn: str, keys: dict[str, Any]) -> Any:
    return iam_evaluator.enforce(access_key, action, action.partition(":")[0], get_region(), resource_arn=arn, service_context=keys)


def _takes_a_role(record: Callable[[Parameters, Response], Stack | None], *, before: bool = False) -> Callable[[Operation], Operation]:
    """Let an operation take a role: ``record`` finds what keeps it, the stack or the change set, before or after the operation began."""

    def wrap(original: Operation) -> Operation:
        def operation(parameters: Parameters) -> Response:
            role_arn = parameters.get(_ROLE, [""])[0]
            if refusal := _refusal(role_arn):
                return refusal
            if before:
                _keep(record(parameters, (_ANSWERED, {}, b"")), role_arn)
                return original(parameters)
            response = original(parameters)
            if response[0] == _ANSWERED:
                _keep(record(parameters, response), role_arn)
            return response

        return operation

    return wrap


def _keep(record: Stack | None, role_arn: str) -> None:
    if record is None:
        return
    if role_arn:
        record[_ROLE] = role_arn
    record[_ACTS_BY] = iam_evaluator._verified_key.get()  # noqa: SLF001


def _stack(parameters: Parameters, _response: Response) -> Stack | None:
    named = parameters.get("StackName", [""])[0]
    stacks = cloudformation._stacks  # noqa: SLF001
    return stacks.get(named) or next((stack for stack in stacks.values() if stack["StackId"] == named), None)


def _change_set(_parameters: Parameters, response: Response) -> Stack | None:
    found = re.search(r"<Id>([^<]*)</Id>", response[2].decode())
    return cloudformation._change_sets.get(found[1]) if found else None  # noqa: SLF001


def _execute_change_set(original: Operation) -> Operation:
    """Act by the role of the change set; its stack keeps it."""

    def execute(parameters: Parameters) -> Response:
        named, stack_name = parameters["ChangeSetName"][0], parameters.get("StackName", [""])[0]
        for change_set in cloudformation._change_sets.values():  # noqa: SLF001
            if named == change_set["ChangeSetId"] or (named, stack_name) == (change_set["ChangeSetName"], change_set["StackName"]):
                _keep(cloudformation._stacks.get(change_set["StackName"]), change_set.get(_ROLE, ""))  # noqa: SLF001
        return original(parameters)

    return execute


_STACK_ID = re.compile(r"(<StackId>([^<]*)</StackId>)")


def _describe_stacks(original: Operation) -> Operation:
    def describe(parameters: Parameters) -> Response:
        status, headers, body = original(parameters)
        roles = {stack["StackId"]: stack[_ROLE] for stack in cloudformation._stacks.values() if _ROLE in stack}  # noqa: SLF001
        shown = _STACK_ID.sub(
            lambda found: found[1] + (f"<RoleARN>{roles[found[2]]}</RoleARN>" if found[2] in roles else ""), body.decode()
        )
        return status, headers, shown.encode()

    return describe


def _judge(resource_type: str, act: Act) -> None:
    """Raise what IAM would answer the first of the actions that is not allowed."""
    stack = cloudformation._stacks.get(act.stack_name)  # noqa: SLF001
    if stack is None or not _enforced() or resource_type not in NEEDS:
        return
    with _session(stack[_ROLE]) if _ROLE in stack else nullcontext(stack.get(_ACTS_BY, "")) as access_key:
        for need in NEEDS[resource_type](without_system_tags(act)):
            if denied := _denied(access_key, need.action, need.arn, need.keys):
                raise PermissionError(_reason(need, denied))


def _reason(need: Need, denied: Any) -> str:
    if isinstance(denied, iam_evaluator.AuthError):
        return f"{denied.message} (Status Code: 403, Error Code: {denied.code})"
    reason = identity_denial_message(need.action, denied.principal_arn, need.arn, denied.decision == "Deny")
    return f"{reason} (Service: {need.action.partition(':')[0].capitalize()}, Status Code: 403, Error Code: AccessDenied)"


@contextmanager
def _session(role_arn: str) -> Iterator[str]:
    """Assume the stack's role for the length of a block; give the session's access key."""
    _, _, _, _, account, resource = role_arn.split(":", 5)
    name = resource.rpartition("/")[2]
    access_key = f"ASIA{uuid4().hex[:16].upper()}"
    session = {
        "Arn": f"arn:aws:sts::{account}:assumed-role/{name}/AWSCloudFormation",
        "UserId": f"{(find_role(account, name) or {}).get('RoleId', '')}:AWSCloudFormation",
        "SecretAccessKey": uuid4().hex,  # known to nobody: a session without one is none
        "AccountId": account,
        "PrincipalType": "AssumedRole",
    }
    sts.register_session(access_key, session)
    try:
        yield access_key
    finally:
        sts._sessions.pop(access_key)  # noqa: SLF001


def _create(original: Callable[..., Resource]) -> Callable[..., Resource]:
    def create(resource_type: str, logical_id: str, properties: Properties, stack_name: str) -> Resource:
        _judge(resource_type, Act(stack_name, logical_id, None, {}, properties))
        return original(resource_type, logical_id, properties, stack_name)

    return create


def _update(original: Callable[..., Resource]) -> Callable[..., Resource]:
    def update(  # noqa: PLR0913, PLR0917 - the engine's call
        resource_type: str,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str,
        old_attributes: dict[str, Any] | None,
    ) -> Resource:
        if old != new:
            _judge(resource_type, Act(stack_name, logical_id, physical_id, old, new))
        return original(resource_type, physical_id, old, new, stack_name, logical_id, old_attributes)

    return update


def _delete(original: Callable[..., None]) -> Callable[..., None]:
    def delete(
        resource_type: str, physical_id: str, properties: Properties, stack_name: str | None = None, logical_id: str | None = None
    ) -> None:
        _judge(resource_type, Act(stack_name or "", logical_id or "", physical_id, properties, {}))
        original(resource_type, physical_id, properties, stack_name, logical_id)

    return delete


_HANDLERS = "ministack.services.cloudformation.handlers:_ACTION_HANDLERS"

PATCHES = (
    Patch(f"{_HANDLERS}[CreateStack]", "84e0df897c75", _takes_a_role(_stack)),
    Patch(f"{_HANDLERS}[UpdateStack]", "6a6a6ca3db0d", _takes_a_role(_stack, before=True)),
    Patch(f"{_HANDLERS}[DeleteStack]", "09d64e10e4f2", _takes_a_role(_stack, before=True)),
    Patch(f"{_HANDLERS}[CreateChangeSet]", "06b31550065c", _takes_a_role(_change_set)),
    Patch(f"{_HANDLERS}[ExecuteChangeSet]", "a4df5e5031d2", _execute_change_set),
    Patch(f"{_HANDLERS}[DescribeStacks]", "e52b86a4104e", _describe_stacks),
    Patch(f"{PROVISIONERS}:_provision_resource", "3b8f01fb1871", _create),
    Patch(f"{PROVISIONERS}:_update_resource", "21b9b1207f59", _update),
    Patch(f"{PROVISIONERS}:_delete_resource", "9e9ba54fb428", _delete),
)
