"""Identities for the tests of authorization mode: users, roles, and sessions of them."""

import base64
import json
import time
from collections.abc import Callable, Iterable
from typing import Any

from botocore.exceptions import ClientError

from tests.emulator import ACCOUNT, REGION, Emulator

Document = dict[str, Any]
Keys = dict[str, str]


def statement(effect: str, action: str | list[str], resource: str | list[str] = "*", **more: Any) -> Document:
    """Write a statement of an identity's policy."""
    return {"Effect": effect, "Action": action, "Resource": resource, **more}


def policy(statements: Iterable[Document]) -> str:
    """Write a policy."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def user(emulator: Emulator, name: str, *statements: Document, account: str = ACCOUNT) -> Keys:
    """Make a user with one inline policy; give the keys that a client takes."""
    iam = emulator.client("iam", account)
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=policy(statements))
    access = iam.create_access_key(UserName=name)["AccessKey"]
    return {"account": access["AccessKeyId"], "secret": access["SecretAccessKey"]}


def trusting(principal: Document | str, action: str = "sts:AssumeRole", **more: Any) -> str:
    """Write a trust policy."""
    return policy([{"Effect": "Allow", "Principal": principal, "Action": action, **more}])


def role(emulator: Emulator, name: str, trust: str, *statements: Document, account: str = ACCOUNT, **more: Any) -> str:
    """Make a role with one inline policy; give its ARN."""
    iam = emulator.client("iam", account)
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, **more)["Role"]["Arn"]
    if statements:
        iam.put_role_policy(RoleName=name, PolicyName="only", PolicyDocument=policy(statements))
    return arn


def session(emulator: Emulator, arn: str, caller: Keys | None = None, **request: Any) -> Keys:
    """Assume a role, as root of its account unless a caller is given."""
    sts = emulator.client("sts", **(caller or {"account": arn.split(":")[4]}))
    return _keys(sts.assume_role(RoleArn=arn, RoleSessionName="test", **request))


def web_session(emulator: Emulator, arn: str, token: str) -> Keys:
    """Assume a role by a token."""
    return _keys(emulator.client("sts").assume_role_with_web_identity(RoleArn=arn, RoleSessionName="test", WebIdentityToken=token))


def token(**claims: Any) -> str:
    """Write a token that holds these claims; the server does not verify signatures."""

    def encoded(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    return f"{encoded({'alg': 'RS256'})}.{encoded({'exp': int(time.time()) + 3600, **claims})}.c2lnbmF0dXJl"


def as_session(emulator: Emulator, service: str, keys: Keys, region: str = REGION) -> Any:
    """Give a client for an identity."""
    return emulator.client(service, region=region, **keys)


def answer(call: Callable[[], object]) -> str:
    """Give ``allow`` or ``deny``; any other error is one of the test."""
    try:
        call()
    except ClientError as error:
        if error.response["Error"]["Code"] in {"AccessDenied", "AccessDeniedException", "403"}:
            return "deny"
        raise
    return "allow"


def _keys(assumed: Any) -> Keys:
    credentials = assumed["Credentials"]
    return {"account": credentials["AccessKeyId"], "secret": credentials["SecretAccessKey"], "token": credentials["SessionToken"]}
