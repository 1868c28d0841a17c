"""Clients of the emulator's own public API: what CloudFormation stores is then exactly what an API call stores."""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from ministack.core.responses import get_account_id, get_region


def client(service: str) -> Any:
    """Give a boto3 client for the account and region of the request at hand. Never call it on the event loop: the call comes back to it."""
    return _client(service, get_account_id(), get_region())


@cache
def _client(service: str, account: str, region: str) -> Any:
    # An account's id as access key is that account's root, also in authorization mode; the secret is then not checked.
    made = boto3.session.Session().client(
        service,
        endpoint_url=f"{'https' if os.environ.get('USE_SSL') == '1' else 'http'}://localhost:{os.environ.get('GATEWAY_PORT', '4566')}",
        region_name=region,
        aws_access_key_id=account,
        aws_secret_access_key="unchecked",  # noqa: S106 - see above
        verify=os.environ.get("MINISTACK_SSL_CERT"),
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, proxies={}),
    )
    made.meta.events.register("before-send", _close_afterwards)
    return made


def _close_afterwards(request: Any, **_: Any) -> None:
    """Keep no connection open: with TLS, the server would wait half a minute for each before it stops."""
    request.headers["Connection"] = "close"
