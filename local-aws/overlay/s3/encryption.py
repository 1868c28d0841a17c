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
_BY_KMS = ("aws:kms", "aws:kms:dsse")


def _resolve_write(original: Callable[[Headers, str], Answer]) -> Callable[[Headers, str], Answer]:
    def resolve(headers: Headers, bucket: str) -> Answer:
        rule = _default_encryption(bucket)
        if headers.get(CUSTOMER_KEY) and "SSE-C" in rule["EncryptionType"]:
            return None, _error("AccessDenied", "The bucket blocks encryption with customer-provided keys (SSE-C).", 403)
        if headers.get(ALGORITHM) == "aws:kms" and not headers.get(KEY_ID):
            headers = {**headers, KEY_ID: _AWS_MANAGED}
        written, error = original(headers, bucket)
        if error is not None or written is None or written.get(ALGORITHM) not in _BY_KMS:
            return written, error
        key = written.get(KEY_ID) or rule["KMSMasterKeyID"] or _AWS_MANAGED
        # Double encryption knows no bucket keys.
        bucket_key = written[ALGORITHM] == "aws:kms" and (headers.get(BUCKET_KEY) or rule["BucketKeyEnabled"]) == "true"
        return _with_key(written, key, bucket_key=bucket_key)

    return resolve


def _with_key(written: Headers, name: str, *, bucket_key: bool) -> Answer:
    key = find_or_create(name)
    if key is None:
        return None, _error("KMS.NotFoundException", f"Key '{name}' does not exist", 400)
    if key["KeyState"] != "Enabled":
        code = "KMS.DisabledException" if key["KeyState"] == "Disabled" else "KMS.KMSInvalidStateException"
        return None, _error(code, f"{key['Arn']} is {key['KeyState']}", 400)
    return {**written, KEY_ID: key["Arn"], **({BUCKET_KEY: "true"} if bucket_key else {})}, None


def _default_encryption(bucket: str) -> dict[str, str]:
    """Give what the bucket's encryption configuration says, by element; empty where it says nothing."""
    found = dict.fromkeys(("BucketKeyEnabled", "EncryptionType", "KMSMasterKeyID"), "")
    if stored := s3_service._bucket_encryption.get(bucket):  # noqa: SLF001
        found |= {element.tag.rpartition("}")[2]: element.text or "" for element in fromstring(stored).iter()}
    return found


def _error(code: str, message: str, status: int) -> Any:
    return s3_service._error(code, message, status)  # noqa: SLF001


PATCHES = (
    Patch("ministack.services.s3:_resolve_sse_write_headers", "2affef5a7d37", _resolve_write),
    # What a copy takes from its own request and never from the source.
    Patch("ministack.services.s3:_SSE_STORED_HEADERS", "8ee14547016c", lambda headers: (*headers, BUCKET_KEY)),
)
