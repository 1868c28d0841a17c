"""A bucket's name belongs to one account, and a caller can say whose bucket he means."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.emulator import ACCOUNT, REGION, Emulator

STRANGER = "222222222222"
LOCATION = {"LocationConstraint": REGION}


@pytest.fixture
def squatted(emulator: Emulator, name: str) -> str:
    """Let a stranger own a bucket."""
    emulator.client("s3", STRANGER).create_bucket(Bucket=name, CreateBucketConfiguration=LOCATION)
    return name


def refusal(call: Callable[[], object]) -> tuple[int, str]:
    with pytest.raises(ClientError) as refused:
        call()
    response = refused.value.response
    return response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Code"]


def test_a_name_that_a_stranger_owns_is_taken(emulator: Emulator, squatted: str) -> None:
    s3 = emulator.client("s3")
    assert refusal(lambda: s3.create_bucket(Bucket=squatted, CreateBucketConfiguration=LOCATION)) == (409, "BucketAlreadyExists")


def test_a_name_of_ones_own_is_taken_differently(emulator: Emulator, name: str) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=LOCATION)
    assert refusal(lambda: s3.create_bucket(Bucket=name, CreateBucketConfiguration=LOCATION)) == (409, "BucketAlreadyOwnedByYou")


def test_a_bucket_of_a_stranger_is_forbidden_and_no_bucket_is_not_found(emulator: Emulator, squatted: str) -> None:
    s3 = emulator.client("s3")
    assert refusal(lambda: s3.head_bucket(Bucket=squatted)) == (403, "403")
    assert refusal(lambda: s3.head_bucket(Bucket=f"{squatted}-none")) == (404, "404")


def test_a_stranger_who_opens_his_bucket_would_receive_what_is_written(emulator: Emulator, squatted: str) -> None:
    """The reason for the expected owner: without it the write succeeds."""
    open_to_all = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*",'
        f'"Resource":["arn:aws:s3:::{squatted}","arn:aws:s3:::{squatted}/*"]}}]}}'
    )
    stranger = emulator.client("s3", STRANGER)
    stranger.delete_public_access_block(Bucket=squatted)
    stranger.put_bucket_policy(Bucket=squatted, Policy=open_to_all)
    s3 = emulator.client("s3")
    s3.put_object(Bucket=squatted, Key="state", Body=b"secret")
    assert stranger.get_object(Bucket=squatted, Key="state")["Body"].read() == b"secret"
    owned = {"Bucket": squatted, "ExpectedBucketOwner": ACCOUNT}
    assert refusal(lambda: s3.put_object(**owned, Key="state", Body=b"secret")) == (403, "AccessDenied")
    assert refusal(lambda: s3.get_object(**owned, Key="state")) == (403, "AccessDenied")


Call = Callable[[Any, dict[str, str]], object]

CALLS: dict[str, Call] = {
    "HeadBucket": lambda s3, at: s3.head_bucket(**at),
    "HeadObject": lambda s3, at: s3.head_object(**at, Key="a"),
    "GetObject": lambda s3, at: s3.get_object(**at, Key="a"),
    "PutObject": lambda s3, at: s3.put_object(**at, Key="a", Body=b""),
    "DeleteObject": lambda s3, at: s3.delete_object(**at, Key="a"),
    "DeleteObjects": lambda s3, at: s3.delete_objects(**at, Delete={"Objects": [{"Key": "a"}]}),
    "ListObjectsV2": lambda s3, at: s3.list_objects_v2(**at),
    "ListObjectVersions": lambda s3, at: s3.list_object_versions(**at),
    "GetBucketVersioning": lambda s3, at: s3.get_bucket_versioning(**at),
    "GetBucketEncryption": lambda s3, at: s3.get_bucket_encryption(**at),
    "PutBucketVersioning": lambda s3, at: s3.put_bucket_versioning(**at, VersioningConfiguration={"Status": "Enabled"}),
    "ListMultipartUploads": lambda s3, at: s3.list_multipart_uploads(**at),
    "ListInventory": lambda s3, at: s3.list_bucket_inventory_configurations(**at),
    "DeleteBucket": lambda s3, at: s3.delete_bucket(**at),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_call_that_expects_another_owner_is_denied(emulator: Emulator, name: str, call: str) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=LOCATION)
    s3.put_object(Bucket=name, Key="a", Body=b"a")
    status, code = refusal(lambda: CALLS[call](s3, {"Bucket": name, "ExpectedBucketOwner": STRANGER}))
    assert (status, code) == (403, "403" if call.startswith("Head") else "AccessDenied")
    assert s3.get_object(Bucket=name, Key="a")["Body"].read() == b"a"
    s3.list_objects_v2(Bucket=name, ExpectedBucketOwner=ACCOUNT)


def test_a_copy_can_say_whose_source_it_means(emulator: Emulator, name: str) -> None:
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration=LOCATION)
    s3.put_object(Bucket=name, Key="a", Body=b"a")
    copy = {"Bucket": name, "Key": "b", "CopySource": f"{name}/a"}
    assert refusal(lambda: s3.copy_object(**copy, ExpectedSourceBucketOwner=STRANGER)) == (403, "AccessDenied")
    s3.copy_object(**copy, ExpectedBucketOwner=ACCOUNT, ExpectedSourceBucketOwner=ACCOUNT)
