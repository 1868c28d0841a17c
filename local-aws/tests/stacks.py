"""Deploy templates through CloudFormation, as a user would."""

import json
import time
from dataclasses import dataclass
from typing import Any

Resources = dict[str, dict[str, Any]]

Difference = tuple[str, str, str, str]
"""Path, kind, expected and actual value."""

_DONE_WITHIN = 60.0


@dataclass(frozen=True)
class Outcome:
    """How an operation ended: the stack's status, the reasons of what failed, and the physical ids by logical id."""

    status: str
    reasons: list[str]
    ids: dict[str, str]


def create(cloudformation: Any, name: str, resources: Resources) -> Outcome:
    """Create a stack of these resources; wait for the end, good or bad."""
    cloudformation.create_stack(StackName=name, TemplateBody=_template(resources), Capabilities=["CAPABILITY_NAMED_IAM"])
    return settled(cloudformation, name)


def update(cloudformation: Any, name: str, resources: Resources) -> Outcome:
    """Update a stack to these resources; wait for the end, good or bad."""
    cloudformation.update_stack(StackName=name, TemplateBody=_template(resources), Capabilities=["CAPABILITY_NAMED_IAM"])
    return settled(cloudformation, name)


def delete(cloudformation: Any, name: str) -> Outcome:
    """Delete a stack; wait for the end, good or bad."""
    stack_id = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackId"]
    cloudformation.delete_stack(StackName=name)
    return settled(cloudformation, stack_id)


def settled(cloudformation: Any, name: str) -> Outcome:
    """Wait for the end of what a stack is at, good or bad."""
    deadline = time.monotonic() + _DONE_WITHIN
    while (status := cloudformation.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]).endswith("_IN_PROGRESS"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{name} is still {status}")
        time.sleep(0.02)
    events = _all(cloudformation, "describe_stack_events", name)["StackEvents"]
    reasons = [event["ResourceStatusReason"] for event in events if event["ResourceStatus"].endswith("_FAILED")]
    summaries = _all(cloudformation, "list_stack_resources", name)["StackResourceSummaries"]
    return Outcome(status, reasons, {item["LogicalResourceId"]: item.get("PhysicalResourceId", "") for item in summaries})


def drift(cloudformation: Any, name: str) -> tuple[str, dict[str, tuple[str, list[Difference]]]]:
    """Let CloudFormation detect drift; give the stack's status, and by logical id that of what was compared with its differences."""
    begun = cloudformation.detect_stack_drift(StackName=name)
    detection = cloudformation.describe_stack_drift_detection_status(StackDriftDetectionId=begun["StackDriftDetectionId"])
    if detection["DetectionStatus"] != "DETECTION_COMPLETE":
        raise RuntimeError(detection.get("DetectionStatusReason", detection["DetectionStatus"]))
    drifts, answer = [], {"NextToken": ""}
    while "NextToken" in answer:
        page = {"NextToken": answer["NextToken"]} if answer["NextToken"] else {}
        answer = cloudformation.describe_stack_resource_drifts(StackName=name, **page)
        drifts += answer["StackResourceDrifts"]
    return detection["StackDriftStatus"], {
        found["LogicalResourceId"]: (
            found["StackResourceDriftStatus"],
            [
                (item["PropertyPath"], item["DifferenceType"], item["ExpectedValue"], item["ActualValue"])
                for item in found.get("PropertyDifferences", [])
            ],
        )
        for found in drifts
    }


def resource(resource_type: str, properties: dict[str, Any]) -> dict[str, Any]:
    """Write a resource of a template."""
    return {"Type": resource_type, "Properties": properties}


def _template(resources: Resources) -> str:
    return json.dumps({"Resources": resources})


def _all(cloudformation: Any, operation: str, name: str) -> Any:
    return cloudformation.get_paginator(operation).paginate(StackName=name).build_full_result()
