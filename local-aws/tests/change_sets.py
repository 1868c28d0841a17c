"""Deploy by change sets, as ``dataworks bootstrap`` does."""

import json
import time
from typing import Any
from uuid import uuid4

from tests.stacks import Outcome, settled

_SETTLED_WITHIN = 30.0

Template = dict[str, Any]
Described = dict[str, Any]


def propose(cloudformation: Any, stack: str, template: Template, **request: Any) -> Described:
    """Create a change set and describe it when it is made, or has failed."""
    change_set = f"c{uuid4().hex}"
    cloudformation.create_change_set(
        StackName=stack, ChangeSetName=change_set, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"], **request
    )
    deadline = time.monotonic() + _SETTLED_WITHIN
    while True:
        described: Described = cloudformation.describe_change_set(StackName=stack, ChangeSetName=change_set)
        if not described["Status"].endswith(("_PENDING", "_IN_PROGRESS")):
            return described
        if time.monotonic() > deadline:
            raise TimeoutError(f"{change_set} is still {described['Status']}")
        time.sleep(0.02)


def execute(cloudformation: Any, stack: str, template: Template, **request: Any) -> Outcome:
    """Create a change set, execute it, and wait for the end, good or bad."""
    described = propose(cloudformation, stack, template, **request)
    if described["Status"] != "CREATE_COMPLETE":
        raise RuntimeError(described["StatusReason"])
    return carry_out(cloudformation, stack, described)


def carry_out(cloudformation: Any, stack: str, described: Described) -> Outcome:
    """Execute a change set, and wait for the end, good or bad."""
    cloudformation.execute_change_set(StackName=stack, ChangeSetName=described["ChangeSetName"])
    return settled(cloudformation, stack)


def changes(described: Described) -> dict[str, dict[str, Any]]:
    """Give the resources' changes by logical id."""
    return {item["ResourceChange"]["LogicalResourceId"]: item["ResourceChange"] for item in described["Changes"]}
