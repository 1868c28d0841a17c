"""What ``dataworks bootstrap`` meets when it makes a stack: bad input, a creation that fails half-way, what is left and adopted."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import stacks
from tests.cases import Properties, document, trust
from tests.change_sets import carry_out, changes, execute, propose
from tests.emulator import Emulator

OTHER_ACCOUNT = "222222222222"
PARAMETER = "AWS::SSM::Parameter"
SECRET = "a-secret-that-is-32-characters-x"  # noqa: S105 - of a test
TABLE = {
    "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "DeletionProtectionEnabled": True,
    "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
}


def kept(resource_type: str, properties: Properties, policy: str = "RetainExceptOnCreate", **more: Any) -> dict[str, Any]:
    return {**stacks.resource(resource_type, properties), "DeletionPolicy": policy, "UpdateReplacePolicy": "Retain", **more}


def state(name: str, **broken: Any) -> dict[str, Any]:
    return {
        "Resources": {
            "Bucket": kept("AWS::S3::Bucket", {"BucketName": name, "VersioningConfiguration": {"Status": "Enabled"}}),
            "Table": kept("AWS::DynamoDB::Table", {**TABLE, "TableName": name}, DependsOn="Bucket"),
            **{key: {**value, "DependsOn": "Table"} for key, value in broken.items()},
        }
    }


def with_secret(**constraints: Any) -> dict[str, Any]:
    trusted = document(
        "sts:AssumeRole",
        Principal={"AWS": {"Ref": "AWS::AccountId"}},
        Condition={"StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}}},
    )
    return {
        "Parameters": {"ExternalId": {"Type": "String", "NoEcho": True, **constraints}},
        "Resources": {"Role": stacks.resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trusted})},
    }


def given(value: str = SECRET) -> list[dict[str, Any]]:
    return [{"ParameterKey": "ExternalId", "ParameterValue": value}]


def tables(emulator: Emulator, prefix: str) -> list[str]:
    return [table for table in emulator.client("dynamodb").list_tables()["TableNames"] if table.startswith(prefix)]


def buckets(emulator: Emulator, prefix: str) -> list[str]:
    return [bucket["Name"] for bucket in emulator.client("s3").list_buckets()["Buckets"] if bucket["Name"].startswith(prefix)]


# What a template may be and hold.


@pytest.mark.parametrize("more", [0, 1])
def test_a_template_in_a_request_has_51200_bytes_at_most(emulator: Emulator, name: str, more: int) -> None:
    cloudformation = emulator.client("cloudformation")
    template = {"Resources": {"P": stacks.resource(PARAMETER, {"Type": "String", "Value": "x"})}, "Description": ""}
    # The description itself is limited: white space makes up the size.
    body = json.dumps(template)
    body += " " * (51_200 - len(body.encode()) + more)
    request = {"StackName": name, "ChangeSetName": "next", "ChangeSetType": "CREATE", "TemplateBody": body}
    if more:
        with pytest.raises(ClientError, match=r"ValidationError.*less than or equal to 51200"):
            cloudformation.create_change_set(**request)
        with pytest.raises(ClientError, match="does not exist"):
            cloudformation.describe_stacks(StackName=name)
    else:
        assert cloudformation.create_change_set(**request)["StackId"]


def test_a_stack_that_does_not_exist_is_a_validation_error(emulator: Emulator, name: str) -> None:
    with pytest.raises(ClientError) as refused:
        emulator.client("cloudformation").describe_stacks(StackName=name)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    assert refused.value.response["Error"]["Message"] == f"Stack with id {name} does not exist"


def test_a_secret_parameter_is_shown_nowhere(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    created = propose(cloudformation, name, with_secret(), ChangeSetType="CREATE", Parameters=given())
    assert created["Parameters"][0]["ParameterValue"] == "****"
    assert carry_out(cloudformation, name, created).status == "CREATE_COMPLETE"
    answers = (
        cloudformation.describe_stacks(StackName=name),
        cloudformation.describe_change_set(StackName=name, ChangeSetName=created["ChangeSetName"]),
        cloudformation.describe_stack_events(StackName=name),
        cloudformation.get_template(StackName=name),
        cloudformation.get_template_summary(StackName=name),
    )
    assert SECRET not in json.dumps(answers, default=str)
    (parameter,) = answers[0]["Stacks"][0]["Parameters"]
    assert parameter["ParameterValue"] == "****"
    role = stacks.settled(cloudformation, name).ids["Role"]
    assert SECRET in json.dumps(emulator.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"])


def test_a_secret_parameter_keeps_its_value_when_asked_to(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    role = execute(cloudformation, name, with_secret(), ChangeSetType="CREATE", Parameters=given()).ids["Role"]
    again = propose(cloudformation, name, with_secret(), Parameters=[{"ParameterKey": "ExternalId", "UsePreviousValue": True}])
    assert again["Status"] == "FAILED"
    assert "didn't contain changes" in again["StatusReason"]
    rotated = execute(cloudformation, name, with_secret(), Parameters=given("b" * 32))
    assert rotated.status == "UPDATE_COMPLETE"
    assert "b" * 32 in json.dumps(emulator.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"])


def test_a_parameter_without_default_and_value_is_refused(emulator: Emulator, name: str) -> None:
    with pytest.raises(ClientError, match=r"Parameters: \[ExternalId\] must have values"):
        propose(emulator.client("cloudformation"), name, with_secret(), ChangeSetType="CREATE")


@pytest.mark.parametrize(
    ("constraints", "value", "reason"),
    [
        ({"MinLength": 32}, "short", "at least 32"),
        ({"MaxLength": 4}, "longer", "at most 4"),
        ({"AllowedPattern": "[a-z]+"}, "UPPER", "must match pattern"),
        ({"AllowedPattern": "[a-z]+", "ConstraintDescription": "letters only"}, "UPPER", "letters only"),
        ({"AllowedValues": ["a", "b"]}, "c", "AllowedValues"),
    ],
)
def test_a_parameter_outside_its_constraints_is_refused(
    emulator: Emulator, name: str, constraints: dict[str, Any], value: str, reason: str
) -> None:
    with pytest.raises(ClientError, match=rf"ValidationError.*(?:{reason})"):
        propose(emulator.client("cloudformation"), name, with_secret(**constraints), ChangeSetType="CREATE", Parameters=given(value))


def test_a_rule_of_the_template_that_does_not_hold_is_refused(emulator: Emulator, name: str) -> None:
    assertion = {"Assert": {"Fn::Not": [{"Fn::Equals": [{"Ref": "ExternalId"}, "x"]}]}, "AssertDescription": "it is not x"}
    template = {**with_secret(), "Rules": {"NotX": {"Assertions": [assertion]}}}
    cloudformation = emulator.client("cloudformation")
    with pytest.raises(ClientError, match="it is not x"):
        propose(cloudformation, name, template, ChangeSetType="CREATE", Parameters=given("x"))
    assert propose(cloudformation, name, template, ChangeSetType="CREATE", Parameters=given())["Status"] == "CREATE_COMPLETE"


def test_a_condition_decides_what_is_made(emulator: Emulator, name: str) -> None:
    template = {
        "Parameters": {"Make": {"Type": "String", "Default": "no"}},
        "Conditions": {"IsMade": {"Fn::Equals": [{"Ref": "Make"}, "yes"]}},
        "Resources": {
            "Always": stacks.resource(PARAMETER, {"Type": "String", "Value": {"Fn::If": ["IsMade", "made", "not made"]}}),
            "Sometimes": {**stacks.resource(PARAMETER, {"Type": "String", "Value": "x"}), "Condition": "IsMade"},
        },
        "Outputs": {"Name": {"Value": {"Ref": "Always"}}},
    }
    cloudformation = emulator.client("cloudformation")
    made = execute(cloudformation, name, template, ChangeSetType="CREATE")
    assert set(made.ids) == {"Always"}
    assert emulator.client("ssm").get_parameter(Name=made.ids["Always"])["Parameter"]["Value"] == "not made"
    (output,) = cloudformation.describe_stacks(StackName=name)["Stacks"][0]["Outputs"]
    assert (output["OutputKey"], output["OutputValue"]) == ("Name", made.ids["Always"])


@pytest.mark.parametrize(("listed", "made"), [("", set()), ("a", {"P"}), ("a,b", {"P"})])
def test_a_condition_may_ask_whether_a_list_is_empty(emulator: Emulator, name: str, listed: str, made: set[str]) -> None:
    joined = {"Fn::Join": ["", {"Ref": "Accounts"}]}
    template = {
        "Parameters": {"Accounts": {"Type": "CommaDelimitedList", "Default": listed}},
        "Conditions": {"HasAccounts": {"Fn::Not": [{"Fn::Equals": ["", joined]}]}},
        "Resources": {
            "Always": stacks.resource(PARAMETER, {"Type": "String", "Value": "x"}),
            "P": {**stacks.resource(PARAMETER, {"Type": "String", "Value": "x"}), "Condition": "HasAccounts"},
        },
    }
    assert set(execute(emulator.client("cloudformation"), name, template, ChangeSetType="CREATE").ids) == {"Always", *made}


# Change sets.


def test_an_update_says_which_properties_change_and_what_that_replaces(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    first = {"Resources": {"Table": stacks.resource("AWS::DynamoDB::Table", {**TABLE, "DeletionProtectionEnabled": False})}}
    execute(cloudformation, name, first, ChangeSetType="CREATE")
    second = {"Resources": {"Table": stacks.resource("AWS::DynamoDB::Table", {**TABLE, "TableName": name})}}
    change = changes(propose(cloudformation, name, second))["Table"]
    assert (change["Action"], change["Replacement"], change["Scope"]) == ("Modify", "True", ["Properties"])
    details = {item["Target"]["Name"]: item["Target"]["RequiresRecreation"] for item in change["Details"]}
    assert details == {"DeletionProtectionEnabled": "Never", "TableName": "Always"}


def test_a_change_set_that_would_change_nothing_fails(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    template = {"Resources": {"P": stacks.resource(PARAMETER, {"Type": "String", "Value": "x"})}}
    execute(cloudformation, name, template, ChangeSetType="CREATE")
    described = propose(cloudformation, name, template)
    assert (described["Status"], described["ExecutionStatus"]) == ("FAILED", "UNAVAILABLE")
    assert "didn't contain changes" in described["StatusReason"]


def test_a_protected_stack_is_not_deleted(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    execute(
        cloudformation, name, {"Resources": {"P": stacks.resource(PARAMETER, {"Type": "String", "Value": "x"})}}, ChangeSetType="CREATE"
    )
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=True)
    assert cloudformation.describe_stacks(StackName=name)["Stacks"][0]["EnableTerminationProtection"] is True
    with pytest.raises(ClientError, match="cannot be deleted while TerminationProtection is enabled"):
        cloudformation.delete_stack(StackName=name)
    cloudformation.update_termination_protection(StackName=name, EnableTerminationProtection=False)
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"


# A creation that fails half-way.

BROKEN_ROLE = stacks.resource(
    "AWS::IAM::Role", {"AssumeRolePolicyDocument": document("sts:AssumeRole", Principal={"AWS": "arn:aws:iam::111111111111:role/nobody"})}
)


def test_a_failed_creation_deletes_what_is_kept_except_on_create(emulator: Emulator, name: str) -> None:
    template = state(name, Role=BROKEN_ROLE)
    template["Resources"]["Table"]["Properties"]["DeletionProtectionEnabled"] = False
    outcome = execute(emulator.client("cloudformation"), name, template, ChangeSetType="CREATE")
    assert outcome.status == "ROLLBACK_COMPLETE"
    assert "Invalid principal in policy" in outcome.reasons[0]
    assert "MalformedPolicyDocument" in outcome.reasons[0]
    assert (buckets(emulator, name), tables(emulator, name)) == ([], [])


def test_a_failed_creation_keeps_what_is_always_kept(emulator: Emulator, name: str) -> None:
    template = state(name, Role=BROKEN_ROLE)
    template["Resources"]["Bucket"]["DeletionPolicy"] = "Retain"
    template["Resources"]["Table"]["DeletionPolicy"] = "Retain"
    assert execute(emulator.client("cloudformation"), name, template, ChangeSetType="CREATE").status == "ROLLBACK_COMPLETE"
    assert (buckets(emulator, name), tables(emulator, name)) == ([name], [name])


def test_a_protected_table_stops_the_rollback_and_stays_in_the_stack(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    outcome = execute(cloudformation, name, state(name, Role=BROKEN_ROLE), ChangeSetType="CREATE")
    assert outcome.status == "ROLLBACK_FAILED"
    assert (buckets(emulator, name), tables(emulator, name)) == ([], [name])
    statuses = {
        item["LogicalResourceId"]: item["ResourceStatus"]
        for item in cloudformation.describe_stack_resources(StackName=name)["StackResources"]
    }
    assert statuses["Table"] == "DELETE_FAILED"
    assert any("deletion protection" in reason.lower() for reason in outcome.reasons)
    with pytest.raises(ClientError, match="ROLLBACK_FAILED"):
        propose(cloudformation, name, state(name))


def test_a_stack_whose_rollback_failed_is_deleted_and_keeps_the_table(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    execute(cloudformation, name, state(name, Role=BROKEN_ROLE), ChangeSetType="CREATE")
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"  # RetainExceptOnCreate: its creation is over
    assert tables(emulator, name) == [name]


def test_a_stack_whose_rollback_failed_is_not_deleted_while_the_table_is_protected(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    template = state(name, Role=BROKEN_ROLE)
    del template["Resources"]["Table"]["DeletionPolicy"]
    assert execute(cloudformation, name, template, ChangeSetType="CREATE").status == "ROLLBACK_FAILED"
    assert stacks.delete(cloudformation, name).status == "DELETE_FAILED"
    emulator.client("dynamodb").update_table(TableName=name, DeletionProtectionEnabled=False)
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"
    assert tables(emulator, name) == []


def test_a_name_that_another_account_owns_fails_the_creation(emulator: Emulator, name: str) -> None:
    region = {"LocationConstraint": "eu-central-1"}
    emulator.client("s3", OTHER_ACCOUNT).create_bucket(Bucket=name, CreateBucketConfiguration=region)
    cloudformation = emulator.client("cloudformation")
    outcome = execute(cloudformation, name, state(name), ChangeSetType="CREATE")
    assert outcome.status == "ROLLBACK_COMPLETE"
    assert "Validation failed with 1 error(s). Call DescribeEvents" in outcome.reasons[0]
    (conflict,) = [
        event for event in cloudformation.describe_events(StackName=name)["OperationEvents"] if event["EventType"] == "VALIDATION_ERROR"
    ]
    assert (conflict["LogicalResourceId"], conflict["ValidationName"]) == ("Bucket", "NAME_CONFLICT_VALIDATION")
    assert tables(emulator, name) == []
    assert [b["Name"] for b in emulator.client("s3", OTHER_ACCOUNT).list_buckets()["Buckets"]].count(name) == 1


def test_a_name_of_ones_own_that_exists_fails_the_creation_and_stays(emulator: Emulator, name: str) -> None:
    emulator.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    assert execute(emulator.client("cloudformation"), name, state(name), ChangeSetType="CREATE").status == "ROLLBACK_COMPLETE"
    assert buckets(emulator, name) == [name]


def test_a_stack_that_rolled_back_is_deleted_before_it_is_made_again(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    template = state(name, Role=BROKEN_ROLE)
    template["Resources"]["Table"]["Properties"]["DeletionProtectionEnabled"] = False
    execute(cloudformation, name, template, ChangeSetType="CREATE")
    with pytest.raises(ClientError, match="ROLLBACK_COMPLETE"):
        propose(cloudformation, name, state(name))
    stacks.delete(cloudformation, name)
    assert execute(cloudformation, name, state(name), ChangeSetType="CREATE").status == "CREATE_COMPLETE"


# What is left behind is adopted.


def test_what_exists_is_adopted_by_its_name(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    execute(cloudformation, name, state(name), ChangeSetType="CREATE")
    emulator.client("s3").put_object(Bucket=name, Key="kept", Body=b"kept")
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"
    assert (buckets(emulator, name), tables(emulator, name)) == ([name], [name])
    template = state(name, P=stacks.resource(PARAMETER, {"Type": "String", "Value": "x"}))
    described = propose(cloudformation, name, template, ChangeSetType="CREATE", ImportExistingResources=True)
    actions = {key: change["Action"] for key, change in changes(described).items()}
    assert actions == {"Bucket": "Import", "Table": "Import", "P": "Add"}
    assert carry_out(cloudformation, name, described).status == "CREATE_COMPLETE"
    assert emulator.client("s3").get_object(Bucket=name, Key="kept")["Body"].read() == b"kept"
    assert stacks.settled(cloudformation, name).ids["Table"] == name


def test_what_exists_and_is_not_kept_by_its_policy_is_not_adopted(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    emulator.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    template = state(name)
    del template["Resources"]["Bucket"]["DeletionPolicy"]
    described = propose(cloudformation, name, template, ChangeSetType="CREATE", ImportExistingResources=True)
    assert described["Status"] == "FAILED"
    assert "must have the DeletionPolicy attribute set to 'Retain' or 'RetainExceptOnCreate'" in described["StatusReason"]


def test_the_bucket_of_another_account_is_not_adopted(emulator: Emulator, name: str) -> None:
    emulator.client("s3", OTHER_ACCOUNT).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    cloudformation = emulator.client("cloudformation")
    described = propose(cloudformation, name, state(name), ChangeSetType="CREATE", ImportExistingResources=True)
    assert changes(described)["Bucket"]["Action"] == "Add"


def test_an_update_with_what_exists_adopts_it(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    small = {"Resources": {"P": stacks.resource(PARAMETER, {"Type": "String", "Value": "x"})}}
    execute(cloudformation, name, small, ChangeSetType="CREATE")
    emulator.client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    bucket = kept("AWS::S3::Bucket", {"BucketName": name})
    described = propose(cloudformation, name, {"Resources": {**small["Resources"], "Bucket": bucket}}, ImportExistingResources=True)
    assert {key: change["Action"] for key, change in changes(described).items()} == {"Bucket": "Import"}
    assert carry_out(cloudformation, name, described).status == "UPDATE_COMPLETE"


ADOPTED: list[tuple[str, Properties]] = [
    ("AWS::IAM::ManagedPolicy", {"ManagedPolicyName": "NAME", "PolicyDocument": document("s3:GetObject", Resource="*")}),
    ("AWS::IAM::Role", {"RoleName": "NAME", "AssumeRolePolicyDocument": trust("ec2"), "Description": "made"}),
    ("AWS::IAM::OIDCProvider", {"Url": "https://NAME.example.com", "ClientIdList": ["a"]}),
    ("AWS::DynamoDB::Table", {**TABLE, "TableName": "NAME"}),
    ("AWS::ECR::Repository", {"RepositoryName": "NAME"}),
    ("AWS::SSM::Parameter", {"Name": "/NAME/x", "Type": "String", "Value": "made"}),
]


@pytest.mark.parametrize(("resource_type", "properties"), ADOPTED)
def test_other_types_that_exist_are_adopted_too(emulator: Emulator, name: str, resource_type: str, properties: Properties) -> None:
    cloudformation = emulator.client("cloudformation")
    template = {"Resources": {"It": kept(resource_type, json.loads(json.dumps(properties).replace("NAME", name)))}}
    made = execute(cloudformation, name, template, ChangeSetType="CREATE")
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"
    described = propose(cloudformation, name, template, ChangeSetType="CREATE", ImportExistingResources=True)
    assert changes(described)["It"]["Action"] == "Import", described
    adopted = carry_out(cloudformation, name, described)
    assert adopted.status == "CREATE_COMPLETE", adopted.reasons
    assert adopted.ids == made.ids


@pytest.mark.parametrize(("resource_type", "properties"), ADOPTED)
def test_what_exists_fails_a_creation_that_does_not_adopt(
    emulator: Emulator, name: str, resource_type: str, properties: Properties
) -> None:
    cloudformation = emulator.client("cloudformation")
    template = {"Resources": {"It": kept(resource_type, json.loads(json.dumps(properties).replace("NAME", name)))}}
    execute(cloudformation, name, template, ChangeSetType="CREATE")
    stacks.delete(cloudformation, name)
    outcome = execute(cloudformation, name, template, ChangeSetType="CREATE")
    assert outcome.status == "ROLLBACK_COMPLETE"
    assert "exist" in outcome.reasons[0].lower()
