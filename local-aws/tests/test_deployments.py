"""What CloudFormation says of a deployment: refusals, replacement, tags of the stack."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import stacks
from tests.cases import Properties, document, trust
from tests.emulator import Emulator
from tests.readers import READERS

BUCKET = "AWS::S3::Bucket"
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
ALLOW = document("s3:GetObject", Resource="*")
VERSIONED = {"VersioningConfiguration": {"Status": "Enabled"}}


def buckets(emulator: Emulator, prefix: str) -> list[str]:
    return [bucket["Name"] for bucket in emulator.client("s3").list_buckets()["Buckets"] if bucket["Name"].startswith(prefix)]


def test_a_property_that_would_be_dropped_fails_the_creation(emulator: Emulator, name: str) -> None:
    outcome = stacks.create(
        emulator.client("cloudformation"),
        name,
        {"Raw": stacks.resource(BUCKET, {"WebsiteConfiguration": {"IndexDocument": "index.html"}})},
    )
    assert outcome.status == "ROLLBACK_COMPLETE"
    assert "DW6104 Raw (AWS::S3::Bucket) sets WebsiteConfiguration.IndexDocument: the embedded AWS would drop it." in outcome.reasons[0]
    assert buckets(emulator, name) == []


def test_a_property_that_would_be_dropped_fails_the_update_and_changes_nothing(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    bucket = stacks.create(cloudformation, name, {"Raw": stacks.resource(BUCKET, VERSIONED)}).ids["Raw"]
    outcome = stacks.update(
        cloudformation, name, {"Raw": stacks.resource(BUCKET, {"AccelerateConfiguration": {"AccelerationStatus": "Enabled"}})}
    )
    assert outcome.status == "UPDATE_ROLLBACK_COMPLETE"
    assert any("DW6104 Raw" in reason for reason in outcome.reasons)
    assert emulator.client("s3").get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"


@pytest.mark.parametrize("resource_type", ["AWS::SQS::Queue", "Custom::Thing", "AWS::CloudFormation::WaitConditionHandle"])
def test_a_type_that_is_not_known_to_be_stored_fails_the_creation(emulator: Emulator, name: str, resource_type: str) -> None:
    outcome = stacks.create(emulator.client("cloudformation"), name, {"It": stacks.resource(resource_type, {})})
    assert outcome.status == "ROLLBACK_COMPLETE"
    assert f"DW6103 It is of type {resource_type}" in outcome.reasons[0]


def test_the_metadata_that_cdk_adds_is_taken(emulator: Emulator, name: str) -> None:
    outcome = stacks.create(
        emulator.client("cloudformation"), name, {"CDKMetadata": stacks.resource("AWS::CDK::Metadata", {"Analytics": "v2:x"})}
    )
    assert outcome.status == "CREATE_COMPLETE"


def test_a_bucket_whose_configuration_is_refused_is_not_left_behind(emulator: Emulator, name: str) -> None:
    rule = {"Status": "Enabled", "ExpirationInDays": 0}
    outcome = stacks.create(
        emulator.client("cloudformation"), name, {"Raw": stacks.resource(BUCKET, {"LifecycleConfiguration": {"Rules": [rule]}})}
    )
    assert outcome.status == "ROLLBACK_COMPLETE"
    assert "must be a positive integer" in outcome.reasons[0]
    assert buckets(emulator, name) == []


def test_a_failed_update_returns_what_was_already_changed(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    before = {"Raw": stacks.resource(BUCKET, {"Tags": [{"Key": "state", "Value": "before"}]})}
    bucket = stacks.create(cloudformation, name, before).ids["Raw"]
    after = {
        "Raw": stacks.resource(BUCKET, {"Tags": [{"Key": "state", "Value": "after"}], **VERSIONED}),
        "Broken": {**stacks.resource("AWS::SQS::Queue", {}), "DependsOn": "Raw"},
    }
    assert stacks.update(cloudformation, name, after).status == "UPDATE_ROLLBACK_COMPLETE"
    s3 = emulator.client("s3")
    assert {"Key": "state", "Value": "before"} in s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    assert s3.get_bucket_versioning(Bucket=bucket)["Status"] == "Suspended"


Changed = tuple[str, Properties, Properties, str]

CHANGES: list[Changed] = [
    (BUCKET, {}, VERSIONED, "False"),
    (BUCKET, {}, {"BucketName": "another-name"}, "True"),
    (BUCKET, {}, {"ObjectLockEnabled": True}, "True"),
    (BUCKET, {}, {"BucketNamePrefix": "lake", "BucketNamespace": "account-regional"}, "True"),
    ("AWS::IAM::OIDCProvider", {"Url": "https://a.example.com"}, {"Url": "https://b.example.com"}, "True"),
    ("AWS::IAM::OIDCProvider", {"Url": "https://c.example.com"}, {"Url": "https://c.example.com", "ClientIdList": ["a"]}, "False"),
    (
        "AWS::S3::BucketPolicy",
        {"Bucket": {"Ref": "One"}, "PolicyDocument": DENY},
        {"Bucket": {"Ref": "Two"}, "PolicyDocument": DENY},
        "True",
    ),
    (
        "AWS::IAM::Policy",
        {"PolicyName": "one", "PolicyDocument": ALLOW, "Roles": [{"Ref": "Role"}]},
        {"PolicyName": "two", "PolicyDocument": ALLOW, "Roles": [{"Ref": "Role"}]},
        "False",
    ),
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_set_says_what_is_replaced(emulator: Emulator, name: str, change: Changed) -> None:
    resource_type, before, after, replacement = change
    around = {
        "One": stacks.resource(BUCKET, {}),
        "Two": stacks.resource(BUCKET, {}),
        "Role": stacks.resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust("ec2")}),
    }
    cloudformation = emulator.client("cloudformation")
    created = stacks.create(cloudformation, name, {**around, "It": stacks.resource(resource_type, before)})
    assert created.status == "CREATE_COMPLETE", created.reasons
    assert replacements(cloudformation, name, {**around, "It": stacks.resource(resource_type, after)}) == [replacement]


def replacements(cloudformation: Any, name: str, resources: stacks.Resources) -> list[str]:
    change_set = {"StackName": name, "ChangeSetName": "next"}
    cloudformation.create_change_set(**change_set, TemplateBody=json.dumps({"Resources": resources}), Capabilities=["CAPABILITY_NAMED_IAM"])
    deadline = time.monotonic() + 30
    while (described := cloudformation.describe_change_set(**change_set))["Status"].endswith(("_PENDING", "_IN_PROGRESS")):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return [change["ResourceChange"]["Replacement"] for change in described["Changes"]]


def test_a_bucket_with_a_name_of_its_own_is_not_replaced_under_that_name(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    stacks.create(cloudformation, name, {"Raw": stacks.resource(BUCKET, {"BucketName": name})})
    outcome = stacks.update(cloudformation, name, {"Raw": stacks.resource(BUCKET, {"BucketName": name, "ObjectLockEnabled": True})})
    assert outcome.status == "UPDATE_ROLLBACK_COMPLETE"
    assert any("cannot update a stack when a custom-named resource requires replacing" in reason for reason in outcome.reasons)


@pytest.mark.parametrize(("resource_type", "properties"), [(BUCKET, {}), ("AWS::IAM::OIDCProvider", {"Url": "https://tags.example.com"})])
def test_the_tags_of_the_stack_reach_its_resources(emulator: Emulator, name: str, resource_type: str, properties: dict[str, Any]) -> None:
    cloudformation = emulator.client("cloudformation")
    cloudformation.create_stack(
        StackName=name,
        TemplateBody=json.dumps({"Resources": {"It": stacks.resource(resource_type, properties)}}),
        Tags=[{"Key": "cost-center", "Value": "42"}],
        Capabilities=["CAPABILITY_NAMED_IAM"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(StackName=name, WaiterConfig={"Delay": 1})
    physical_id = cloudformation.describe_stack_resource(StackName=name, LogicalResourceId="It")["StackResourceDetail"][
        "PhysicalResourceId"
    ]
    found = (
        emulator.client("s3").get_bucket_tagging(Bucket=physical_id)["TagSet"]
        if resource_type == BUCKET
        else emulator.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=physical_id)["Tags"]
    )
    tags = {tag["Key"]: tag["Value"] for tag in found}
    assert tags["cost-center"] == "42"
    assert tags["aws:cloudformation:stack-name"] == name


def test_a_policy_of_a_bucket_that_is_gone_fails(emulator: Emulator, name: str) -> None:
    outcome = stacks.create(
        emulator.client("cloudformation"),
        name,
        {"Policy": stacks.resource("AWS::S3::BucketPolicy", {"Bucket": f"{name}-gone", "PolicyDocument": DENY})},
    )
    assert "NoSuchBucket" in outcome.reasons[0]


def test_a_deleted_stack_takes_its_resources_with_it(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    url = f"https://{name}.example.com"
    ids = stacks.create(
        cloudformation,
        name,
        {
            "Raw": stacks.resource(BUCKET, {}),
            "Policy": stacks.resource("AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Raw"}, "PolicyDocument": DENY}),
            "Provider": stacks.resource("AWS::IAM::OIDCProvider", {"Url": url}),
        },
    ).ids
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"
    assert buckets(emulator, name) == []
    with pytest.raises(ClientError, match="NoSuchEntity"):
        emulator.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=ids["Provider"])


TABLE = {
    "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
    "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
}
PROVIDER = {"Url": "https://halves.example.com"}
ROLE = {"AssumeRolePolicyDocument": trust("ec2")}
# Of what changes, the second part fails when the first is done.
HALVES: list[tuple[str, Properties, Properties]] = [
    (
        BUCKET,
        {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
        {
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
            "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "ExpirationInDays": 0}]},
        },
    ),
    ("AWS::IAM::Role", {**ROLE, "Description": "before"}, {**ROLE, "Description": "after", "PermissionsBoundary": "x"}),
    ("AWS::IAM::OIDCProvider", {**PROVIDER, "ClientIdList": ["before"]}, {**PROVIDER, "ThumbprintList": ["short"]}),
    (
        "AWS::DynamoDB::Table",
        {**TABLE, "DeletionProtectionEnabled": False},
        {
            **TABLE,
            "DeletionProtectionEnabled": True,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 0},
        },
    ),
]


@pytest.mark.parametrize(("resource_type", "before", "after"), HALVES)
def test_an_update_that_fails_half_way_is_taken_back(
    emulator: Emulator, name: str, resource_type: str, before: Properties, after: Properties
) -> None:
    cloudformation = emulator.client("cloudformation")
    made = stacks.create(cloudformation, name, {"It": stacks.resource(resource_type, before)}).ids["It"]
    assert stacks.update(cloudformation, name, {"It": stacks.resource(resource_type, after)}).status == "UPDATE_ROLLBACK_COMPLETE"
    service = READERS[resource_type](emulator, made)
    assert {key: service.get(key) for key in before} == before
