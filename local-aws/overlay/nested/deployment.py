"""The resource that is a stack: it is created, updated and deleted by the operations that anybody's stack goes through."""

import asyncio
from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation
from ministack.services.cloudformation import engine, handlers, provisioners, stacks

from overlay.cloudformation import PROVISIONERS, Handlers, Resource
from overlay.gate import Properties
from overlay.nested.hierarchy import NESTED, Parameters, Record, Response, change_sets, forget_abandoned, new_name, put_below, stack_of
from overlay.nested.hierarchy import stacks as all_stacks
from overlay.nested.proposals import is_empty, propose, said
from overlay.patches import ABSENT, Patch

_DONE = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE"})
_ANSWERED = 200


def _carried_out(action: str, **request: str) -> Response:
    """Do an operation and everything that it sets going. On a thread of its own, where a resource's handler may wait."""

    async def operation() -> Response:
        provisioners._DEFERRED_PREDECESSOR_DELETES.set(None)  # noqa: SLF001 - those of the stack around it
        parameters: Parameters = {name: [value] for name, value in request.items()}
        response: Response = handlers._ACTION_HANDLERS[action](parameters)  # noqa: SLF001
        while running := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.gather(*running)
        return response

    return asyncio.run(operation())


def _create(logical_id: str, properties: Properties, parent_name: str) -> Resource:
    parent = all_stacks()[parent_name]
    planned = _planned(parent, logical_id)
    change_set = planned or propose(new_name(parent_name, logical_id), "CREATE", properties, parent.get("Capabilities", []))
    _refuse_failed(change_set)
    child = all_stacks()[change_set["StackName"]]
    # The stack around it has it from now on: if its creation fails, it is deleted with the rest.
    parent["_resources"][logical_id] = {
        "PhysicalResourceId": child["StackId"],
        "ResourceType": NESTED,
        "ResourceStatus": "CREATE_FAILED",
        "LogicalResourceId": logical_id,
        "Properties": properties,
        "Attributes": {},
        "Timestamp": child["CreationTime"],
    }
    stacks._add_event(  # noqa: SLF001
        parent["StackId"], parent_name, logical_id, NESTED, "CREATE_IN_PROGRESS", "Resource creation Initiated", child["StackId"]
    )
    return _execute(change_set, child, parent, properties, "created")


def _update(physical_id: str, properties: Properties, parent_name: str, logical_id: str) -> Resource:
    parent, child = all_stacks()[parent_name], stack_of(physical_id)
    if child is None:
        raise ValueError(f"Stack [{physical_id}] does not exist")
    change_set = _planned(parent, logical_id) or propose(child["StackName"], "UPDATE", properties, parent.get("Capabilities", []))
    if is_empty(change_set):
        _drop(change_set)
        return physical_id, _outputs(child)
    _refuse_failed(change_set)
    resource = _execute(change_set, child, parent, properties, "updated")
    if parent["StackStatus"] == "UPDATE_ROLLBACK_IN_PROGRESS":
        child["StackStatus"] = "UPDATE_ROLLBACK_COMPLETE"
        stacks._add_event(  # noqa: SLF001
            physical_id, child["StackName"], child["StackName"], NESTED, "UPDATE_ROLLBACK_COMPLETE", physical_id=physical_id
        )
    return resource


def _delete(physical_id: str, _properties: Properties) -> None:
    child = stack_of(physical_id)
    if child is None or child["StackStatus"] == "DELETE_COMPLETE":
        return
    status, _, body = _carried_out("DeleteStack", StackName=physical_id)
    if status != _ANSWERED:
        raise ValueError(said(body))
    if child["StackStatus"] != "DELETE_COMPLETE":
        raise ValueError(f"Embedded stack {physical_id} was not successfully deleted: {child.get('StackStatusReason', '')}")


def _planned(parent: Record, logical_id: str) -> Record | None:
    """Find what the change set that the stack around it executes has for it; none when that is done, or would have changed nothing."""
    for made in change_sets().values():
        if made["StackId"] == parent["StackId"] and made["ExecutionStatus"] == "EXECUTE_IN_PROGRESS":
            for change in (item["ResourceChange"] for item in made["Changes"]):
                nested = change_sets().get(change.get("ChangeSetId"))
                if change["LogicalResourceId"] == logical_id and nested and nested["ExecutionStatus"] == "AVAILABLE":
                    found: Record = nested
                    return found
    return None


def _execute(change_set: Record, child: Record, parent: Record, properties: Properties, done: str) -> Resource:
    put_below(child, parent)
    _give_values(change_set, child, properties)
    known = len(_events(child))
    status, _, body = _carried_out("ExecuteChangeSet", ChangeSetName=change_set["ChangeSetId"])
    _drop(change_set)
    if status != _ANSWERED:
        raise ValueError(said(body))
    if child["StackStatus"] in _DONE:
        return child["StackId"], _outputs(child)
    failed = [event for event in _events(child)[known:] if event["ResourceStatus"].endswith("_FAILED") and event["ResourceType"]]
    names = ", ".join(dict.fromkeys(event["LogicalResourceId"] for event in failed if event["LogicalResourceId"] != child["StackName"]))
    verb = "create" if done == "created" else "update"
    raise ValueError(
        f"Embedded stack {child['StackId']} was not successfully {done}: The following resource(s) failed to {verb}: [{names}]. "
    )


def _give_values(change_set: Record, child: Record, properties: Properties) -> None:
    """Give the parameters what was not known yet when the change set was made."""
    given = [{"Key": key, "Value": str(value)} for key, value in properties.get("Parameters", {}).items()]
    values = engine._resolve_parameters(change_set["_template"], given, child.get("_resolved_params", {}))  # noqa: SLF001
    change_set["_resolved_params"] = values
    change_set["Parameters"] = [{"ParameterKey": key, "ParameterValue": value["Value"]} for key, value in values.items()]


def _refuse_failed(change_set: Record) -> None:
    if change_set["Status"] == "FAILED":
        _drop(change_set)
        raise ValueError(change_set["StatusReason"])


def _drop(change_set: Record) -> None:
    """Remove a change set that nobody asked for: it was only the way to update the stack."""
    if "ParentChangeSetId" not in change_set:
        change_sets().pop(change_set["ChangeSetId"], None)
        forget_abandoned()


def _events(stack: Record) -> list[Record]:
    events: list[Record] = cloudformation._stack_events[stack["StackId"]]  # noqa: SLF001
    return events


def _outputs(child: Record) -> dict[str, str]:
    return {f"Outputs.{output['OutputKey']}": output["OutputValue"] for output in child["Outputs"]}


def _handlers(original: Handlers) -> Handlers:
    return {**original, "create": _create, "delete": _delete}


def _update_resource(original: Callable[..., Resource]) -> Callable[..., Resource]:
    """Ask a nested stack at every update: its template may be another one although its URL is the same."""

    def update(  # noqa: PLR0913, PLR0917 - the engine's call
        resource_type: str,
        physical_id: str,
        old: Properties,
        new: Properties,
        stack_name: str,
        logical_id: str,
        old_attributes: dict[str, Any] | None,
    ) -> Resource:
        if resource_type == NESTED:
            return _update(physical_id, new, stack_name, logical_id)
        return original(resource_type, physical_id, old, new, stack_name, logical_id, old_attributes)

    return update


def _add_event(original: Callable[..., None]) -> Callable[..., None]:
    """Name the nested stack in every event of its resource: who looks for the reason of a failure finds it by that."""

    def add_event(  # noqa: PLR0913, PLR0917 - the engine's call
        stack_id: str,
        stack_name: str,
        logical_id: str,
        resource_type: str,
        status: str,
        reason: str = "",
        physical_id: str = "",
        detailed_status: str = "",
    ) -> None:
        if resource_type == NESTED and not physical_id:
            held = all_stacks().get(stack_name, {}).get("_resources", {}).get(logical_id, {})
            physical_id = held.get("PhysicalResourceId", "")
        original(stack_id, stack_name, logical_id, resource_type, status, reason, physical_id, detailed_status)

    return add_event


def _roll_back_operation(original: Callable[..., Any]) -> Callable[..., Any]:
    """Delete a nested stack whose creation failed: it is there, with what it has taken back, unlike any other resource that failed."""

    async def roll_back(stack_name: str, stack_id: str, stack: Record, operation: Record, reason_override: str = "") -> None:
        failed = operation.get("failed_logical_id")
        held = stack.get("_resources", {}).get(failed, {})
        if held.get("ResourceType") == NESTED and held["ResourceStatus"] == "CREATE_FAILED":
            operation["created"].append(failed)
        await original(stack_name, stack_id, stack, operation, reason_override)

    return roll_back


_STACKS = "ministack.services.cloudformation.stacks"

PATCHES = (
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[{NESTED}]", "0e838df4474c", _handlers),
    Patch(f"{PROVISIONERS}:_update_resource", "21b9b1207f59", _update_resource),
    Patch(f"{PROVISIONERS}:_REPLACING_PROPERTIES[{NESTED}]", ABSENT, lambda _: ()),
    Patch(f"{_STACKS}:_add_event", "0adea13d13a6", _add_event),
    Patch(f"{_STACKS}:_roll_back_operation", "3464033d8f28", _roll_back_operation),
)
