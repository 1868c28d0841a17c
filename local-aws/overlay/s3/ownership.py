"""A caller may say whose bucket he means (``x-amz-expected-bucket-owner``): any other owner's is denied, whatever its policy allows."""

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from ministack.services import s3 as s3_service

from overlay.patches import Patch

_OWNER = "x-amz-expected-bucket-owner"
_SOURCE_OWNER = "x-amz-source-expected-bucket-owner"

Denied = Any


def _apply_bucket_scope(original: Callable[..., Denied]) -> Callable[..., Denied]:
    def apply(  # noqa: PLR0913, PLR0917 - the service's call
        method: str,
        bucket: str,
        key: str,
        headers: dict[str, str],
        query: dict[str, Any],
        body: bytes = b"",
        internal: bool = False,  # noqa: FBT001, FBT002
    ) -> Denied:
        source = unquote(headers.get("x-amz-copy-source", "")).lstrip("/").partition("/")[0]
        for header, name in ((_OWNER, bucket), (_SOURCE_OWNER, source)):
            expected, owner = headers.get(header), s3_service._bucket_owner_account(name)  # noqa: SLF001
            if expected and owner and expected != owner:
                return s3_service._error("AccessDenied", "Access Denied", 403, f"/{name}")  # noqa: SLF001
        return original(method, bucket, key, headers, query, body, internal)

    return apply


PATCHES = (Patch("ministack.services.s3:_apply_bucket_scope", "df846d5b4247", _apply_bucket_scope),)
