"""``AWS::DynamoDB::Table``: backups, encryption and time to live, and the protection against deletion; and how long backups are kept."""

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ministack.services import dynamodb as dynamodb_service

from overlay.client import client
from overlay.cloudformation import PROVISIONERS, Handlers, Resource, already_exists, undone_on_failure
from overlay.gate import Properties
from overlay.patches import Patch

Response = tuple[int, dict[str, str], bytes]
Operation = Callable[[dict[str, Any]], Response]

_DEFAULT_RECOVERY_PERIOD = 35

_OURS = frozenset({"SSESpecification", "TableClass"})
"""What ministack's handler must not see: it spells the encryption differently, and knows no class."""


def _handlers(original: Handlers) -> Handlers:
    def create(logical_id: str, properties: Properties, stack_name: str) -> Resource:
        if properties.get("TableName") in dynamodb_service._tables:  # noqa: SLF001
            raise already_exists("AWS::DynamoDB::Table", properties["TableName"])
        table: Resource = original["create"](logical_id, properties, stack_name)
        try:
            _apply(table[0], properties, {})
        except Exception:
            original["delete"](table[0], properties)
            raise
        return table

    def update(name: str, old: Properties, new: Properties, stack_name: str, logical_id: str) -> Resource:
        without = [{key: value for key, value in properties.items() if key not in _OURS} for properties in (old, new)]
        table: Resource = original["update"](name, *without, stack_name, logical_id)
        _apply(table[0], new, old if table[0] == name else {})
        return table

    def delete(name: str, _properties: Properties) -> None:
        dynamodb = client("dynamodb")
        with suppress(dynamodb.exceptions.ResourceNotFoundException):
            dynamodb.delete_table(TableName=name)

    return {**original, "create": create, "update": undone_on_failure(update), "delete": delete}


def _apply(table: str, new: Properties, old: Properties) -> None:
    dynamodb = client("dynamodb")
    if _changed(new, old, "PointInTimeRecoverySpecification"):
        dynamodb.update_continuous_backups(
            TableName=table,
            PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False, **new.get("PointInTimeRecoverySpecification", {})},
        )
    if _changed(new, old, "SSESpecification"):
        encryption = dict(new.get("SSESpecification", {}))
        enabled = encryption.pop("SSEEnabled", False)
        dynamodb.update_table(TableName=table, SSESpecification={"Enabled": enabled, **encryption})
    if _changed(new, old, "TableClass"):
        dynamodb.update_table(TableName=table, TableClass=new.get("TableClass", "STANDARD"))
    before, after = _living(old), _living(new)
    if before and before != after:
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification={**before, "Enabled": False})
    if after and after != before:
        dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=after)


def _living(properties: Properties) -> Properties | None:
    specification: Properties = properties.get("TimeToLiveSpecification", {})
    return specification if specification.get("Enabled") else None


def _changed(new: Properties, old: Properties, name: str) -> bool:
    """Whether a property was added, changed or removed."""
    return bool(new.get(name) != old.get(name))


def _update_continuous_backups(original: Operation) -> Operation:
    def update(data: dict[str, Any]) -> Response:
        response = original(data)
        specification = data["PointInTimeRecoverySpecification"]
        if response[0] == 200 and specification["PointInTimeRecoveryEnabled"]:  # noqa: PLR2004
            # In the place of the original's True, so that it is kept, copied and deleted with it.
            _settings()[_table(data)] = specification.get("RecoveryPeriodInDays", _DEFAULT_RECOVERY_PERIOD)
        return _with_recovery_period(response, data)

    return update


def _describe_continuous_backups(original: Operation) -> Operation:
    return lambda data: _with_recovery_period(original(data), data)


def _with_recovery_period(response: Response, data: dict[str, Any]) -> Response:
    status, headers, body = response
    if not (days := _settings().get(_table(data))):
        return response
    answer = json.loads(body)
    answer["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]["RecoveryPeriodInDays"] = days
    return status, headers, json.dumps(answer).encode()


def _settings() -> Any:
    return dynamodb_service._pitr_settings  # noqa: SLF001


def _table(data: dict[str, Any]) -> Any:
    return dynamodb_service._normalize_table_name(data.get("TableName"))  # noqa: SLF001


def _sse_description(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    # With the key that AWS owns, which is what "disabled" means, a table has no description of its encryption.
    return lambda specification: original(specification) if specification and specification.get("Enabled") else None


PATCHES = (
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::DynamoDB::Table]", "1d5de9eddd9f", _handlers),
    Patch("ministack.services.dynamodb:_update_continuous_backups", "4d306deca0a2", _update_continuous_backups),
    Patch("ministack.services.dynamodb:_describe_continuous_backups", "ba81b08f309d", _describe_continuous_backups),
    Patch("ministack.services.dynamodb:_sse_description_from_spec", "190b59f83f13", _sse_description),
)
