"""What is admitted of a resource, without a server."""

from typing import Any

import pytest

from overlay.gate import RefusedResourceError, admit

BUCKET = "AWS::S3::Bucket"


def refusal(resource_type: str, properties: dict[str, Any]) -> str:
    with pytest.raises(RefusedResourceError) as refused:
        admit(resource_type, "Raw", properties)
    return str(refused.value)


def test_names_every_property_that_would_be_dropped_at_once() -> None:
    reason = refusal(
        BUCKET,
        {
            "BucketName": "raw",
            "WebsiteConfiguration": {"IndexDocument": "index.html"},
            "LifecycleConfiguration": {"Rules": [{"Status": "Enabled", "Transition": {"StorageClass": "GLACIER"}}]},
        },
    )
    assert reason.startswith(
        "DW6104 Raw (AWS::S3::Bucket) sets LifecycleConfiguration.Rules[].Transition.StorageClass, WebsiteConfiguration.IndexDocument: "
        "the embedded AWS would drop it. Leave it out"
    )


@pytest.mark.parametrize("empty", [{"WebsiteConfiguration": {}}, {"AnalyticsConfigurations": []}])
def test_an_empty_property_that_would_be_dropped_is_no_exception(empty: dict[str, Any]) -> None:
    assert f"sets {next(iter(empty))}:" in refusal(BUCKET, empty)


def test_a_property_of_an_element_of_a_list_is_looked_at() -> None:
    reason = refusal(BUCKET, {"Tags": [{"Key": "a", "Value": "b"}, {"Key": "a", "Value": "b", "PropagateAtLaunch": True}]})
    assert "sets Tags[].PropagateAtLaunch:" in reason


def test_a_scalar_that_is_a_map_or_a_list_would_be_dropped() -> None:
    assert "sets BucketName.Of, Tags[][]:" in refusal(BUCKET, {"BucketName": {"Of": "x"}, "Tags": [["x"]]})


def test_an_unknown_type_is_named_with_the_known_ones() -> None:
    reason = refusal("AWS::SQS::Queue", {})
    assert reason.startswith(
        "DW6103 Raw is of type AWS::SQS::Queue, which the embedded AWS would not store as AWS does. It takes AWS::CDK::"
    )


@pytest.mark.parametrize(
    ("properties", "admitted"),
    [
        ({"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": "true"}]}}, True),
        ({"BucketEncryption": {"ServerSideEncryptionConfiguration": [{"BucketKeyEnabled": "False"}]}}, False),
    ],
)
def test_a_boolean_may_be_a_string(properties: dict[str, Any], admitted: bool) -> None:  # noqa: FBT001 - a parameter
    rule = admit(BUCKET, "Raw", properties)["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
    assert rule["BucketKeyEnabled"] is admitted


def test_an_integer_may_be_a_string_and_a_string_a_number() -> None:
    assert admit("AWS::KMS::Key", "Key", {"PendingWindowInDays": "7"}) == {"PendingWindowInDays": 7}
    assert admit("AWS::SSM::Parameter", "P", {"Value": 7, "Tags": {"a": True}}) == {"Value": "7", "Tags": {"a": "true"}}


def test_a_document_is_kept_as_it_is() -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Condition": {"NumericLessThan": {"s3:TlsVersion": 1.2}}}], "Empty": {}}
    assert admit("AWS::S3::BucketPolicy", "Policy", {"Bucket": "b", "PolicyDocument": document})["PolicyDocument"] == document


def test_values_of_the_wrong_type_are_named_with_what_is_allowed() -> None:
    reason = refusal("AWS::KMS::Key", {"EnableKeyRotation": "yes", "RotationPeriodInDays": 1.5, "Description": None})
    assert reason == (
        "DW6105 Raw (AWS::KMS::Key): EnableKeyRotation is 'yes', not true or false; RotationPeriodInDays is 1.5, not an integer; "
        "Description is None, not a string."
    )
