"""Authorization mode: who may assume a role, by whom the trust policy names and under which conditions."""

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.authorized import Keys, answer, as_session, role, session, statement, token, trusting, user, web_session
from tests.emulator import ACCOUNT, Emulator

OTHER_ACCOUNT = "222222222222"
PROJECT = "66666666-7777-8888-9999-000000000000"
USER = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ANY_USER = "????????-????-????-????-????????????"
MAIN = "vcs-origin/github.com/o/r/vcs-ref/refs/heads/main"


@pytest.fixture
def organization(secured: Emulator, name: str) -> str:
    """Register the provider of an organization; give its id."""
    organization = f"{name}-org"
    secured.client("iam").create_open_id_connect_provider(
        Url=f"https://oidc.circleci.com/org/{organization}", ClientIDList=[organization], ThumbprintList=[]
    )
    return organization


def by_pipeline(organization: str, branch: str = MAIN) -> str:
    """Write the trust policy of the apply role."""
    issuer = f"oidc.circleci.com/org/{organization}"
    return trusting(
        {"Federated": f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"},
        "sts:AssumeRoleWithWebIdentity",
        Condition={
            "StringEquals": {f"{issuer}:aud": organization, f"{issuer}:oidc.circleci.com/project-id": PROJECT},
            "StringLike": {f"{issuer}:sub": f"org/{organization}/project/{PROJECT}/user/{ANY_USER}/{branch}"},
        },
    )


def pipeline_token(organization: str, ref: str = MAIN, subject: str | None = None, **claims: Any) -> str:
    """Write a token as CircleCI does, with any claim replaced; ``None`` leaves one out."""
    written = {
        "iss": f"https://oidc.circleci.com/org/{organization}",
        "aud": organization,
        "sub": subject or f"org/{organization}/project/{PROJECT}/user/{USER}/{ref}",
        "oidc.circleci.com/project-id": PROJECT,
        **claims,
    }
    return token(**{name: value for name, value in written.items() if value is not None})


def refused(secured: Emulator, arn: str, written: str) -> str:
    with pytest.raises(ClientError) as refused:
        web_session(secured, arn, written)
    return str(refused.value.response["Error"]["Code"])


@pytest.mark.parametrize("audience", ["text", "list"])
def test_a_token_of_main_assumes_the_role_of_main(secured: Emulator, name: str, organization: str, audience: str) -> None:
    arn = role(secured, name, by_pipeline(organization))
    keys = web_session(secured, arn, pipeline_token(organization, aud=organization if audience == "text" else [organization]))
    identity = as_session(secured, "sts", keys).get_caller_identity()
    assert identity["Arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{name}/test"


DENIED: dict[str, dict[str, Any]] = {
    "another branch": {"ref": "vcs-origin/github.com/o/r/vcs-ref/refs/heads/x"},
    "a branch whose name looks like main": {"ref": f"vcs-origin/github.com/o/r/vcs-ref/refs/heads/x/{MAIN}"},
    "another repository": {"ref": "vcs-origin/github.com/o/fork/vcs-ref/refs/heads/main"},
    "a tag": {"ref": "vcs-origin/github.com/o/r/vcs-ref/refs/tags/main"},
    "a custom webhook": {"ref": ""},
    "another project in the subject": {"subject": f"org/ORG/project/{USER}/user/{USER}/{MAIN}"},
    "another project in the claim": {"oidc.circleci.com/project-id": USER},
    "no project in the claim": {"oidc.circleci.com/project-id": None},
}


@pytest.mark.parametrize("what", DENIED)
def test_a_token_of_anything_else_is_denied(secured: Emulator, name: str, organization: str, what: str) -> None:
    arn = role(secured, name, by_pipeline(organization))
    claims = {key: value.replace("ORG", organization) if value else value for key, value in DENIED[what].items()}
    assert refused(secured, arn, pipeline_token(organization, **claims)) == "AccessDenied"


def test_a_token_of_another_audience_or_provider_or_time_is_no_token(secured: Emulator, name: str, organization: str) -> None:
    arn = role(secured, name, by_pipeline(organization))
    assert refused(secured, arn, pipeline_token(organization, aud="another")) == "InvalidIdentityToken"
    assert refused(secured, arn, pipeline_token(organization, iss="https://oidc.circleci.com/org/stranger")) == "InvalidIdentityToken"
    assert refused(secured, arn, pipeline_token(organization, exp=int(time.time()) - 10)) == "ExpiredTokenException"
    assert refused(secured, arn, "not.a.token") == "InvalidIdentityToken"


def test_a_role_that_does_not_trust_the_provider_is_denied(secured: Emulator, name: str, organization: str) -> None:
    arn = role(secured, name, trusting({"AWS": ACCOUNT}))
    assert refused(secured, arn, pipeline_token(organization)) == "AccessDenied"


def test_every_branch_of_the_project_may_be_meant(secured: Emulator, name: str, organization: str) -> None:
    arn = role(secured, name, by_pipeline(organization, "vcs-origin/github.com/o/r/vcs-ref/refs/heads/*"))
    assert web_session(secured, arn, pipeline_token(organization, ref="vcs-origin/github.com/o/r/vcs-ref/refs/heads/feature/x"))
    assert refused(secured, arn, pipeline_token(organization, ref="vcs-origin/github.com/o/fork/vcs-ref/refs/heads/x")) == "AccessDenied"


ASSUME = statement("Allow", "sts:AssumeRole")


@pytest.mark.parametrize(("external_id", "expected"), [(None, "deny"), ("wrong", "deny"), ("s" * 32, "allow")])
def test_an_external_id_has_to_be_known(secured: Emulator, name: str, external_id: str | None, expected: str) -> None:
    apply = role(secured, f"{name}-apply", trusting({"AWS": ACCOUNT}), ASSUME)
    deployer = role(secured, name, trusting({"AWS": apply}, Condition={"StringEquals": {"sts:ExternalId": "s" * 32}}))
    caller = session(secured, apply)
    assert answer(lambda: session(secured, deployer, caller, **({"ExternalId": external_id} if external_id else {}))) == expected


def test_who_is_not_named_is_denied(secured: Emulator, name: str) -> None:
    named = role(secured, f"{name}-named", trusting({"AWS": ACCOUNT}), ASSUME)
    other = role(secured, f"{name}-other", trusting({"AWS": ACCOUNT}), ASSUME)
    target = role(secured, name, trusting({"AWS": named}))
    assert answer(lambda: session(secured, target, session(secured, named))) == "allow"
    assert answer(lambda: session(secured, target, session(secured, other))) == "deny"


def test_a_role_named_by_a_wildcard_is_known_by_its_own_arn(secured: Emulator, name: str) -> None:
    trust = trusting({"AWS": ACCOUNT}, Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/sso/{name}-admin*"}})
    target = role(secured, name, trust)
    admin = role(secured, f"{name}-admin1", trusting({"AWS": ACCOUNT}), ASSUME, Path="/sso/")
    elsewhere = role(secured, f"{name}-admin2", trusting({"AWS": ACCOUNT}), ASSUME)
    assert answer(lambda: session(secured, target, session(secured, admin))) == "allow"
    assert answer(lambda: session(secured, target, session(secured, elsewhere))) == "deny"


def test_a_user_is_known_by_his_own_arn(secured: Emulator, name: str) -> None:
    trust = trusting({"AWS": ACCOUNT}, Condition={"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:user/{name}-admin"}})
    target = role(secured, name, trust)
    assert answer(lambda: session(secured, target, user(secured, f"{name}-admin", ASSUME))) == "allow"
    assert answer(lambda: session(secured, target, user(secured, f"{name}-user", ASSUME))) == "deny"


def test_an_account_that_is_trusted_decides_by_its_own_policies(secured: Emulator, name: str) -> None:
    target = role(secured, name, trusting({"AWS": ACCOUNT}))
    assert answer(lambda: session(secured, target, user(secured, f"{name}-may", ASSUME))) == "allow"
    assert answer(lambda: session(secured, target, user(secured, f"{name}-may-not"))) == "deny"


def test_who_is_named_in_his_own_account_needs_no_policy_of_his_own(secured: Emulator, name: str) -> None:
    caller = user(secured, f"{name}-user")
    named = role(secured, name, trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:user/{name}-user"}))
    assert answer(lambda: session(secured, named, caller)) == "allow"
    denied = user(secured, f"{name}-denied", statement("Deny", "sts:AssumeRole"))
    also = role(secured, f"{name}-also", trusting({"AWS": f"arn:aws:iam::{ACCOUNT}:user/{name}-denied"}))
    assert answer(lambda: session(secured, also, denied)) == "deny"


def test_another_account_needs_both(secured: Emulator, name: str) -> None:
    def assuming(caller: str, *statements: dict[str, Any]) -> Keys:
        return session(secured, role(secured, caller, trusting({"AWS": OTHER_ACCOUNT}), *statements, account=OTHER_ACCOUNT))

    may, may_not = assuming(f"{name}-may", ASSUME), assuming(f"{name}-may-not")
    target = role(secured, name, trusting({"AWS": OTHER_ACCOUNT}))
    own = role(secured, f"{name}-own", trusting({"AWS": ACCOUNT}))
    named = role(secured, f"{name}-named", trusting({"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:role/{name}-may-not"}))
    assert answer(lambda: session(secured, target, may)) == "allow"
    assert answer(lambda: session(secured, target, may_not)) == "deny"
    assert answer(lambda: session(secured, named, may_not)) == "deny"
    assert answer(lambda: session(secured, own, may)) == "deny"


def test_a_denial_in_the_trust_policy_wins(secured: Emulator, name: str) -> None:
    document = json.loads(trusting({"AWS": ACCOUNT}))
    document["Statement"].append(
        {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "sts:AssumeRole",
            "Condition": {"Null": {"sts:ExternalId": "false"}},
        }
    )
    target = role(secured, name, json.dumps(document))
    caller = user(secured, f"{name}-user", ASSUME)
    assert answer(lambda: session(secured, target, caller)) == "allow"
    assert answer(lambda: session(secured, target, caller, ExternalId="any")) == "deny"


@pytest.mark.parametrize(
    "principal", [f"arn:aws:iam::{ACCOUNT}:role/nobody", f"arn:aws:iam::{ACCOUNT}:user/nobody", f"arn:aws:iam::{ACCOUNT}:role/*", "nobody"]
)
def test_a_principal_that_does_not_exist_is_refused(secured: Emulator, name: str, principal: str) -> None:
    iam = secured.client("iam")
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException, match="Invalid principal in policy"):
        role(secured, name, trusting({"AWS": principal}))
    role(secured, name, trusting({"AWS": ACCOUNT}))
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException, match="Invalid principal in policy"):
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=trusting({"AWS": [ACCOUNT, principal]}))
