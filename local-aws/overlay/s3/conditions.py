"""What a policy may ask of a PUT: authorization mode gets the condition key that ministack leaves out."""

from collections.abc import Callable
from typing import Any

from overlay.patches import Patch

_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"

Context = dict[str, Any]


def _with_key_id(original: Callable[..., Context]) -> Callable[..., Context]:
    """Give policies the key that the request names. A request that names none has no such condition key, on AWS either."""

    def context(iam_action: str, query_params: Context, path: str, headers: dict[str, str]) -> Context:
        found = original(iam_action, query_params, path, headers)
        if iam_action == "s3:PutObject" and headers.get(_HEADER):
            found[f"s3:{_HEADER}"] = headers[_HEADER]
        return found

    return context


PATCHES = (Patch("ministack.core.iam_actions:_s3_object_context", "3a43e6ca9f51", _with_key_id),)
