"""How long a policy may be: IAM counts its characters without white space, and refuses what is longer."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from overlay.cloudformation import PROVISIONERS, Resource
from overlay.gate import Properties
from overlay.patches import Patch

MANAGED = 6144
TRUST = 2048
INLINE = 10_240


def exceeded(resource_type: str, properties: Properties) -> Iterator[str]:
    """Say which of a resource's policies are too long, in IAM's words."""
    if resource_type == "AWS::IAM::ManagedPolicy" and size(properties["PolicyDocument"]) > MANAGED:
        yield f"Cannot exceed quota for PolicySize: {MANAGED}"
    if resource_type == "AWS::IAM::Role":
        if size(properties["AssumeRolePolicyDocument"]) > TRUST:
            yield f"Cannot exceed quota for ACLSizePerRole: {TRUST}"
        if sum(size(policy["PolicyDocument"]) for policy in properties.get("Policies", [])) > INLINE:
            yield f"Maximum policy size of {INLINE} bytes exceeded for role"


def size(document: Any) -> int:
    """Count the characters that IAM counts."""
    text = document if isinstance(document, str) else json.dumps(document)
    return len("".join(text.split()))


def _refuse(resource_type: str, properties: Properties) -> None:
    if problems := list(exceeded(resource_type, properties)):
        raise ValueError(f"{'. '.join(problems)} (Service: Iam, Status Code: 409, Error Code: LimitExceeded)")


def _create(original: Callable[..., Resource]) -> Callable[..., Resource]:
    def create(resource_type: str, logical_id: str, properties: Properties, stack_name: str) -> Resource:
        _refuse(resource_type, properties)
        return original(resource_type, logical_id, properties, stack_name)

    return create


def _update(original: Callable[..., Resource]) -> Callable[..., Resource]:
    def update(resource_type: str, physical_id: str, old: Properties, new: Properties, *context: Any) -> Resource:
        _refuse(resource_type, new)
        return original(resource_type, physical_id, old, new, *context)

    return update


PATCHES = (
    Patch(f"{PROVISIONERS}:_provision_resource", "3b8f01fb1871", _create),
    Patch(f"{PROVISIONERS}:_update_resource", "21b9b1207f59", _update),
)
