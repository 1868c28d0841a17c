"""Objects are encrypted with the key that the request or the bucket names, and say so as S3 does.

ministack stores the key's name as it was given, forgets the bucket key, refuses ``aws:kms`` without a key, and takes keys that do not exist
and encryption types that the bucket blocks.
"""

from collections.abc import Callable
from typing import Any

from defusedxml.ElementTree import fromstring
from ministack.services import s3 as s3_service

from overlay.kms import find_or_create
from overlay.patches import Patch

Headers = dict[str, str]
Answer = tuple[Headers | None, Any]

ALGORITHM = "x-amz-server-side-encryption"
KEY_ID = "x-amz-server-side-encryption-aws-kms-key-id"
BUCKET_KEY = "x-amz-server-side-encryption-bucket-key-enabled"
CUSTOMER_KEY = "x-amz-server-side-encryption-customer-algorithm"

_AWS_MANAGED = "alias/aws/s3"


def _resolve_write(original: Callable[[Headers, str], Answer]) -> Callable[[Headers, str], Answer]:
    def resolve(headers: Headers, bucket: str) -> Answer:
        if headers.get(CUSTOMER_KEY) and "SSE-C" in _in_bucket_rule(bucket, "EncryptionType"):
            return None, _error("AccessDenied", "The bucket blocks encryption with customer-provided keys (SSE-C).", 403)
        if headers.get(ALGORITHM) == "aws:kms" and not headers.get(KEY_ID):
            headers = {**headers, KEY_ID: _AWS_MANAGED}
        written, error = original(headers, bucket)
        if error is not None or written is None or written.get(ALGORITHM) != "aws:kms":
            return written, error
        return _with_key(written, headers.get(BUCKET_KEY) or "".join(_in_bucket_rule(bucket, "BucketKeyEnabled")))

    return resolve


def _with_key(written: Headers, bucket_key: str) -> Answer:
    name = written.get(KEY_ID, _AWS_MANAGED)
    key = find_or_create(name)
    if key is None:
        return None, _error("KMS.NotFoundException", f"Key '{name}' does not exist", 400)
    if key["KeyState"] != "Enabled":
        return None, _error("KMS.DisabledException", f"{key['Arn']} is {key['KeyState']}", 400)
    return {**written, KEY_ID: key["Arn"], **({BUCKET_KEY: "true"} if bucket_key == "true" else {})}, None


def _in_bucket_rule(bucket: str, element: str) -> list[str]:
    """Give the texts of an element of the bucket's encryption configuration."""
    stored = s3_service._bucket_encryption.get(bucket)  # noqa: SLF001
    return [found.text or "" for found in fromstring(stored).iter(f"{{{s3_service.S3_NS}}}{element}")] if stored else []


def _error(code: str, message: str, status: int) -> Any:
    return s3_service._error(code, message, status)  # noqa: SLF001


PATCHES = (
    Patch("ministack.services.s3:_resolve_sse_write_headers", "2affef5a7d37", _resolve_write),
    # What a copy takes from its own request and never from the source.
    Patch("ministack.services.s3:_SSE_STORED_HEADERS", "8ee14547016c", lambda headers: (*headers, BUCKET_KEY)),
)
