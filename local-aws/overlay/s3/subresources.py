"""The bucket's sub-resources that ministack's S3 does not have, and the one header that it drops.

What is stored lies on the bucket's own record, which is written to the disk and goes with the bucket.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ministack.services import s3 as s3_service

from overlay.patches import Patch

Response = tuple[int, dict[str, str], bytes]
Dispatch = Callable[[str, str, str, dict[str, str], bytes, dict[str, Any]], Response]

MINIMUM_SIZE = "x-amz-transition-default-minimum-object-size"


@dataclass(frozen=True)
class Collection:
    """Configurations that a bucket has any number of, by id."""

    query: str
    listing: str


COLLECTIONS = (
    Collection("intelligent-tiering", "ListBucketIntelligentTieringConfigurationsResult"),
    Collection("inventory", "ListInventoryConfigurationsResult"),
)


def _dispatch(original: Dispatch) -> Dispatch:
    def dispatch(  # noqa: PLR0913, PLR0917 - the router's call
        method: str, bucket: str, key: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Response:
        record = None if key else s3_service._buckets.get(bucket)  # noqa: SLF001
        if record is None:
            return original(method, bucket, key, headers, body, query)
        for collection in COLLECTIONS:
            if collection.query in query:
                return _collection(collection, record.setdefault(f"_{collection.query}", {}), method, body, query)
        response = original(method, bucket, key, headers, body, query)
        return _with_minimum_size(response, record, method, headers) if "lifecycle" in query else response

    return dispatch


def _collection(collection: Collection, stored: dict[str, str], method: str, body: bytes, query: dict[str, Any]) -> Response:
    if "id" not in query:
        items = "".join(stored[name] for name in sorted(stored))
        listing = f'<{collection.listing} xmlns="{s3_service.S3_NS}">{items}<IsTruncated>false</IsTruncated></{collection.listing}>'
        return 200, {"Content-Type": "application/xml"}, listing.encode()
    name = s3_service._qp(query, "id")  # noqa: SLF001
    if method == "PUT":
        # Without its declaration, so that it can stand in a listing.
        stored[name] = body.decode().partition("?>")[2].strip() if body.startswith(b"<?xml") else body.decode()
        return 200, {}, b""
    if name not in stored:
        missing: Response = s3_service._error("NoSuchConfiguration", "The specified configuration does not exist.", 404)  # noqa: SLF001
        return missing
    if method == "DELETE":
        del stored[name]
        return 204, {}, b""
    return 200, {"Content-Type": "application/xml"}, stored[name].encode()


def _with_minimum_size(response: Response, record: dict[str, Any], method: str, headers: dict[str, str]) -> Response:
    status, answered, body = response
    if MINIMUM_SIZE not in answered:
        return response
    if method == "PUT":
        record["_minimum_size"] = headers.get(MINIMUM_SIZE, answered[MINIMUM_SIZE])
    return status, {**answered, MINIMUM_SIZE: record.get("_minimum_size", answered[MINIMUM_SIZE])}, body


PATCHES = (Patch("ministack.services.s3:_dispatch", "52562ee7c18b", _dispatch),)
