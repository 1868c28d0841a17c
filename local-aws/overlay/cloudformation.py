"""Where CloudFormation's engine hands a resource to its type's handlers."""

from collections.abc import Callable
from typing import Any

from overlay.gate import Properties, admit, admitted_before
from overlay.patches import Patch

PROVISIONERS = "ministack.services.cloudformation.provisioners"

CALLS_BACK = frozenset({"AWS::DynamoDB::Table", "AWS::IAM::OIDCProvider", "AWS::IAM::Role", "AWS::S3::Bucket", "AWS::S3::BucketPolicy"})
"""The types whose handlers call the emulator's API: on the event loop they would wait for themselves."""

Resource = tuple[str, dict[str, Any]]
"""What a handler answers: physical id and attributes."""

Handlers = dict[str, Callable[..., Any]]
"""The handlers of a type, by ``create``, ``update``, ``delete``; ministack's entry also holds how they are to be called."""


def undone_on_failure(update: Callable[..., Resource]) -> Callable[..., Resource]:
    """Let an update that fails half way take back what it did: the engine takes back only updates that succeeded."""

    def attempt(physical_id: str, old: Properties, new: Properties, *context: Any) -> Resource:
        try:
            return update(physical_id, old, new, *context)
        except Exception:
            update(physical_id, new, old, *context)
            raise

    return attempt


def already_exists(resource_type: str, identifier: str) -> ValueError:
    """Say that a stack wants to make what is there already, in AWS's words."""
    return ValueError(f"Resource of type '{resource_type}' with identifier '{identifier}' already exists.")


def _create(original: Callable[..., Resource]) -> Callable[..., Resource]:
    def create(resource_type: str, logical_id: str, properties: Properties, stack_name: str) -> Resource:
        return original(resource_type, logical_id, admit(resource_type, logical_id, properties), stack_name)

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
        admitted = admit(resource_type, logical_id, new)
        return original(resource_type, physical_id, admitted_before(resource_type, old), admitted, stack_name, logical_id, old_attributes)

    return update


def _runs_on_worker_thread(original: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda resource_type: resource_type in CALLS_BACK or original(resource_type)


PATCHES = (
    Patch(f"{PROVISIONERS}:_provision_resource", "3b8f01fb1871", _create),
    Patch(f"{PROVISIONERS}:_update_resource", "21b9b1207f59", _update),
    Patch("ministack.services.cloudformation.stacks:_runs_on_worker_thread", "23955511141f", _runs_on_worker_thread),
)
