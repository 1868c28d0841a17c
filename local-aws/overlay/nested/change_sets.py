"""``IncludeNestedStacks``: a change set of a stack with one of each stack in it, made, shown, executed and deleted together."""

import copy
import re
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import escape

from ministack.services.cloudformation import engine

from overlay.nested.hierarchy import (
    NESTED,
    Operation,
    Parameters,
    Record,
    Response,
    change_sets,
    forget_abandoned,
    new_name,
    put_below,
    stack_of,
    stacks,
)
from overlay.nested.proposals import is_empty, propose
from overlay.patches import Patch

_ANSWERED = 200
_KNOWN_AFTER_APPLY = "{{changeSet:KNOWN_AFTER_APPLY}}"
"""What CloudFormation writes for a value that an earlier step of the same execution makes."""

_AUTOMATIC = {
    "Target": {"Attribute": "Properties", "Name": "TemplateURL", "RequiresRecreation": "Never"},
    "Evaluation": "Dynamic",
    "ChangeSource": "Automatic",
}
"""CloudFormation calls every nested stack changed: what is in its template is not seen from outside."""


def _create_change_set(original: Operation) -> Operation:
    def create(parameters: Parameters) -> Response:
        response = original(parameters)
        if response[0] == _ANSWERED:
            (made,) = re.findall(r"<Id>([^<]*)</Id>", response[2].decode())
            change_set = change_sets()[made]
            change_set["IncludeNestedStacks"] = parameters.get("IncludeNestedStacks", ["false"])[0] == "true"
            _count_outputs(change_set)
            if change_set["Status"] != "FAILED" or is_empty(change_set):
                _look_into(change_set)
        return response

    return create


def _count_outputs(change_set: Record) -> None:
    """Let other outputs be a change, as they are on AWS; ministack counts resources alone."""
    stack = stacks()[change_set["StackName"]]
    if is_empty(change_set) and change_set["_template"].get("Outputs", {}) != stack["_template"].get("Outputs", {}):
        _make_executable(change_set)


def _make_executable(change_set: Record) -> None:
    change_set.update(Status="CREATE_COMPLETE", ExecutionStatus="AVAILABLE", StatusReason="")


def _look_into(change_set: Record) -> None:
    """Add what changes in the nested stacks. One that does not change is listed only beside what does."""
    nested = dict(_nested(change_set))
    made = [one for one in nested.values() if one]
    if failed := next((one for one in made if one["Status"] == "FAILED" and not is_empty(one)), None):
        reason = f"Nested change set {failed['ChangeSetId']} was not successfully created: Currently in FAILED."
        change_set.update(Status="FAILED", ExecutionStatus="UNAVAILABLE", StatusReason=reason)
        return
    if is_empty(change_set):
        if all(one and is_empty(one) for one in nested.values()):
            for one in made:
                change_sets().pop(one["ChangeSetId"])
            return
        _make_executable(change_set)
    listed = {item["ResourceChange"]["LogicalResourceId"]: item["ResourceChange"] for item in change_set["Changes"]}
    resources = stacks()[change_set["StackName"]]["_resources"]
    for logical_id, own in nested.items():
        change = listed.setdefault(logical_id, _unseen(logical_id, resources))
        if change["Action"] == "Modify":
            change["Details"].append(_AUTOMATIC)
        if own:
            change["ChangeSetId"] = own["ChangeSetId"]
            own["ParentChangeSetId"] = change_set["ChangeSetId"]
            _set_root(own, change_set["ChangeSetId"])
    change_set["Changes"] = [{"ResourceChange": listed[logical_id]} for logical_id in sorted(listed)]


def _set_root(change_set: Record, root: str) -> None:
    change_set["RootChangeSetId"] = root
    for change in (item["ResourceChange"] for item in change_set["Changes"]):
        if "ChangeSetId" in change:
            _set_root(change_sets()[change["ChangeSetId"]], root)


def _unseen(logical_id: str, resources: dict[str, Record]) -> Record:
    return {
        "Action": "Modify",
        "LogicalResourceId": logical_id,
        "PhysicalResourceId": resources.get(logical_id, {}).get("PhysicalResourceId"),
        "ResourceType": NESTED,
        "Replacement": "False",
        "Scope": ["Properties"],
        "Details": [],
    }


def _nested(change_set: Record) -> Iterator[tuple[str, Record | None]]:
    """Give the nested stacks that there will be, each with its change set when there is to be one."""
    stack, template = stacks()[change_set["StackName"]], change_set["_template"]
    conditions = engine._evaluate_conditions(template, change_set["_resolved_params"])  # noqa: SLF001
    for logical_id, resource in template.get("Resources", {}).items():
        if resource.get("Type") != NESTED or not conditions.get(resource.get("Condition"), True):
            continue
        held = stack["_resources"].get(logical_id)
        if not change_set["IncludeNestedStacks"]:
            if held:
                yield logical_id, None
            continue
        child = stack_of(held["PhysicalResourceId"]) if held else None
        properties = _known(resource.get("Properties", {}), stack, change_set, conditions)
        name = child["StackName"] if child else new_name(stack["StackName"], logical_id)
        made = propose(name, "UPDATE" if child else "CREATE", properties, change_set["Capabilities"])
        put_below(stacks()[name], stack)
        yield logical_id, made


def _known(properties: Record, stack: Record, change_set: Record, conditions: dict[str, bool]) -> Record:
    """Give the properties of a nested stack as far as they are known before anything is deployed."""
    resources, template = stack["_resources"], change_set["_template"]

    def resolved(value: Any) -> Any:
        missing = {name for name, _ in engine._intrinsic_references(value)} & set(template["Resources"]) - set(resources)  # noqa: SLF001
        if missing:
            return _KNOWN_AFTER_APPLY
        return engine._resolve_refs(  # noqa: SLF001
            copy.deepcopy(value),
            resources,
            change_set["_resolved_params"],
            conditions,
            template.get("Mappings", {}),
            stack["StackName"],
            stack["StackId"],
        )

    tags = change_set["Tags"] or ([] if change_set["_tags_given"] else stack["Tags"])
    own = [resolved(tag) for tag in properties.get("Tags", [])]
    return {
        "TemplateURL": resolved(properties.get("TemplateURL")),
        "Parameters": {name: resolved(value) for name, value in properties.get("Parameters", {}).items()},
        "Tags": [*own, *(tag for tag in tags if tag["Key"] not in {one["Key"] for one in own})],
    }


_LOGICAL_ID = re.compile(r"<LogicalResourceId>([^<]*)</LogicalResourceId>")


def _describe_change_set(original: Operation) -> Operation:
    """Show where the change sets of nested stacks are, and which they belong to."""

    def describe(parameters: Parameters) -> Response:
        status, headers, body = original(parameters)
        if status != _ANSWERED:
            return status, headers, body
        text = body.decode()
        found = re.search(r"<ChangeSetId>([^<]*)</ChangeSetId>", text)
        change_set = change_sets()[found[1]] if found else {}
        inner = {
            change["LogicalResourceId"]: change["ChangeSetId"]
            for change in (item["ResourceChange"] for item in change_set["Changes"])
            if "ChangeSetId" in change
        }
        text = _LOGICAL_ID.sub(
            lambda match: match[0] + (f"<ChangeSetId>{escape(inner[match[1]])}</ChangeSetId>" if match[1] in inner else ""), text
        )
        own = "".join(f"<{name}>{change_set[name]}</{name}>" for name in ("ParentChangeSetId", "RootChangeSetId") if name in change_set)
        included = f"<IncludeNestedStacks>{str(change_set['IncludeNestedStacks']).lower()}</IncludeNestedStacks>"
        return status, headers, text.replace("</DescribeChangeSetResult>", f"{own}{included}</DescribeChangeSetResult>").encode()

    return describe


def _ends_others(original: Operation) -> Operation:
    """Let an operation that removes change sets remove those of nested stacks with them."""

    def operation(parameters: Parameters) -> Response:
        response = original(parameters)
        forget_abandoned()
        return response

    return operation


_HANDLERS = "ministack.services.cloudformation.handlers:_ACTION_HANDLERS"

PATCHES = (
    Patch(f"{_HANDLERS}[CreateChangeSet]", "06b31550065c", _create_change_set),
    Patch(f"{_HANDLERS}[DescribeChangeSet]", "e6d4a62f7921", _describe_change_set),
    Patch(f"{_HANDLERS}[DeleteChangeSet]", "a9b49a6bd01c", _ends_others),
    Patch(f"{_HANDLERS}[ExecuteChangeSet]", "a4df5e5031d2", _ends_others),
    Patch(f"{_HANDLERS}[DeleteStack]", "09d64e10e4f2", _ends_others),
)
