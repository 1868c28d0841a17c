"""Buckets and objects behave as S3's do where the lake relies on it."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import stacks
from tests.emulator import ACCOUNT, REGION, Emulator

BUCKET = "AWS::S3::Bucket"


def encrypted(key: Any, algorithm: str = "aws:kms", **more: Any) -> dict[str, Any]:
    rule = {"ServerSideEncryptionByDefault": {"SSEAlgorithm": algorithm, **({"KMSMasterKeyID": key} if key else {})}, **more}
    return {"BucketEncryption": {"ServerSideEncryptionConfiguration": [rule]}}


@pytest.fixture
def lake(emulator: Emulator, name: str) -> dict[str, str]:
    """Deploy a key with an alias, a bucket that it encrypts, and one where it does so without a bucket key."""
    key = {"Fn::GetAtt": ["Key", "Arn"]}
    outcome = stacks.create(
        emulator.client("cloudformation"),
        name,
        {
            "Key": stacks.resource("AWS::KMS::Key", {}),
            "Alias": stacks.resource("AWS::KMS::Alias", {"AliasName": f"alias/{name}", "TargetKeyId": key}),
            "Zone": stacks.resource(BUCKET, encrypted(key, BucketKeyEnabled=True, BlockedEncryptionTypes={"EncryptionType": ["SSE-C"]})),
            "Plain": stacks.resource(BUCKET, encrypted({"Ref": "Alias"})),
            "Managed": stacks.resource(BUCKET, encrypted(None)),
            "Double": stacks.resource(BUCKET, encrypted(key, "aws:kms:dsse", BucketKeyEnabled=True)),
        },
    )
    assert outcome.status == "CREATE_COMPLETE", outcome.reasons
    return {**outcome.ids, "Arn": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/{outcome.ids['Key']}"}


def encryption(answer: dict[str, Any]) -> tuple[Any, Any, Any]:
    return answer.get("ServerSideEncryption"), answer.get("SSEKMSKeyId"), answer.get("BucketKeyEnabled")


def test_an_object_takes_the_encryption_of_its_bucket(emulator: Emulator, lake: dict[str, str]) -> None:
    s3, at = emulator.client("s3"), {"Bucket": lake["Zone"], "Key": "a"}
    expected = ("aws:kms", lake["Arn"], True)
    assert encryption(s3.put_object(**at, Body=b"content")) == expected
    assert encryption(s3.head_object(**at)) == expected
    got = s3.get_object(**at)
    assert encryption(got) == expected
    assert got["Body"].read() == b"content"


def test_an_uploaded_object_in_parts_takes_the_encryption_of_its_bucket(emulator: Emulator, lake: dict[str, str]) -> None:
    s3, at = emulator.client("s3"), {"Bucket": lake["Zone"], "Key": "parts"}
    upload = s3.create_multipart_upload(**at)["UploadId"]
    part = s3.upload_part(**at, UploadId=upload, PartNumber=1, Body=b"content")
    s3.complete_multipart_upload(**at, UploadId=upload, MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]})
    assert encryption(s3.head_object(**at)) == ("aws:kms", lake["Arn"], True)


def test_a_copy_takes_the_encryption_of_where_it_goes(emulator: Emulator, lake: dict[str, str]) -> None:
    s3 = emulator.client("s3")
    s3.put_object(Bucket=lake["Zone"], Key="a", Body=b"content")
    s3.copy_object(Bucket=lake["Plain"], Key="a", CopySource={"Bucket": lake["Zone"], "Key": "a"})
    assert encryption(s3.head_object(Bucket=lake["Plain"], Key="a")) == ("aws:kms", lake["Arn"], None)


def test_a_key_may_be_named_in_every_way_and_is_reported_by_its_arn(emulator: Emulator, lake: dict[str, str], name: str) -> None:
    s3 = emulator.client("s3")
    for key in (lake["Key"], lake["Arn"], f"alias/{name}", f"arn:aws:kms:{REGION}:{ACCOUNT}:alias/{name}"):
        put = s3.put_object(Bucket=lake["Zone"], Key="a", Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId=key, BucketKeyEnabled=False)
        assert encryption(put) == ("aws:kms", lake["Arn"], None)


def test_double_encryption_names_its_key_and_has_no_bucket_key(emulator: Emulator, lake: dict[str, str]) -> None:
    s3, at = emulator.client("s3"), {"Bucket": lake["Double"], "Key": "a"}
    assert encryption(s3.put_object(**at, Body=b"")) == ("aws:kms:dsse", lake["Arn"], None)
    assert encryption(s3.head_object(**at)) == ("aws:kms:dsse", lake["Arn"], None)


def test_a_key_of_another_account_may_encrypt_an_object(emulator: Emulator, lake: dict[str, str]) -> None:
    key = emulator.client("kms", "222222222222").create_key()["KeyMetadata"]["Arn"]
    put = emulator.client("s3").put_object(Bucket=lake["Zone"], Key="a", Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId=key)
    assert put["SSEKMSKeyId"] == key


def test_kms_without_a_key_is_the_key_that_aws_manages(emulator: Emulator, lake: dict[str, str]) -> None:
    s3 = emulator.client("s3")
    asked = s3.put_object(Bucket=lake["Zone"], Key="a", Body=b"", ServerSideEncryption="aws:kms")["SSEKMSKeyId"]
    key = emulator.client("kms").describe_key(KeyId=asked)["KeyMetadata"]
    assert (key["Arn"], key["KeyManager"]) == (asked, "AWS")
    assert emulator.client("kms").describe_key(KeyId="alias/aws/s3")["KeyMetadata"]["Arn"] == asked
    assert s3.put_object(Bucket=lake["Managed"], Key="a", Body=b"")["SSEKMSKeyId"] == asked
    assert emulator.client("kms").describe_key(KeyId=lake["Key"])["KeyMetadata"]["KeyManager"] == "CUSTOMER"


def test_a_key_that_does_not_exist_or_is_disabled_encrypts_nothing(emulator: Emulator, lake: dict[str, str]) -> None:
    s3, at = emulator.client("s3"), {"Bucket": lake["Zone"], "Key": "refused"}
    with pytest.raises(ClientError, match=r"KMS\.NotFoundException"):
        s3.put_object(**at, Body=b"", ServerSideEncryption="aws:kms", SSEKMSKeyId="alias/missing")
    emulator.client("kms").disable_key(KeyId=lake["Key"])
    with pytest.raises(ClientError, match=r"KMS\.DisabledException"):
        s3.put_object(**at, Body=b"")
    emulator.client("kms").schedule_key_deletion(KeyId=lake["Key"])
    with pytest.raises(ClientError, match=r"KMS\.KMSInvalidStateException"):
        s3.put_object(**at, Body=b"")
    assert "Contents" not in s3.list_objects_v2(Bucket=lake["Zone"], Prefix="refused")


def test_a_blocked_encryption_is_refused(emulator: Emulator, lake: dict[str, str]) -> None:
    s3, customer = emulator.client("s3"), {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": "k" * 32}
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=lake["Zone"], Key="a", Body=b"", **customer)
    assert s3.put_object(Bucket=lake["Plain"], Key="a", Body=b"", **customer)["SSECustomerAlgorithm"] == "AES256"


@pytest.mark.parametrize("versioning", ["Enabled", "Suspended"])
def test_a_bucket_that_is_not_empty_is_not_deleted(emulator: Emulator, name: str, versioning: str) -> None:
    cloudformation, s3 = emulator.client("cloudformation"), emulator.client("s3")
    stacks.create(
        cloudformation, name, {"Raw": stacks.resource(BUCKET, {"BucketName": name, "VersioningConfiguration": {"Status": versioning}})}
    )
    version = s3.put_object(Bucket=name, Key="a", Body=b"")["VersionId"] if versioning == "Enabled" else None
    if version:
        s3.delete_object(Bucket=name, Key="a")  # leaves a delete marker and the version
    else:
        s3.put_object(Bucket=name, Key="a", Body=b"")
    outcome = stacks.delete(cloudformation, name)
    assert outcome.status == "DELETE_FAILED"
    assert any("BucketNotEmpty" in reason for reason in outcome.reasons)
    versions = s3.list_object_versions(Bucket=name)
    for item in (*versions.get("Versions", []), *versions.get("DeleteMarkers", [])):
        s3.delete_object(Bucket=name, Key="a", VersionId=item["VersionId"])
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"


def test_a_bucket_that_is_already_gone_does_not_stop_the_deletion(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    stacks.create(cloudformation, name, {"Raw": stacks.resource(BUCKET, {"BucketName": name})})
    emulator.client("s3").delete_bucket(Bucket=name)
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"


@pytest.mark.parametrize("bad", ["Upper-Case", "a", "under_score", "dot..dot", "-dash", "x" * 64])
def test_a_name_that_is_not_valid_is_refused(emulator: Emulator, name: str, bad: str) -> None:
    outcome = stacks.create(emulator.client("cloudformation"), name, {"Raw": stacks.resource(BUCKET, {"BucketName": bad})})
    assert f"The specified bucket is not valid. (Service: S3, Status Code: 400, InvalidBucketName: {bad})" in outcome.reasons[0]


@pytest.mark.parametrize(
    "properties",
    [
        {"BucketNamePrefix": "lake"},
        {"BucketNamePrefix": "lake", "BucketNamespace": "global"},
        {"BucketName": "lake", "BucketNamespace": "account-regional"},
        {"BucketNamespace": "account-regional"},
    ],
)
def test_a_namespace_that_the_name_does_not_show_is_refused(emulator: Emulator, name: str, properties: dict[str, Any]) -> None:
    outcome = stacks.create(emulator.client("cloudformation"), name, {"Raw": stacks.resource(BUCKET, properties)})
    assert outcome.reasons[0].startswith("DW6106 BucketName ")
    assert f"ends with '-{ACCOUNT}-{REGION}-an'" in outcome.reasons[0]


def test_a_bucket_lies_where_its_stack_does(emulator: Emulator, name: str) -> None:
    bucket = stacks.create(emulator.client("cloudformation", region="us-west-2"), name, {"Raw": stacks.resource(BUCKET, {})}).ids["Raw"]
    assert emulator.client("s3", region="us-west-2").get_bucket_location(Bucket=bucket)["LocationConstraint"] == "us-west-2"


def test_a_lifecycle_without_a_minimum_size_has_the_one_of_s3(emulator: Emulator, name: str) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    rules = {"Rules": [{"ID": "a", "Filter": {}, "Status": "Enabled", "Expiration": {"Days": 1}}]}
    put = s3.put_bucket_lifecycle_configuration(
        Bucket=name, LifecycleConfiguration=rules, TransitionDefaultMinimumObjectSize="varies_by_storage_class"
    )
    assert put["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration=rules)
    found = s3.get_bucket_lifecycle_configuration(Bucket=name)
    assert found["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"


def test_a_configuration_is_found_by_its_id(emulator: Emulator, name: str) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
    configuration = {"Id": "cold", "Status": "Enabled", "Tierings": [{"Days": 90, "AccessTier": "ARCHIVE_ACCESS"}]}
    s3.put_bucket_intelligent_tiering_configuration(Bucket=name, Id="cold", IntelligentTieringConfiguration=configuration)
    found = s3.get_bucket_intelligent_tiering_configuration(Bucket=name, Id="cold")
    assert found["IntelligentTieringConfiguration"] == configuration
    s3.delete_bucket_intelligent_tiering_configuration(Bucket=name, Id="cold")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.get_bucket_intelligent_tiering_configuration(Bucket=name, Id="cold")
    with pytest.raises(ClientError, match="NoSuchConfiguration"):
        s3.delete_bucket_inventory_configuration(Bucket=name, Id="cold")


def test_a_bucket_policy_may_be_written_as_text(emulator: Emulator, name: str) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*"}]}
    bucket = stacks.create(
        emulator.client("cloudformation"),
        name,
        {
            "Raw": stacks.resource(BUCKET, {}),
            "Policy": stacks.resource("AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Raw"}, "PolicyDocument": json.dumps(document)}),
        },
    ).ids["Raw"]
    assert json.loads(emulator.client("s3").get_bucket_policy(Bucket=bucket)["Policy"]) == document
