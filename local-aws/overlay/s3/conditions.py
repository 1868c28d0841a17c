"""What a policy may ask of a PUT: authorization mode gets the condition keys that ministack leaves out."""

from collections.abc import Callable
from typing import Any

from overlay.patches import Patch

_HEADERS = {
    "if-match": "s3:if-match",
    "if-none-match": "s3:if-none-match",
    "x-amz-server-side-encryption-aws-kms-key-id": "s3:x-amz-server-side-encryption-aws-kms-key-id",
}

Context = dict[str, Any]


def _with_headers(original: Callable[..., Context]) -> Callable[..., Context]:
    """Give policies what the request's headers say. A request without a header has no such condition key, on AWS either."""

    def context(iam_action: str, query_params: Context, path: str, headers: dict[str, str]) -> Context:
        found = original(iam_action, query_params, path, headers)
        if iam_action == "s3:PutObject":
            found |= {key: headers[name] for name, key in _HEADERS.items() if headers.get(name)}
        return found

    return context


PATCHES = (Patch("ministack.core.iam_actions:_s3_object_context", "3a43e6ca9f51", _with_headers),)
