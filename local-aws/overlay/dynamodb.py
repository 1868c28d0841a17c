"""``AWS::DynamoDB::Table``: backups, encryption and time to live, and the protection against deletion."""

from typing import Any

from overlay.client import client
from overlay.cloudformation import PROVISIONERS, Resource
from overlay.gate import Properties
from overlay.patches import Patch

Handlers = dict[str, Any]


def _handlers(original: Handlers) -> Handlers:
    def create(logical_id: str, properties: Properties, stack_name: str) -> Resource:
        table: Resource = original["create"](logical_id, properties, stack_name)
        try:
            _apply(table[0], properties, {})
        except Exception:
            original["delete"](table[0], properties)
            raise
        return table

    def update(name: str, old: Properties, new: Properties, stack_name: str, logical_id: str) -> Resource:
        # The encryption is spelt differently in the API: it is ours alone.
        without = [{key: value for key, value in properties.items() if key != "SSESpecification"} for properties in (old, new)]
        table: Resource = original["update"](name, *without, stack_name, logical_id)
        _apply(table[0], new, old if table[0] == name else {})
        return table

    def delete(name: str, _properties: Properties) -> None:
        dynamodb = client("dynamodb")
        try:
            dynamodb.delete_table(TableName=name)
        except dynamodb.exceptions.ResourceNotFoundException:
            return

    return {**original, "create": create, "update": update, "delete": delete}


def _apply(table: str, new: Properties, old: Properties) -> None:
    dynamodb = client("dynamodb")
    if changed(new, old, "PointInTimeRecoverySpecification"):
        dynamodb.update_continuous_backups(
            TableName=table,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False, **new.get("PointInTimeRecoverySpecification", {})},
        )
    if changed(new, old, "SSESpecification"):
        encryption = dict(new.get("SSESpecification", {}))
        enabled = encryption.pop("SSEEnabled", False)
        dynamodb.update_table(TableName=table, SSESpecification={"Enabled": enabled, **encryption})
    if changed(new, old, "TimeToLiveSpecification"):
        before, after = old.get("TimeToLiveSpecification"), new.get("TimeToLiveSpecification")
        if before and before["Enabled"] and before["AttributeName"] != (after or before)["AttributeName"]:
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification={**before, "Enabled": False})
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=after or {**old["TimeToLiveSpecification"], "Enabled": False})


def changed(new: Properties, old: Properties, name: str) -> bool:
    """Whether a property was added, changed or removed."""
    return bool(new.get(name) != old.get(name))


PATCHES = (Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::DynamoDB::Table]", "1d5de9eddd9f", _handlers),)
