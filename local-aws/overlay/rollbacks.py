"""A creation whose rollback failed: what could not be deleted stays in the stack, under the template's policies."""

from collections.abc import Awaitable, Callable
from typing import Any

from overlay.patches import Patch

Stack = dict[str, Any]
RollBack = Callable[..., Awaitable[None]]


def _roll_back_operation(original: RollBack) -> RollBack:
    """Keep those resources: ministack forgets them, and a later deletion of the stack would leave them behind without a word."""

    async def roll_back(stack_name: str, stack_id: str, stack: Stack, operation: dict[str, Any], reason_override: str = "") -> None:
        made = dict(stack.get("_resources", {}))
        await original(stack_name, stack_id, stack, operation, reason_override)
        if stack["StackStatus"] == "ROLLBACK_FAILED":
            stack["_resources"] = {
                logical_id: {**made[logical_id], "ResourceStatus": "DELETE_FAILED"} for logical_id in stack["_rollback_failed"]
            }
            stack["_template"], stack["_resolved_params"] = operation["template"], operation["param_values"]

    return roll_back


PATCHES = (Patch("ministack.services.cloudformation.stacks:_roll_back_operation", "3464033d8f28", _roll_back_operation),)
