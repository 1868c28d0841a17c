"""``AWS::S3::BucketPolicy``: put by the API, so that it is validated and a bucket that is gone fails it."""

import json
from collections.abc import Callable
from typing import Any

from ministack.services import s3 as s3_service

from overlay.client import client
from overlay.cloudformation import PROVISIONERS, Handlers, Resource
from overlay.gate import Properties
from overlay.patches import ABSENT, Patch
from overlay.trust import unknown_principals


def _handlers(original: Handlers) -> Handlers:
    def create(_logical_id: str, properties: Properties, _stack_name: str) -> Resource:
        bucket, document = properties["Bucket"], properties["PolicyDocument"]
        client("s3").put_bucket_policy(Bucket=bucket, Policy=document if isinstance(document, str) else json.dumps(document))
        return bucket, {"Bucket": bucket}

    def update(_physical_id: str, _old: Properties, new: Properties, stack_name: str) -> Resource:
        return create("", new, stack_name)

    def delete(_physical_id: str, properties: Properties) -> None:
        s3 = client("s3")
        try:
            s3.delete_bucket_policy(Bucket=properties["Bucket"])
        except s3.exceptions.NoSuchBucket:
            return

    return {**original, "create": create, "update": update, "delete": delete}


def _put_bucket_policy(original: Callable[[str, bytes], Any]) -> Callable[[str, bytes], Any]:
    """Refuse a principal that does not exist, as S3 does."""

    def put(bucket: str, body: bytes) -> Any:
        if unknown := unknown_principals(body.decode()):
            return s3_service._error("MalformedPolicy", f"Invalid principal in policy: {unknown[0]}", 400, f"/{bucket}")  # noqa: SLF001 - errors as S3 words them
        return original(bucket, body)

    return put


PATCHES = (
    Patch("ministack.services.s3:_put_bucket_policy", "0496f198bf50", _put_bucket_policy),
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::S3::BucketPolicy]", "111b81dd1efc", _handlers),
    Patch(f"{PROVISIONERS}:_REPLACING_PROPERTIES[AWS::S3::BucketPolicy]", ABSENT, lambda _: ("Bucket",)),
)
