"""A change set of a nested stack: what the stack around it says of it, as a request of CloudFormation's own API."""

import re
from html import unescape
from itertools import chain
from typing import Any
from uuid import uuid4

from ministack.services.cloudformation import handlers

from overlay.nested.hierarchy import Parameters, Record, change_sets

_ANSWERED = 200
_NO_CHANGES = "didn't contain changes"


def propose(stack_name: str, kind: str, properties: Record, capabilities: list[str]) -> Record:
    """Make a change set of a nested stack and of all that is nested in it; raise what CloudFormation answers when it takes none."""
    request = {
        "StackName": stack_name,
        "ChangeSetName": f"nested-{uuid4().hex[:12]}",
        "ChangeSetType": kind,
        "TemplateURL": properties["TemplateURL"],
        "IncludeNestedStacks": "true",
        "Tags": "",  # a list that is given: what is not in it is removed
        **_members("Capabilities", ({"": capability} for capability in capabilities)),
        **_members("Parameters", ({".ParameterKey": key, ".ParameterValue": value} for key, value in _given(properties))),
        **_members("Tags", ({".Key": tag["Key"], ".Value": tag["Value"]} for tag in own_tags(properties))),
    }
    parameters: Parameters = {name: [value] for name, value in request.items()}
    status, _, body = handlers._ACTION_HANDLERS["CreateChangeSet"](parameters)  # noqa: SLF001
    if status != _ANSWERED:
        raise ValueError(said(body))
    (made,) = re.findall(r"<Id>([^<]*)</Id>", body.decode())
    change_set: Record = change_sets()[made]
    return change_set


def is_empty(change_set: Record) -> bool:
    """Whether a change set was not made because it would change nothing."""
    return change_set["Status"] == "FAILED" and _NO_CHANGES in change_set["StatusReason"]


def said(body: bytes) -> str:
    """Give the message of an answer that is an error."""
    return unescape(re.findall(r"<Message>([^<]*)</Message>", body.decode())[0])


def own_tags(properties: Record) -> list[dict[str, str]]:
    """Give the tags of a nested stack without those that CloudFormation sets in its own name."""
    return [tag for tag in properties.get("Tags", []) if not tag["Key"].startswith("aws:")]


def _given(properties: Record) -> list[tuple[str, str]]:
    return [(key, str(value)) for key, value in properties.get("Parameters", {}).items()]


def _members(name: str, items: Any) -> dict[str, str]:
    numbered = ({f"{name}.member.{number}{key}": value for key, value in item.items()} for number, item in enumerate(items, 1))
    return dict(chain.from_iterable(member.items() for member in numbered))
