"""A nested stack is a stack of its own: made, changed, taken back and deleted with the one around it."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import stacks
from tests.artifacts import Template, made_bucket, parameters, put_template
from tests.authorized import Document, as_session, role, statement, trusting
from tests.change_sets import carry_out, changes, propose
from tests.emulator import Emulator


def inner(parameter: str, value: str = "v", **more: dict[str, Any]) -> Template:
    """Write a template with one parameter of Parameter Store, which it gives as an output, and more resources."""
    return {
        "Resources": {"Kept": stacks.resource("AWS::SSM::Parameter", {"Name": parameter, "Type": "String", "Value": value}), **more},
        "Outputs": {"Kept": {"Value": {"Ref": "Kept"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-kept"}}}},
    }


def nested(url: str, **more: Any) -> dict[str, Any]:
    return stacks.resource("AWS::CloudFormation::Stack", {"TemplateURL": url, **more})


def fails() -> dict[str, Any]:
    trust = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "arn:aws:iam::1"}}],
    }
    return stacks.resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust})


def described(cloudformation: Any, stack: str) -> dict[str, Any]:
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return dict(found)


def events(cloudformation: Any, stack: str) -> list[tuple[str, str]]:
    found = cloudformation.get_paginator("describe_stack_events").paginate(StackName=stack).build_full_result()["StackEvents"]
    return [(event["LogicalResourceId"], event["ResourceStatus"]) for event in reversed(found)]


def value(emulator: Emulator, parameter: str) -> str | None:
    try:
        return str(emulator.client("ssm").get_parameter(Name=parameter)["Parameter"]["Value"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "ParameterNotFound":
            return None
        raise


def test_it_is_created_with_the_stack_around_it_and_deleted_with_it(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    url = put_template(emulator, bucket, "inner.json", inner(f"/{name}/inner"))
    inner_name = {"Fn::GetAtt": ["In", "Outputs.Kept"]}
    copy = stacks.resource("AWS::SSM::Parameter", {"Name": f"/{name}/copy", "Type": "String", "Value": inner_name})
    outcome = stacks.create(cloudformation, name, {"In": nested(url), "Copy": copy})
    assert outcome.status == "CREATE_COMPLETE", outcome.reasons
    child = described(cloudformation, outcome.ids["In"])
    assert child["StackName"].startswith(f"{name}-In-")
    assert child["StackStatus"] == "CREATE_COMPLETE"
    assert child["ParentId"] == child["RootId"] == described(cloudformation, name)["StackId"]
    assert value(emulator, f"/{name}/copy") == f"/{name}/inner"
    assert ("Kept", "CREATE_COMPLETE") in events(cloudformation, child["StackId"])
    exports = cloudformation.get_paginator("list_exports").paginate().build_full_result()["Exports"]
    assert {"ExportingStackId": child["StackId"], "Name": f"{child['StackName']}-kept", "Value": f"/{name}/inner"} in exports

    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"
    assert described(cloudformation, child["StackId"])["StackStatus"] == "DELETE_COMPLETE"
    assert value(emulator, f"/{name}/inner") is None


def test_it_has_a_change_set_of_its_own(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    template = inner(f"/{name}/inner")
    whole = {"Resources": {"In": nested(put_template(emulator, bucket, "inner.json", template))}}
    root = propose(cloudformation, name, whole, ChangeSetType="CREATE", IncludeNestedStacks=True)
    assert root["IncludeNestedStacks"]
    change = changes(root)["In"]
    own = cloudformation.describe_change_set(ChangeSetName=change["ChangeSetId"])
    assert own["RootChangeSetId"] == own["ParentChangeSetId"] == root["ChangeSetId"]
    assert {logical_id: item["Action"] for logical_id, item in changes(own).items()} == {"Kept": "Add"}
    assert cloudformation.get_template(ChangeSetName=change["ChangeSetId"], TemplateStage="Original")["TemplateBody"] == template
    assert described(cloudformation, own["StackId"])["StackStatus"] == "REVIEW_IN_PROGRESS"

    # What was looked at is what is executed, whatever is in the bucket by then.
    put_template(emulator, bucket, "inner.json", inner(f"/{name}/other"))
    outcome = carry_out(cloudformation, name, root)
    assert outcome.status == "CREATE_COMPLETE", outcome.reasons
    assert outcome.ids["In"] == own["StackId"]
    assert (value(emulator, f"/{name}/inner"), value(emulator, f"/{name}/other")) == ("v", None)
    executed = cloudformation.describe_change_set(ChangeSetName=change["ChangeSetId"])
    assert executed["ExecutionStatus"] == "EXECUTE_COMPLETE"


def test_a_change_set_that_is_deleted_takes_the_nested_one_and_its_stack_with_it(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    whole = {"Resources": {"In": nested(put_template(emulator, bucket, "inner.json", inner(f"/{name}/inner")))}}
    root = propose(cloudformation, name, whole, ChangeSetType="CREATE", IncludeNestedStacks=True)
    own = cloudformation.describe_change_set(ChangeSetName=changes(root)["In"]["ChangeSetId"])
    cloudformation.delete_change_set(ChangeSetName=root["ChangeSetId"])
    with pytest.raises(ClientError, match="does not exist"):
        cloudformation.describe_change_set(ChangeSetName=own["ChangeSetId"])
    with pytest.raises(ClientError, match="does not exist"):
        described(cloudformation, own["StackId"])


@pytest.mark.parametrize("key", ["other.json", "inner.json"], ids=["at another URL", "at the same URL"])
def test_a_change_in_it_alone_is_seen_and_made(emulator: Emulator, name: str, bucket: str, key: str) -> None:
    cloudformation = emulator.client("cloudformation")
    url = put_template(emulator, bucket, "inner.json", inner(f"/{name}/inner"))
    child = stacks.create(cloudformation, name, {"In": nested(url)}).ids["In"]
    before = described(cloudformation, child)
    url = put_template(emulator, bucket, key, inner(f"/{name}/inner", "w"))
    root = propose(cloudformation, name, {"Resources": {"In": nested(url)}}, IncludeNestedStacks=True)
    change = changes(root)["In"]
    assert (change["Action"], change["Replacement"]) == ("Modify", "False")
    assert {
        "Target": {"Attribute": "Properties", "Name": "TemplateURL", "RequiresRecreation": "Never"},
        "Evaluation": "Dynamic",
        "ChangeSource": "Automatic",
    } in change["Details"]
    own = changes(cloudformation.describe_change_set(ChangeSetName=change["ChangeSetId"]))
    assert [detail["Target"]["Name"] for detail in own["Kept"]["Details"]] == ["Value"]
    outcome = carry_out(cloudformation, name, root)
    assert (outcome.status, outcome.ids["In"]) == ("UPDATE_COMPLETE", child)
    after = described(cloudformation, child)
    assert (after["StackStatus"], after["CreationTime"]) == ("UPDATE_COMPLETE", before["CreationTime"])
    assert value(emulator, f"/{name}/inner") == "w"


def test_one_that_does_not_change_is_left_alone_and_listed_only_beside_what_does(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    url = put_template(emulator, bucket, "inner.json", inner(f"/{name}/inner"))
    child = stacks.create(cloudformation, name, {"In": nested(url)}).ids["In"]
    nothing = propose(cloudformation, name, {"Resources": {"In": nested(url)}}, IncludeNestedStacks=True)
    assert nothing["Status"] == "FAILED"
    assert "didn't contain changes" in nothing["StatusReason"]

    more = {"Resources": {"In": nested(url), "More": stacks.resource("AWS::SSM::Parameter", {"Type": "String", "Value": "x"})}}
    root = propose(cloudformation, name, more, IncludeNestedStacks=True)
    listed = changes(root)
    assert {logical_id: item["Action"] for logical_id, item in listed.items()} == {"In": "Modify", "More": "Add"}
    own = cloudformation.describe_change_set(ChangeSetName=listed["In"]["ChangeSetId"])
    assert (own["Status"], own["Changes"]) == ("FAILED", [])
    before = events(cloudformation, child)
    assert carry_out(cloudformation, name, root).status == "UPDATE_COMPLETE"
    assert events(cloudformation, child) == before


def test_values_that_are_not_known_yet_are_given_when_they_are(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    url = put_template(emulator, bucket, "inner.json", parameters("x"))
    named = stacks.resource("AWS::SSM::Parameter", {"Name": f"/{name}/own", "Type": "String", "Value": "x"})
    whole = {"Resources": {"Own": named, "In": nested(url, Parameters={"Name": {"Ref": "Own"}, "Other": "z"})}}
    root = propose(cloudformation, name, whole, ChangeSetType="CREATE", IncludeNestedStacks=True)
    own = cloudformation.describe_change_set(ChangeSetName=changes(root)["In"]["ChangeSetId"])
    shown = {item["ParameterKey"]: item["ParameterValue"] for item in own["Parameters"]}
    assert shown == {"Name": "{{changeSet:KNOWN_AFTER_APPLY}}", "Other": "z"}
    outcome = carry_out(cloudformation, name, root)
    assert outcome.status == "CREATE_COMPLETE", outcome.reasons
    given = {item["ParameterKey"]: item["ParameterValue"] for item in described(cloudformation, outcome.ids["In"])["Parameters"]}
    assert given == {"Name": f"/{name}/own", "Other": "z"}


@pytest.mark.parametrize("included", [True, False], ids=["planned", "not planned"])
def test_a_failure_in_it_takes_all_back(emulator: Emulator, name: str, bucket: str, included: bool) -> None:  # noqa: FBT001
    cloudformation = emulator.client("cloudformation")
    url = put_template(emulator, bucket, "inner.json", inner(f"/{name}/inner", Broken={**fails(), "DependsOn": "Kept"}))
    root = propose(cloudformation, name, {"Resources": {"In": nested(url)}}, ChangeSetType="CREATE", IncludeNestedStacks=included)
    outcome = carry_out(cloudformation, name, root)
    assert outcome.status == "ROLLBACK_COMPLETE"
    found = cloudformation.describe_stack_events(StackName=name)["StackEvents"]
    (failed,) = [event for event in found if event["ResourceStatus"] == "CREATE_FAILED"]
    child = failed["PhysicalResourceId"]
    assert failed["ResourceStatusReason"] == (
        f"Embedded stack {child} was not successfully created: The following resource(s) failed to create: [Broken]. "
    )
    assert described(cloudformation, child)["StackStatus"] == "DELETE_COMPLETE"
    assert ("Broken", "CREATE_FAILED") in events(cloudformation, child)
    assert ("In", "DELETE_COMPLETE") in events(cloudformation, name)
    assert value(emulator, f"/{name}/inner") is None


def test_a_failed_update_in_it_takes_all_back(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    one = put_template(emulator, bucket, "one.json", inner(f"/{name}/inner"))
    two = put_template(emulator, bucket, "two.json", inner(f"/{name}/inner", "w", Broken={**fails(), "DependsOn": "Kept"}))
    child = stacks.create(cloudformation, name, {"In": nested(one)}).ids["In"]
    outcome = stacks.update(cloudformation, name, {"In": nested(two)})
    assert outcome.status == "UPDATE_ROLLBACK_COMPLETE"
    assert f"Embedded stack {child} was not successfully updated: The following resource(s) failed to update: [Broken]. " in outcome.reasons
    assert described(cloudformation, child)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert value(emulator, f"/{name}/inner") == "v"


def test_a_failure_beside_it_takes_its_update_back(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    one = put_template(emulator, bucket, "one.json", inner(f"/{name}/inner"))
    two = put_template(emulator, bucket, "two.json", inner(f"/{name}/inner", "w"))
    child = stacks.create(cloudformation, name, {"In": nested(one)}).ids["In"]
    outcome = stacks.update(cloudformation, name, {"In": nested(two), "Broken": {**fails(), "DependsOn": "In"}})
    assert outcome.status == "UPDATE_ROLLBACK_COMPLETE"
    assert described(cloudformation, child)["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert value(emulator, f"/{name}/inner") == "v"
    assert ("Kept", "UPDATE_COMPLETE") in events(cloudformation, child)


def test_stacks_nest_in_nested_stacks(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    innermost = put_template(emulator, bucket, "innermost.json", inner(f"/{name}/inner"))
    middle = put_template(emulator, bucket, "middle.json", {"Resources": {"Deep": nested(innermost)}})
    root = propose(cloudformation, name, {"Resources": {"In": nested(middle)}}, ChangeSetType="CREATE", IncludeNestedStacks=True)
    own = cloudformation.describe_change_set(ChangeSetName=changes(root)["In"]["ChangeSetId"])
    deep = cloudformation.describe_change_set(ChangeSetName=changes(own)["Deep"]["ChangeSetId"])
    assert (deep["ParentChangeSetId"], deep["RootChangeSetId"]) == (own["ChangeSetId"], root["ChangeSetId"])
    assert carry_out(cloudformation, name, root).status == "CREATE_COMPLETE"
    found = described(cloudformation, deep["StackId"])
    assert (found["ParentId"], found["RootId"]) == (own["StackId"], described(cloudformation, name)["StackId"])
    assert value(emulator, f"/{name}/inner") == "v"


def test_what_cannot_be_deleted_in_it_stops_the_deletion(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation = emulator.client("cloudformation")
    full = {"Resources": {"Full": stacks.resource("AWS::S3::Bucket", {"BucketName": f"{name}-full"})}}
    outcome = stacks.create(cloudformation, name, {"In": nested(put_template(emulator, bucket, "inner.json", full))})
    emulator.client("s3").put_object(Bucket=f"{name}-full", Key="k", Body=b"")
    assert stacks.delete(cloudformation, name).status == "DELETE_FAILED"
    assert described(cloudformation, outcome.ids["In"])["StackStatus"] == "DELETE_FAILED"


def test_the_role_of_the_stack_around_it_is_its_own(secured: Emulator, name: str) -> None:
    bucket = made_bucket(secured, name)
    url = put_template(secured, bucket, "inner.json", inner(f"/{name}/inner"))

    def deployed(stack: str, *may: Document) -> stacks.Outcome:
        arn = role(secured, f"{stack}-exec", trusting({"Service": "cloudformation.amazonaws.com"}), *may)
        cloudformation = as_session(secured, "cloudformation", {})
        template = {"Resources": {"In": nested(url)}}
        root = propose(cloudformation, stack, template, ChangeSetType="CREATE", RoleARN=arn, IncludeNestedStacks=True)
        return carry_out(cloudformation, stack, root)

    assert "not authorized to perform: cloudformation:CreateStack" in deployed(f"{name}-none").reasons[0]
    denied = deployed(f"{name}-outer", statement("Allow", "cloudformation:*"))
    assert denied.status == "ROLLBACK_COMPLETE"
    assert "failed to create: [Kept]" in "".join(denied.reasons)
    assert deployed(f"{name}-may", statement("Allow", ["cloudformation:*", "ssm:*"])).status == "CREATE_COMPLETE"


def test_an_output_is_a_change(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    own = {"Own": stacks.resource("AWS::SSM::Parameter", {"Type": "String", "Value": "x"})}
    stacks.create(cloudformation, name, own)
    made = propose(cloudformation, name, {"Resources": own, "Outputs": {"Out": {"Value": "v"}}})
    assert carry_out(cloudformation, name, made).status == "UPDATE_COMPLETE"
    assert described(cloudformation, name)["Outputs"][0]["OutputValue"] == "v"
