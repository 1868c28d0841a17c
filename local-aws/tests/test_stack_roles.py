"""Authorization mode: CloudFormation does what its role may do, and nothing else, whoever asks."""

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from overlay.accepted import ACCEPTED
from overlay.authorization.needs import NEEDS, Act
from tests import stacks
from tests.authorized import Document, Keys, answer, as_session, policy, role, statement, trusting, user
from tests.cases import CASES, Base, Properties, document, trust
from tests.change_sets import carry_out, propose
from tests.emulator import ACCOUNT, Emulator

BY_CLOUDFORMATION = trusting({"Service": "cloudformation.amazonaws.com"})
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/stack-roles-boundary"


@pytest.fixture(scope="module", autouse=True)
def boundary(secured: Emulator) -> None:
    secured.client("iam").create_policy(PolicyName="stack-roles-boundary", PolicyDocument=policy([statement("Allow", "*")]))


def deploy(secured: Emulator, name: str, may: list[Document], resources: stacks.Resources, caller: Keys | None = None) -> stacks.Outcome:
    """Create a stack by a role with these rights."""
    arn = role(secured, f"{name}-exec", BY_CLOUDFORMATION, *may)
    cloudformation = as_session(secured, "cloudformation", caller or {})
    described = propose(cloudformation, name, {"Resources": resources}, ChangeSetType="CREATE", RoleARN=arn)
    return carry_out(cloudformation, name, described)


def own_role(**more: Any) -> dict[str, Any]:
    return {"Own": stacks.resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust("ec2"), **more})}


BOUNDED = {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}}
INLINE = [{"PolicyName": "p", "PolicyDocument": document("s3:GetObject", Resource="*")}]
WITH_BOUNDARY = [
    statement("Allow", ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy"], Condition=BOUNDED),
    statement("Allow", ["iam:DeleteRole", "iam:DeleteRolePolicy"]),
]

# What is deployed, by which rights; and the action that is denied, or none.
ROWS: dict[str, tuple[list[Document], stacks.Resources, str | None]] = {
    "a role with the boundary": (WITH_BOUNDARY, own_role(PermissionsBoundary=BOUNDARY, Policies=INLINE), None),
    "a role without a boundary": (WITH_BOUNDARY, own_role(), "iam:CreateRole"),
    "a role with another boundary": (
        WITH_BOUNDARY,
        own_role(PermissionsBoundary="arn:aws:iam::aws:policy/AdministratorAccess"),
        "iam:CreateRole",
    ),
    "a policy that may not be attached": (
        [*WITH_BOUNDARY, statement("Deny", "iam:AttachRolePolicy", Condition={"ArnNotLike": {"iam:PolicyARN": BOUNDARY}})],
        own_role(PermissionsBoundary=BOUNDARY, ManagedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]),
        "iam:AttachRolePolicy",
    ),
    "a bucket": ([statement("Allow", ["s3:CreateBucket", "s3:PutBucketVersioning"])], {}, None),
    "a bucket without the right to version it": ([statement("Allow", "s3:CreateBucket")], {}, "s3:PutBucketVersioning"),
    "a bucket without any right": ([], {}, "s3:CreateBucket"),
}
BUCKET = {"Own": stacks.resource("AWS::S3::Bucket", {"VersioningConfiguration": {"Status": "Enabled"}})}


@pytest.mark.parametrize("what", ROWS)
def test_the_role_decides(secured: Emulator, name: str, what: str) -> None:
    may, resources, denied = ROWS[what]
    outcome = deploy(secured, name, may, resources or BUCKET)
    if denied is None:
        assert outcome.status == "CREATE_COMPLETE", outcome.reasons
    else:
        assert outcome.status.startswith("ROLLBACK_")
        assert f"assumed-role/{name}-exec/AWSCloudFormation is not authorized to perform: {denied}" in outcome.reasons[-1]
        assert "AccessDenied" in outcome.reasons[-1]


def test_the_role_stays_the_stacks_and_acts_for_whoever_may_update_it(secured: Emulator, name: str) -> None:
    deploy(secured, name, [statement("Allow", ["s3:*", "ssm:*"])], BUCKET)
    weak = user(secured, f"{name}-weak", statement("Allow", "cloudformation:*"))
    cloudformation = as_session(secured, "cloudformation", weak)
    (stack,) = cloudformation.describe_stacks(StackName=name)["Stacks"]
    assert stack["RoleARN"] == f"arn:aws:iam::{ACCOUNT}:role/{name}-exec"
    parameter = stacks.resource("AWS::SSM::Parameter", {"Type": "String", "Value": "x"})
    described = propose(cloudformation, name, {"Resources": {**BUCKET, "P": parameter}})
    assert carry_out(cloudformation, name, described).status == "UPDATE_COMPLETE"
    assert answer(lambda: as_session(secured, "ssm", weak).put_parameter(Name=f"/{name}", Type="String", Value="x")) == "deny"


def test_a_role_has_to_be_passed_to_cloudformation(secured: Emulator, name: str) -> None:
    arn = role(secured, f"{name}-exec", BY_CLOUDFORMATION, statement("Allow", "*"))

    def propose_as(who: str, *passing: Document) -> str:
        caller = user(secured, f"{name}-{who}", statement("Allow", "cloudformation:*"), *passing)
        cloudformation = as_session(secured, "cloudformation", caller)
        template = {"Resources": BUCKET}
        return answer(lambda: propose(cloudformation, f"{name}-{who}", template, ChangeSetType="CREATE", RoleARN=arn))

    def to(service: str) -> Document:
        return {"StringEquals": {"iam:PassedToService": f"{service}.amazonaws.com"}}

    assert propose_as("none") == "deny"
    assert propose_as("may", statement("Allow", "iam:PassRole", arn, Condition=to("cloudformation"))) == "allow"
    assert propose_as("elsewhere", statement("Allow", "iam:PassRole", arn, Condition=to("lambda"))) == "deny"
    assert propose_as("other", statement("Allow", "iam:PassRole", f"{arn}-other")) == "deny"


def test_a_role_that_does_not_trust_cloudformation_is_refused(secured: Emulator, name: str) -> None:
    arn = role(secured, f"{name}-exec", trusting({"AWS": ACCOUNT}), statement("Allow", "*"))
    with pytest.raises(ClientError, match="is invalid or cannot be assumed"):
        propose(secured.client("cloudformation"), name, {"Resources": BUCKET}, ChangeSetType="CREATE", RoleARN=arn)


def test_without_a_role_cloudformation_acts_as_the_caller(secured: Emulator, name: str) -> None:
    def deployed_by(who: str, *may: Document) -> stacks.Outcome:
        caller = user(secured, f"{name}-{who}", statement("Allow", "cloudformation:*"), *may)
        return stacks.create(as_session(secured, "cloudformation", caller), f"{name}-{who}", BUCKET)

    assert deployed_by("may", statement("Allow", "s3:*")).status == "CREATE_COMPLETE"
    denied = deployed_by("may-not")
    assert denied.status == "ROLLBACK_COMPLETE"
    assert f"user/{name}-may-not is not authorized to perform: s3:CreateBucket" in denied.reasons[-1]


def test_a_role_that_may_not_delete_stops_the_deletion(secured: Emulator, name: str) -> None:
    deploy(secured, name, [statement("Allow", "s3:*"), statement("Deny", "s3:DeleteBucket")], BUCKET)
    outcome = stacks.delete(secured.client("cloudformation"), name)
    assert outcome.status == "DELETE_FAILED"
    assert any("not authorized to perform: s3:DeleteBucket" in reason for reason in outcome.reasons)


def test_a_replicating_bucket_needs_its_role_passed(secured: Emulator, name: str) -> None:
    replicator = role(secured, f"{name}-replicator", trusting({"Service": "s3.amazonaws.com"}))
    configuration = {"Role": replicator, "Rules": [{"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::elsewhere"}}]}
    resources = {
        "Own": stacks.resource(
            "AWS::S3::Bucket", {"ReplicationConfiguration": configuration, "VersioningConfiguration": {"Status": "Enabled"}}
        )
    }
    outcome = deploy(secured, name, [statement("Allow", "s3:*")], resources)
    assert f"not authorized to perform: iam:PassRole on resource: {replicator}" in outcome.reasons[-1]


def test_every_accepted_type_says_what_it_needs() -> None:
    assert set(NEEDS) == set(ACCEPTED)


BASE = Base(
    key="key",
    other_key="other-key",
    log_bucket="logs",
    replica_bucket="replica",
    policy="policy",
    other_policy="other-policy",
    role="role",
    other_role="other-role",
    account=ACCOUNT,
    policy_buckets={},
)


@pytest.mark.parametrize("resource_type", [kind for kind in CASES if kind != "AWS::S3::BucketPolicy"])
def test_every_change_of_a_resource_needs_a_right(resource_type: str) -> None:
    """Else it would be made without one: a creation, a deletion, and a change of any property."""

    def needed(old: Properties, new: Properties) -> list[str]:
        return [need.action for need in NEEDS[resource_type](Act("stack", "Own", "own" if old else None, old, new))]

    whole: Properties = json.loads(json.dumps(CASES[resource_type][0].sets(BASE, "own")[0]))
    assert needed({}, whole)
    assert needed(whole, {})
    unneeded = {
        name for name in whole if not needed(whole, {**whole, name: "changed"} if isinstance(whole[name], str) else without(whole, name))
    }
    assert unneeded <= NO_RIGHT_OF_ITS_OWN.get(resource_type, set())


def without(properties: Properties, name: str) -> Properties:
    return {key: value for key, value in properties.items() if key != name}


NO_RIGHT_OF_ITS_OWN: dict[str, set[str]] = {
    "AWS::ECR::Repository": {"EmptyOnDelete", "EncryptionConfiguration"},  # read at the deletion; replaces it
    "AWS::IAM::ManagedPolicy": {"Description", "ManagedPolicyName", "Path"},  # replace it
    "AWS::IAM::Policy": set(),
}
