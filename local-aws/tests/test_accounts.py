"""Three environments are three accounts, told apart by the access key."""

import pytest
from botocore.exceptions import ClientError

from tests import stacks
from tests.emulator import Emulator

BUCKET = "AWS::S3::Bucket"
ACCOUNTS = ("111111111111", "222222222222", "333333333333")


def test_each_account_sees_its_own_and_nothing_else(emulator: Emulator, name: str) -> None:
    key = {"Fn::GetAtt": ["Key", "Arn"]}
    rule = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key}}
    resources = {
        "Key": stacks.resource("AWS::KMS::Key", {}),
        "Raw": stacks.resource(BUCKET, {"BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}}),
        "Name": stacks.resource("AWS::SSM::Parameter", {"Name": f"/{name}", "Type": "String", "Value": {"Ref": "Raw"}}),
    }
    made = {
        account: stacks.create(emulator.client("cloudformation", account), f"{name}-{account}", resources).ids["Raw"]
        for account in ACCOUNTS
    }
    for account in ACCOUNTS:
        s3 = emulator.client("s3", account)
        assert [bucket["Name"] for bucket in s3.list_buckets()["Buckets"] if bucket["Name"].startswith(name)] == [made[account]]
        rules = s3.get_bucket_encryption(Bucket=made[account])["ServerSideEncryptionConfiguration"]["Rules"]
        assert f":{account}:key/" in rules[0]["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"]
        assert emulator.client("ssm", account).get_parameter(Name=f"/{name}")["Parameter"]["Value"] == made[account]
        assert emulator.client("sts", account).get_caller_identity()["Account"] == account


def test_an_account_cannot_touch_the_bucket_of_another(emulator: Emulator, name: str) -> None:
    bucket = stacks.create(emulator.client("cloudformation"), name, {"Raw": stacks.resource(BUCKET, {})}).ids["Raw"]
    with pytest.raises(ClientError, match=r"AccessDenied|NoSuchBucket"):
        emulator.client("s3", ACCOUNTS[1]).put_object(Bucket=bucket, Key="a", Body=b"")


def test_a_region_is_kept_apart_in_the_account(emulator: Emulator, name: str) -> None:
    parameter = {"Name": stacks.resource("AWS::SSM::Parameter", {"Name": f"/{name}", "Type": "String", "Value": "west"})}
    stacks.create(emulator.client("cloudformation", ACCOUNTS[1], "us-west-2"), name, parameter)
    assert emulator.client("ssm", ACCOUNTS[1], "us-west-2").get_parameter(Name=f"/{name}")["Parameter"]["Value"] == "west"
    with pytest.raises(ClientError, match="ParameterNotFound"):
        emulator.client("ssm", ACCOUNTS[1]).get_parameter(Name=f"/{name}")
