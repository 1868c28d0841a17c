"""Which call stores which property of ``AWS::S3::Bucket``, and which one takes it away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from overlay.gate import Properties

S3 = Any
Put = Callable[[S3, str, Any], object]
Remove = Callable[[S3, str], object]

CANNED_ACLS = {
    "AuthenticatedRead": "authenticated-read",
    "LogDeliveryWrite": "log-delivery-write",
    "Private": "private",
    "PublicRead": "public-read",
    "PublicReadWrite": "public-read-write",
}


_DEFAULT_OWNERSHIP = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}


@dataclass(frozen=True)
class Configuration:
    """One property: how it is put on a bucket, and how the bucket returns to the default."""

    name: str
    put: Put
    remove: Remove


def apply(s3: S3, bucket: str, new: Properties, old: Properties) -> None:
    """Bring a bucket from the old properties to the new ones: removals in reverse order first, so that nothing stands on what is gone."""
    for configuration in reversed(CONFIGURATIONS):
        if configuration.name in old and configuration.name not in new:
            configuration.remove(s3, bucket)
    for configuration in CONFIGURATIONS:
        if configuration.name in new and new[configuration.name] != old.get(configuration.name):
            configuration.put(s3, bucket, new[configuration.name])


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Give a value with the keys that CloudFormation and the API call differently, at any depth, in the API's words."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed(item, names) for key, item in value.items()}
    return [renamed(item, names) for item in value] if isinstance(value, list) else value


def _chosen(value: Properties, *names: str) -> Properties:
    return {name: value[name] for name in names if name in value}


def _put_access_control(s3: S3, bucket: str, value: str) -> None:
    if value == "Private" and s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"] == _DEFAULT_OWNERSHIP:
        return  # Where the owner owns everything an ACL cannot be set, and it is private.
    s3.put_bucket_acl(Bucket=bucket, ACL=CANNED_ACLS[value])


def _put_versioning(s3: S3, bucket: str, value: Properties) -> None:
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration=value)


def _suspend_versioning(s3: S3, bucket: str) -> None:
    # A bucket that was versioned never returns to unversioned.
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Suspended"})


def _put_encryption(s3: S3, bucket: str, value: Properties) -> None:
    rules = renamed(value["ServerSideEncryptionConfiguration"], {"ServerSideEncryptionByDefault": "ApplyServerSideEncryptionByDefault"})
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": rules})


def _put_lifecycle(s3: S3, bucket: str, value: Properties) -> None:
    size = _chosen(value, "TransitionDefaultMinimumObjectSize")
    rules = [lifecycle_rule(rule) for rule in value["Rules"]]
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": rules}, **size)


def lifecycle_rule(rule: Properties) -> Properties:
    """Give a lifecycle rule of a template as the API takes it."""
    expiration = {
        api: rule[name]
        for name, api in (
            ("ExpirationInDays", "Days"),
            ("ExpirationDate", "Date"),
            ("ExpiredObjectDeleteMarker", "ExpiredObjectDeleteMarker"),
        )
        if name in rule
    }
    transitions = renamed(rule.get("Transitions", []), {"TransitionInDays": "Days", "TransitionDate": "Date"})
    noncurrent = renamed(rule.get("NoncurrentVersionTransitions", []), {"TransitionInDays": "NoncurrentDays"})
    return {
        **_chosen(rule, "Status", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload"),
        **({"ID": rule["Id"]} if "Id" in rule else {}),
        "Filter": object_filter(rule, _chosen(rule, "ObjectSizeGreaterThan", "ObjectSizeLessThan")) or {"Prefix": ""},
        **({"Expiration": expiration} if expiration else {}),
        **({"Transitions": transitions} if transitions else {}),
        **({"NoncurrentVersionTransitions": noncurrent} if noncurrent else {}),
    }


def object_filter(rule: Properties, more: Properties | None = None) -> Properties:
    """Give the API's filter for ``Prefix``, ``TagFilters`` and ``more``: one condition stands alone, several stand in ``And``."""
    tags = rule.get("TagFilters", [])
    single = {**_chosen(rule, "Prefix"), **(more or {})}
    if len(single) + len(tags) > 1:
        return {"And": {**single, **({"Tags": tags} if tags else {})}}
    return {"Tag": tags[0]} if tags else single


def _put_logging(s3: S3, bucket: str, value: Properties) -> None:
    enabled = renamed(value, {"DestinationBucketName": "TargetBucket", "LogFilePrefix": "TargetPrefix"})
    # Without a destination a bucket logs into itself; without a prefix the keys begin at the root.
    s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={"LoggingEnabled": {"TargetBucket": bucket, "TargetPrefix": "", **enabled}})


def _put_notification(s3: S3, bucket: str, value: Properties) -> None:
    enabled = value.get("EventBridgeConfiguration", {}).get("EventBridgeEnabled", False)
    s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration={"EventBridgeConfiguration": {}} if enabled else {})


def _enable_object_lock(s3: S3, bucket: str, value: bool) -> None:  # noqa: FBT001 - the property's value
    if value:
        # A bucket that is created for object lock is versioned from then on, whatever the template says of versioning.
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled"})


def _put_object_lock(s3: S3, bucket: str, value: Properties) -> None:
    s3.put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=value)


def _put_replication(s3: S3, bucket: str, value: Properties) -> None:
    configuration = renamed(value, {"Id": "ID", "TagFilters": "Tags"})
    s3.put_bucket_replication(Bucket=bucket, ReplicationConfiguration=configuration)


def _put_intelligent_tiering(s3: S3, bucket: str, value: list[Properties]) -> None:
    _remove_intelligent_tiering(s3, bucket)
    for item in value:
        condition = object_filter(item)
        s3.put_bucket_intelligent_tiering_configuration(
            Bucket=bucket,
            Id=item["Id"],
            IntelligentTieringConfiguration={**_chosen(item, "Id", "Status", "Tierings"), **({"Filter": condition} if condition else {})},
        )


def _remove_intelligent_tiering(s3: S3, bucket: str) -> None:
    for item in s3.list_bucket_intelligent_tiering_configurations(Bucket=bucket).get("IntelligentTieringConfigurationList", []):
        s3.delete_bucket_intelligent_tiering_configuration(Bucket=bucket, Id=item["Id"])


def _put_inventory(s3: S3, bucket: str, value: list[Properties]) -> None:
    _remove_inventory(s3, bucket)
    for item in value:
        destination = renamed(item["Destination"], {"BucketArn": "Bucket", "BucketAccountId": "AccountId"})
        s3.put_bucket_inventory_configuration(
            Bucket=bucket,
            Id=item["Id"],
            InventoryConfiguration={
                **_chosen(item, "Id", "IncludedObjectVersions", "OptionalFields"),
                **({"Filter": {"Prefix": item["Prefix"]}} if "Prefix" in item else {}),
                "Destination": {"S3BucketDestination": destination},
                "IsEnabled": item["Enabled"],
                "Schedule": {"Frequency": item["ScheduleFrequency"]},
            },
        )


def _remove_inventory(s3: S3, bucket: str) -> None:
    for item in s3.list_bucket_inventory_configurations(Bucket=bucket).get("InventoryConfigurationList", []):
        s3.delete_bucket_inventory_configuration(Bucket=bucket, Id=item["Id"])


CONFIGURATIONS = (
    Configuration(
        "OwnershipControls",
        lambda s3, bucket, value: s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=value),
        lambda s3, bucket: s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=_DEFAULT_OWNERSHIP),
    ),
    Configuration(
        "PublicAccessBlockConfiguration",
        lambda s3, bucket, value: s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=value),
        lambda s3, bucket: s3.delete_public_access_block(Bucket=bucket),
    ),
    Configuration("AccessControl", _put_access_control, lambda s3, bucket: _put_access_control(s3, bucket, "Private")),
    Configuration("VersioningConfiguration", _put_versioning, _suspend_versioning),
    Configuration("ObjectLockEnabled", _enable_object_lock, lambda _s3, _bucket: None),
    Configuration(
        "ObjectLockConfiguration",
        _put_object_lock,
        lambda s3, bucket: _put_object_lock(s3, bucket, {"ObjectLockEnabled": "Enabled"}),
    ),
    Configuration("BucketEncryption", _put_encryption, lambda s3, bucket: s3.delete_bucket_encryption(Bucket=bucket)),
    Configuration("LifecycleConfiguration", _put_lifecycle, lambda s3, bucket: s3.delete_bucket_lifecycle(Bucket=bucket)),
    Configuration("LoggingConfiguration", _put_logging, lambda s3, bucket: s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus={})),
    Configuration("NotificationConfiguration", _put_notification, lambda s3, bucket: _put_notification(s3, bucket, {})),
    Configuration("IntelligentTieringConfigurations", _put_intelligent_tiering, _remove_intelligent_tiering),
    Configuration("InventoryConfigurations", _put_inventory, _remove_inventory),
    Configuration("ReplicationConfiguration", _put_replication, lambda s3, bucket: s3.delete_bucket_replication(Bucket=bucket)),
    Configuration(
        "Tags",
        lambda s3, bucket, value: s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": value}),
        lambda s3, bucket: s3.delete_bucket_tagging(Bucket=bucket),
    ),
)
"""In the order in which they are put: access before contents, versioning before what needs it."""
