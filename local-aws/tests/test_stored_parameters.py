"""Parameters of a stack whose values lie in Parameter Store."""

import json
from typing import Any

import pytest

from tests import stacks
from tests.emulator import Emulator

RESOURCES = {"Out": stacks.resource("AWS::SSM::Parameter", {"Type": "String", "Value": {"Ref": "Stored"}})}


@pytest.fixture
def stored(emulator: Emulator, name: str) -> str:
    """Put a parameter into the store, deploy a stack that takes its value from there, and give the name of both."""
    emulator.client("ssm").put_parameter(Name=name, Type="String", Value="a & b")
    cloudformation = emulator.client("cloudformation")
    declared = {
        "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": name},
        "Plain": {"Type": "String", "Default": "x"},
    }
    template = json.dumps({"Parameters": declared, "Resources": RESOURCES})
    cloudformation.create_stack(StackName=name, TemplateBody=template)
    assert stacks.settled(cloudformation, name).status == "CREATE_COMPLETE"
    return name


def parameters(cloudformation: Any, stack: str) -> dict[str, tuple[str, str | None]]:
    """Give value and resolved value of every parameter of a stack."""
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {each["ParameterKey"]: (each["ParameterValue"], each.get("ResolvedValue")) for each in found["Parameters"]}


def test_the_name_and_what_was_found_under_it_are_told_apart(emulator: Emulator, stored: str) -> None:
    cloudformation = emulator.client("cloudformation")
    expected = {"Stored": (stored, "a & b"), "Plain": ("x", None)}
    assert parameters(cloudformation, stored) == expected
    stack_id = cloudformation.describe_stacks(StackName=stored)["Stacks"][0]["StackId"]
    assert parameters(cloudformation, stack_id) == expected


def test_what_was_found_stays_until_the_next_deployment(emulator: Emulator, stored: str) -> None:
    cloudformation = emulator.client("cloudformation")
    emulator.client("ssm").put_parameter(Name=stored, Type="String", Value="later", Overwrite=True)
    assert parameters(cloudformation, stored)["Stored"] == (stored, "a & b")
    previous = [{"ParameterKey": key, "UsePreviousValue": True} for key in ("Stored", "Plain")]
    cloudformation.update_stack(StackName=stored, UsePreviousTemplate=True, Parameters=previous)
    assert stacks.settled(cloudformation, stored).status == "UPDATE_COMPLETE"
    assert parameters(cloudformation, stored)["Stored"] == (stored, "later")


def test_a_stack_that_does_not_exist_is_still_an_error(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    with pytest.raises(cloudformation.exceptions.ClientError, match="does not exist"):
        cloudformation.describe_stacks(StackName=name)


def test_a_change_set_tells_them_apart_too(emulator: Emulator, stored: str) -> None:
    cloudformation = emulator.client("cloudformation")
    emulator.client("ssm").put_parameter(Name=stored, Type="String", Value="later & more", Overwrite=True)
    previous = [{"ParameterKey": key, "UsePreviousValue": True} for key in ("Stored", "Plain")]
    made = cloudformation.create_change_set(StackName=stored, ChangeSetName="next", UsePreviousTemplate=True, Parameters=previous)
    described = cloudformation.describe_change_set(ChangeSetName=made["Id"])
    shown = {each["ParameterKey"]: (each["ParameterValue"], each.get("ResolvedValue")) for each in described["Parameters"]}
    assert shown == {"Stored": (stored, "later & more"), "Plain": ("x", None)}
