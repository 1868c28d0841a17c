"""A change set that was never executed does not stand in the way of the next deployment."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import stacks
from tests.emulator import Emulator

RESOURCES = {"Name": stacks.resource("AWS::SSM::Parameter", {"Type": "String", "Value": "x"})}


def begin(cloudformation: Any, stack: str, change_set: str) -> str:
    made = cloudformation.create_change_set(
        StackName=stack, ChangeSetName=change_set, ChangeSetType="CREATE", TemplateBody=json.dumps({"Resources": RESOURCES})
    )
    return str(made["StackId"])


def under_review(cloudformation: Any, stack: str) -> str:
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    assert found["StackStatus"] == "REVIEW_IN_PROGRESS"
    return str(found["StackId"])


def change_sets(cloudformation: Any, stack: str) -> list[tuple[str, str]]:
    summaries = cloudformation.list_change_sets(StackName=stack)["Summaries"]
    return sorted((change_set["ChangeSetName"], change_set["StackId"]) for change_set in summaries)


def test_change_sets_of_a_new_stack_belong_to_one_stack_under_review(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    stack_id = begin(cloudformation, name, "deploy")
    assert begin(cloudformation, name, "diff") == stack_id
    assert under_review(cloudformation, name) == stack_id
    assert change_sets(cloudformation, name) == [("deploy", stack_id), ("diff", stack_id)]
    listed = cloudformation.list_stacks(StackStatusFilter=["REVIEW_IN_PROGRESS"])["StackSummaries"]
    assert [stack["StackId"] for stack in listed if stack["StackName"] == name] == [stack_id]


def test_a_change_set_that_is_refused_leaves_the_earlier_one(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    stack_id = begin(cloudformation, name, "deploy")
    with pytest.raises(ClientError, match="Template format error"):
        cloudformation.create_change_set(StackName=name, ChangeSetName="diff", ChangeSetType="CREATE", TemplateBody="no template")
    assert under_review(cloudformation, name) == stack_id
    assert change_sets(cloudformation, name) == [("deploy", stack_id)]


def test_a_deleted_stack_under_review_takes_all_its_change_sets_with_it(emulator: Emulator, name: str) -> None:
    """The steps of ``cdk diff`` after a ``cdk deploy`` that was interrupted, then ``cdk deploy`` again."""
    cloudformation = emulator.client("cloudformation")
    begin(cloudformation, name, "deploy")
    begin(cloudformation, name, "diff")
    cloudformation.delete_change_set(StackName=name, ChangeSetName="diff")
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"
    begin(cloudformation, name, "deploy")
    cloudformation.execute_change_set(StackName=name, ChangeSetName="deploy")
    assert status_at_the_end(cloudformation, name) == "CREATE_COMPLETE"


def test_the_second_change_set_of_a_new_stack_creates_it(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    stack_id = begin(cloudformation, name, "one")
    begin(cloudformation, name, "two")
    cloudformation.execute_change_set(StackName=name, ChangeSetName="two")
    assert status_at_the_end(cloudformation, name) == "CREATE_COMPLETE"
    assert cloudformation.describe_stacks(StackName=stack_id)["Stacks"][0]["StackName"] == name
    assert [change_set for change_set, _ in change_sets(cloudformation, name)] == ["two"]


def status_at_the_end(cloudformation: Any, stack: str) -> str:
    deadline = time.monotonic() + 30
    while (status := cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["StackStatus"]).endswith("_IN_PROGRESS"):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return str(status)
