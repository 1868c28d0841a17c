"""Which stack is in which: what the stacks and change sets of one hierarchy are found by."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from ministack.services import cloudformation

from overlay.patches import Patch

NESTED = "AWS::CloudFormation::Stack"

Record = dict[str, Any]
Parameters = dict[str, list[str]]
Response = tuple[int, dict[str, str], bytes]
Operation = Callable[[Parameters], Response]

_NAME_LENGTH = 128
_SUFFIX_LENGTH = 12
_ACTS_BY = ("RoleARN", "_access_key")


def stacks() -> Any:
    """Give the stacks of the account and region at hand, by name."""
    return cloudformation._stacks  # noqa: SLF001


def change_sets() -> Any:
    """Give the change sets of the account and region at hand, by ARN."""
    return cloudformation._change_sets  # noqa: SLF001


def stack_of(stack_id: str) -> Record | None:
    """Find a stack by its ARN, be it deleted."""
    return next((stack for stack in stacks().values() if stack["StackId"] == stack_id), None)


def new_name(parent_name: str, logical_id: str) -> str:
    """Think of a name for a nested stack, as CloudFormation does."""
    suffix = uuid4().hex[:_SUFFIX_LENGTH].upper()
    return f"{parent_name}-{logical_id}"[: _NAME_LENGTH - 1 - _SUFFIX_LENGTH] + f"-{suffix}"


def put_below(child: Record, parent: Record) -> None:
    """Make a stack a part of another one, by whose rights it then acts."""
    child["ParentId"] = parent["StackId"]
    child["RootId"] = parent.get("RootId", parent["StackId"])
    child.update({name: parent[name] for name in _ACTS_BY if name in parent})


def forget_abandoned() -> None:
    """Remove the nested change sets whose root is gone, and the stacks that were only begun for one of them."""
    while orphans := [one for one, made in change_sets().items() if made.get("ParentChangeSetId", one) not in change_sets()]:
        for orphan in orphans:
            change_sets().pop(orphan)
    wanted = {made["StackId"] for made in change_sets().values()}
    begun = [
        (name, stack["StackId"])
        for name, stack in stacks().items()
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS" and "ParentId" in stack and stack["StackId"] not in wanted
    ]
    for name, stack_id in begun:
        stacks().pop(name)
        cloudformation._stack_events.pop(stack_id, None)  # noqa: SLF001


_STACK_ID = re.compile(r"<StackId>([^<]*)</StackId>")


def _with_parents(original: Operation) -> Operation:
    """Say of a nested stack which one it is in, and which one is the outermost."""

    def describe(parameters: Parameters) -> Response:
        status, headers, body = original(parameters)
        nested = {stack["StackId"]: stack for stack in stacks().values() if "ParentId" in stack}

        def shown(found: re.Match[str]) -> str:
            stack = nested.get(found[1])
            return found[0] + (f"<ParentId>{stack['ParentId']}</ParentId><RootId>{stack['RootId']}</RootId>" if stack else "")

        return status, headers, _STACK_ID.sub(shown, body.decode()).encode()

    return describe


_HANDLERS = "ministack.services.cloudformation.handlers:_ACTION_HANDLERS"

PATCHES = (
    Patch(f"{_HANDLERS}[DescribeStacks]", "e52b86a4104e", _with_parents),
    Patch(f"{_HANDLERS}[ListStacks]", "aa7338acb3a2", _with_parents),
)
