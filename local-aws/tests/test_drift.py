"""Drift: what somebody changes by the API of a service is found where it was changed, and nothing else is."""

import asyncio
import json
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest

from overlay.drift import SOURCES
from tests import stacks
from tests.cases import Properties, trust
from tests.emulator import Emulator

BUCKET = "AWS::S3::Bucket"
DENY = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
ALLOW_ROOT = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "kms:*", "Resource": "*"}]}
RULE = {"Id": "expire", "Status": "Enabled", "ExpirationInDays": 30}
OTHER_RULE = {"ID": "more", "Status": "Enabled", "Filter": {"Prefix": "x"}, "Expiration": {"Days": 1}}


def resources(name: str) -> stacks.Resources:
    return {
        "Raw": stacks.resource(
            BUCKET,
            {
                "BucketName": f"{name}-raw",
                "LifecycleConfiguration": {"Rules": [RULE]},
                "PublicAccessBlockConfiguration": {"BlockPublicAcls": True, "BlockPublicPolicy": True},
                "Tags": [{"Key": "zone", "Value": "raw"}],
            },
        ),
        "Policy": stacks.resource("AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Raw"}, "PolicyDocument": DENY}),
        "Key": stacks.resource("AWS::KMS::Key", {"KeyPolicy": ALLOW_ROOT, "EnableKeyRotation": True, "PendingWindowInDays": 7}),
        "Alias": stacks.resource("AWS::KMS::Alias", {"AliasName": f"alias/{name}", "TargetKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}),
        "Role": stacks.resource("AWS::IAM::Role", {"RoleName": name, "AssumeRolePolicyDocument": trust("glue")}),
        "Inline": stacks.resource(
            "AWS::IAM::Policy",
            {
                "PolicyName": "inline",
                "PolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]},
                "Roles": [{"Ref": "Role"}],
            },
        ),
        "Size": stacks.resource("AWS::SSM::Parameter", {"Name": f"/{name}/size", "Type": "String", "Value": "small"}),
        "Table": stacks.resource(
            "AWS::DynamoDB::Table",
            {
                "TableName": name,
                "BillingMode": "PAY_PER_REQUEST",
                "DeletionProtectionEnabled": False,
                "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
                "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            },
        ),
        "Metadata": stacks.resource("AWS::CDK::Metadata", {"Analytics": "v2:x"}),
    }


Ids = dict[str, str]
Sabotage = Callable[[Emulator, Ids], Any]

CHANGES: list[tuple[str, Sabotage, str, list[stacks.Difference]]] = [
    (
        "Raw",
        lambda e, ids: e.client("s3").put_bucket_lifecycle_configuration(
            Bucket=ids["Raw"],
            LifecycleConfiguration={"Rules": [{"ID": "expire", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 90}}]},
        ),
        "MODIFIED",
        [("/LifecycleConfiguration/Rules/0/ExpirationInDays", "NOT_EQUAL", "30", "90")],
    ),
    (
        "Raw",
        lambda e, ids: e.client("s3").delete_bucket_lifecycle(Bucket=ids["Raw"]),
        "MODIFIED",
        [("/LifecycleConfiguration", "REMOVE", json.dumps({"Rules": [RULE]}, sort_keys=True), "null")],
    ),
    (
        "Raw",
        lambda e, ids: e.client("s3").put_public_access_block(
            Bucket=ids["Raw"], PublicAccessBlockConfiguration={"BlockPublicAcls": True, "BlockPublicPolicy": False}
        ),
        "MODIFIED",
        [("/PublicAccessBlockConfiguration/BlockPublicPolicy", "NOT_EQUAL", "true", "false")],
    ),
    (
        "Policy",
        lambda e, ids: e.client("s3").put_bucket_policy(Bucket=ids["Raw"], Policy=json.dumps({**DENY, "Id": "mine"})),
        "MODIFIED",
        [("/PolicyDocument/Id", "ADD", "null", "mine")],
    ),
    ("Policy", lambda e, ids: e.client("s3").delete_bucket_policy(Bucket=ids["Raw"]), "DELETED", []),
    (
        "Key",
        lambda e, ids: e.client("kms").disable_key_rotation(KeyId=ids["Key"]),
        "MODIFIED",
        [("/EnableKeyRotation", "NOT_EQUAL", "true", "false")],
    ),
    ("Key", lambda e, ids: e.client("kms").schedule_key_deletion(KeyId=ids["Key"], PendingWindowInDays=7), "DELETED", []),
    ("Alias", lambda e, ids: e.client("kms").delete_alias(AliasName=ids["Alias"]), "DELETED", []),
    (
        "Role",
        lambda e, ids: e.client("iam").update_assume_role_policy(RoleName=ids["Role"], PolicyDocument=json.dumps(trust("lambda"))),
        "MODIFIED",
        [("/AssumeRolePolicyDocument/Statement/0/Principal/Service", "NOT_EQUAL", "glue.amazonaws.com", "lambda.amazonaws.com")],
    ),
    ("Inline", lambda e, ids: e.client("iam").delete_role_policy(RoleName=ids["Role"], PolicyName="inline"), "DELETED", []),
    (
        "Size",
        lambda e, ids: e.client("ssm").put_parameter(Name=ids["Size"], Value="large", Overwrite=True),
        "MODIFIED",
        [("/Value", "NOT_EQUAL", "small", "large")],
    ),
    ("Size", lambda e, ids: e.client("ssm").delete_parameter(Name=ids["Size"]), "DELETED", []),
    (
        "Table",
        lambda e, ids: e.client("dynamodb").update_table(TableName=ids["Table"], DeletionProtectionEnabled=True),
        "MODIFIED",
        [("/DeletionProtectionEnabled", "NOT_EQUAL", "false", "true")],
    ),
    ("Table", lambda e, ids: e.client("dynamodb").delete_table(TableName=ids["Table"]), "DELETED", []),
]


@pytest.mark.parametrize(("logical_id", "sabotage", "status", "differences"), CHANGES)
def test_a_change_is_found_where_it_was_made(  # noqa: PLR0913, PLR0917 - a table
    emulator: Emulator, name: str, logical_id: str, sabotage: Sabotage, status: str, differences: list[stacks.Difference]
) -> None:
    cloudformation = emulator.client("cloudformation")
    made = stacks.create(cloudformation, name, resources(name))
    assert made.status == "CREATE_COMPLETE", made.reasons
    before = stacks.drift(cloudformation, name)
    assert before == ("IN_SYNC", {each: ("IN_SYNC", []) for each in resources(name) if each != "Metadata"})
    sabotage(emulator, made.ids)
    assert stacks.drift(cloudformation, name) == ("DRIFTED", {**before[1], logical_id: (status, differences)})


def test_what_a_template_leaves_to_the_service_is_no_drift(emulator: Emulator, name: str) -> None:
    cloudformation, s3 = emulator.client("cloudformation"), emulator.client("s3")
    bucket = stacks.create(cloudformation, name, {"Raw": stacks.resource(BUCKET, {"LifecycleConfiguration": {"Rules": [RULE]}})}).ids["Raw"]
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    assert stacks.drift(cloudformation, name)[0] == "IN_SYNC"


def test_an_element_that_was_added_is_drift(emulator: Emulator, name: str) -> None:
    cloudformation, s3 = emulator.client("cloudformation"), emulator.client("s3")
    bucket = stacks.create(cloudformation, name, {"Raw": stacks.resource(BUCKET, {"LifecycleConfiguration": {"Rules": [RULE]}})}).ids["Raw"]
    rules = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [OTHER_RULE, *rules]})
    status, found = stacks.drift(cloudformation, name)
    assert (status, found["Raw"][0], [(path, kind) for path, kind, *_ in found["Raw"][1]]) == (
        "DRIFTED",
        "MODIFIED",
        [("/LifecycleConfiguration/Rules/0", "ADD")],
    )


def test_a_property_that_cannot_be_read_leaves_its_resource_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    from ministack.services.cloudformation import drift as ministack_drift  # noqa: PLC0415 - unpatched in this process

    from overlay import drift  # noqa: PLC0415 - see above

    def in_sync(_physical_id: str, properties: Properties) -> Properties:
        return properties

    monkeypatch.setattr(ministack_drift, "_DRIFT_READERS", {})
    monkeypatch.setitem(SOURCES, BUCKET, (in_sync, frozenset({"BucketName"})))
    detect = drift._detect_resource_drift(ministack_drift.detect_resource_drift)  # noqa: SLF001 - what is tested
    record = {"ResourceType": BUCKET, "PhysicalResourceId": "raw"}
    known, more = {"BucketName": "raw"}, {"BucketName": "raw", "WebsiteConfiguration": {}}
    statuses = [detect({}, "Raw", {**record, "Properties": each}, "now")["StackResourceDriftStatus"] for each in (known, more)]
    assert statuses == ["IN_SYNC", "NOT_CHECKED"]


def test_one_detection_of_a_stack_at_a_time() -> None:
    from overlay import drift  # noqa: PLC0415 - what is tested

    begun, go_on = Event(), Event()

    def compare(_parameters: drift.Parameters) -> drift.Response:
        begun.set()
        go_on.wait(10)
        return 200, {}, b"done"

    detect = drift._detect_stack_drift(compare)  # noqa: SLF001 - what is tested
    answers: list[Any] = []

    async def first() -> None:
        later: Any = detect({"StackName": ["lake"]})
        answers.append(await later)

    thread = Thread(target=lambda: asyncio.run(first()))
    thread.start()
    begun.wait(10)
    refused: Any = detect({"StackName": ["arn:aws:cloudformation:eu-central-1:111111111111:stack/lake/1"]})
    go_on.set()
    thread.join()
    assert refused[0] == 400
    assert b"already in progress" in refused[2]
    assert answers == [(200, {}, b"done")]
