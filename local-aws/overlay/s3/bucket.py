"""``AWS::S3::Bucket``."""

import re
from contextlib import suppress

from ministack.core.responses import get_account_id, get_region

from overlay.client import client
from overlay.cloudformation import PROVISIONERS, Handlers, Resource, undone_on_failure
from overlay.gate import Properties
from overlay.patches import ABSENT, Patch
from overlay.s3.configurations import apply

_NAME = re.compile(r"(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def _handlers(original: Handlers) -> Handlers:
    def create(logical_id: str, properties: Properties, stack_name: str) -> Resource:
        name = _chosen_name(properties)
        bucket, attributes = original["create"](logical_id, {"BucketName": name} if name else {}, stack_name)
        s3 = client("s3")
        try:
            apply(s3, bucket, properties, {})
        except Exception:
            s3.delete_bucket(Bucket=bucket)
            raise
        return bucket, attributes

    def update(bucket: str, old: Properties, new: Properties, stack_name: str) -> Resource:
        apply(client("s3"), bucket, new, old)
        # Nothing is left for the original to do but to answer the attributes.
        resource: Resource = original["update"](bucket, {}, {}, stack_name)
        return resource

    def delete(bucket: str, _properties: Properties) -> None:
        s3 = client("s3")
        with suppress(s3.exceptions.NoSuchBucket):
            s3.delete_bucket(Bucket=bucket)

    return {**original, "create": create, "update": undone_on_failure(update), "delete": delete}


def _chosen_name(properties: Properties) -> str | None:
    """Give the name that the template asks for; ``None`` leaves it to CloudFormation."""
    name, prefix = properties.get("BucketName"), properties.get("BucketNamePrefix")
    regional = properties.get("BucketNamespace") == "account-regional"
    suffix = f"-{get_account_id()}-{get_region()}-an"
    if prefix and regional:
        name = f"{prefix}{suffix}"
    elif prefix or (regional and not (name or "").endswith(suffix)):
        raise ValueError(
            f"DW6106 BucketName {name!r}, BucketNamePrefix {prefix!r} and BucketNamespace {properties.get('BucketNamespace')!r} do not go "
            f"together in the embedded AWS: use the prefix with the namespace 'account-regional', or a name that ends with '{suffix}'."
        )
    if name and not _NAME.fullmatch(name):
        raise ValueError(f"The specified bucket is not valid. (Service: S3, Status Code: 400, InvalidBucketName: {name})")
    return name


PATCHES = (
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::S3::Bucket]", "ad934cf1e241", _handlers),
    Patch(
        f"{PROVISIONERS}:_REPLACING_PROPERTIES[AWS::S3::Bucket]",
        ABSENT,
        lambda _: ("BucketName", "BucketNamePrefix", "BucketNamespace", "ObjectLockEnabled"),
    ),
    Patch(f"{PROVISIONERS}:_STACK_TAG_PROPERTY[AWS::S3::Bucket]", ABSENT, lambda _: ("Tags", "list")),
    Patch(f"{PROVISIONERS}:_CUSTOM_NAME_REPLACEMENT[AWS::S3::Bucket]", ABSENT, lambda _: {"name": "BucketName"}),
)
