"""``TemplateURL`` as it is written for AWS: an object of S3, of any region and partition, by its path or by its bucket's own host."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from ministack.services.cloudformation.helpers import _error

from overlay.patches import Patch

Parameters = dict[str, list[str]]
Document = tuple[str | None, Any]

_HOST = re.compile(r"(?:(?P<bucket>[a-z0-9][a-z0-9.-]+)\.)?s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")
_LOCAL = re.compile(r"localhost|127\.0\.0\.1")


def _resolve_document(original: Callable[..., Document]) -> Callable[..., Document]:
    """Refuse what is no S3 URL, in AWS's words; ministack takes the path of any URL, and a bucket's own host for nothing."""

    def resolve(parameters: Parameters, body_key: str, url_key: str, label: str) -> Document:
        url = parameters.get(url_key, [""])[0]
        if parameters.get(body_key, [""])[0] or not url:
            return original(parameters, body_key, url_key, label)
        parts = urlsplit(url)
        host = _HOST.fullmatch(parts.hostname or "")
        if parts.scheme != "https" or not host:
            if not _LOCAL.fullmatch(parts.hostname or ""):
                return None, _error("ValidationError", "S3 error: Domain name specified in " + url + " is not a valid S3 domain")
            return original(parameters, body_key, url_key, label)
        path = f"/{host['bucket']}{parts.path}" if host["bucket"] else parts.path
        return original({**parameters, url_key: [f"https://s3.amazonaws.com{path}"]}, body_key, url_key, label)

    return resolve


PATCHES = (Patch("ministack.services.cloudformation.helpers:_resolve_document", "9ad9addb675b", _resolve_document),)
