"""Authorization mode: what a policy's elements and condition keys decide, each as a row that is allowed and one that is denied."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.authorized import Document, answer, as_session, policy, role, session, statement, trusting, user
from tests.emulator import ACCOUNT, REGION, Emulator

OTHER_ACCOUNT = "222222222222"
LOCATION = {"LocationConstraint": REGION}


@dataclass(frozen=True)
class World:
    """What the rows act on, made once."""

    emulator: Emulator
    bucket: str = "conditions-bucket"
    table: str = "conditions-table"
    foreign_bucket: str = "conditions-foreign"
    boundary: str = f"arn:aws:iam::{ACCOUNT}:policy/conditions-boundary"
    other: str = f"arn:aws:iam::{ACCOUNT}:policy/conditions-other"


@pytest.fixture(scope="module")
def world(secured: Emulator) -> World:
    made = World(secured)
    s3, iam = secured.client("s3"), secured.client("iam")
    s3.create_bucket(Bucket=made.bucket, CreateBucketConfiguration=LOCATION)
    for key in ("a/1", "b/1", "team/app.tflock"):
        s3.put_object(Bucket=made.bucket, Key=key, Body=b"x")
    stranger = secured.client("s3", OTHER_ACCOUNT)
    stranger.create_bucket(Bucket=made.foreign_bucket, CreateBucketConfiguration=LOCATION)
    stranger.put_object(Bucket=made.foreign_bucket, Key="a", Body=b"x")
    stranger.delete_public_access_block(Bucket=made.foreign_bucket)
    opened = {
        "Effect": "Allow",
        "Principal": {"AWS": ACCOUNT},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{made.foreign_bucket}/*",
    }
    stranger.put_bucket_policy(Bucket=made.foreign_bucket, Policy=policy([opened]))
    secured.client("dynamodb").create_table(
        TableName=made.table,
        AttributeDefinitions=[{"AttributeName": "LockID", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "LockID", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    for arn in (made.boundary, made.other):
        iam.create_policy(PolicyName=arn.rpartition("/")[2], PolicyDocument=policy([statement("Allow", "*")]))
    bounded = trusting({"Service": "ec2.amazonaws.com"})
    kind = [{"Key": "kind", "Value": "tagged"}]
    iam.create_role(RoleName="conditions-bounded", AssumeRolePolicyDocument=bounded, PermissionsBoundary=made.boundary, Tags=kind)
    iam.create_role(RoleName="conditions-unbounded", AssumeRolePolicyDocument=bounded)
    for deployer in ("conditions-deployer", "conditions-deployer-other"):
        iam.create_role(RoleName=deployer, AssumeRolePolicyDocument=trusting({"Service": "cloudformation.amazonaws.com"}))
    return made


Call = Callable[[World, Callable[[str], Any], str], object]
"""Gets the world, a client of the judged identity by service, and a name that nobody uses."""


@dataclass(frozen=True)
class Row:
    """A policy and what it allows and denies."""

    statements: list[Document]
    allowed: list[Call] = field(default_factory=list)
    denied: list[Call] = field(default_factory=list)


def get(key: str, bucket: str | None = None) -> Call:
    return lambda world, client, _: client("s3").get_object(Bucket=bucket or world.bucket, Key=key)


def put(key: str, **request: Any) -> Call:
    return lambda world, client, name: client("s3").put_object(Bucket=world.bucket, Key=key.replace("NEW", name), Body=b"x", **request)


def listed(**request: Any) -> Call:
    return lambda world, client, _: client("s3").list_objects_v2(Bucket=world.bucket, **request)


def item(operation: str, **request: Any) -> Call:
    return lambda world, client, _: getattr(client("dynamodb"), operation)(
        **({} if "RequestItems" in request or "TransactItems" in request else {"TableName": world.table}), **request
    )


def in_table(request: Callable[[str], Any], operation: str, name: str) -> Call:
    return lambda world, client, _: getattr(client("dynamodb"), operation)(**{name: request(world.table)})


def made_role(**request: Any) -> Call:
    return lambda world, client, name: client("iam").create_role(
        RoleName=name, AssumeRolePolicyDocument=trusting({"Service": "ec2.amazonaws.com"}), **{k: v(world) for k, v in request.items()}
    )


def on_role(operation: str, role_name: str, **request: Any) -> Call:
    return lambda world, client, _: getattr(client("iam"), operation)(
        RoleName=role_name, **{key: value(world) if callable(value) else value for key, value in request.items()}
    )


def change_set(**request: Any) -> Call:
    template = '{"Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "x"}}}}'
    return lambda _world, client, name: client("cloudformation").create_change_set(
        StackName=name, ChangeSetName="x", ChangeSetType="CREATE", TemplateBody=template, **request
    )


def batch(*objects: Any) -> Call:
    return lambda world, client, _: client("s3").delete_objects(Bucket=world.bucket, Delete={"Objects": list(objects)})


def parameters(*names: str) -> Call:
    return lambda _world, client, _name: client("ssm").get_parameters(Names=list(names))


def parameters_by(path: str) -> Call:
    return lambda _world, client, _name: client("ssm").get_parameters_by_path(Path=path)


def lock(key: str) -> dict[str, dict[str, str]]:
    return {"LockID": {"S": key}}


DEPLOYER = f"arn:aws:iam::{ACCOUNT}:role/conditions-deployer"
OBJECTS = "arn:aws:s3:::conditions-bucket/*"
BUCKET = "arn:aws:s3:::conditions-bucket"
TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/conditions-table"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/conditions-boundary"
ONE_LOCK = {"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["mine"]}, "Null": {"dynamodb:LeadingKeys": "false"}}
TRUST = trusting({"Service": "ec2.amazonaws.com"})
DOCUMENT = policy([statement("Allow", "s3:GetObject")])

ROWS: dict[str, Row] = {
    "nothing": Row([], denied=[get("a/1")]),
    "an allowance": Row([statement("Allow", "s3:GetObject", OBJECTS)], [get("a/1")], [put("a/NEW")]),
    "a wildcard in an action": Row([statement("Allow", "s3:Get*", OBJECTS)], [get("a/1")], [put("a/NEW")]),
    "a resource": Row([statement("Allow", "s3:GetObject", f"{BUCKET}/a/*")], [get("a/1")], [get("b/1")]),
    "an explicit denial": Row([statement("Allow", "s3:*"), statement("Deny", "s3:GetObject", f"{BUCKET}/b/*")], [get("a/1")], [get("b/1")]),
    "NotAction of an allowance": Row([{"Effect": "Allow", "NotAction": "s3:PutObject", "Resource": "*"}], [get("a/1")], [put("a/NEW")]),
    "NotAction of a denial": Row(
        [statement("Allow", "s3:*"), {"Effect": "Deny", "NotAction": "s3:GetObject", "Resource": "*"}], [get("a/1")], [put("a/NEW")]
    ),
    "NotResource of a denial": Row(
        [statement("Allow", "s3:*"), {"Effect": "Deny", "Action": "s3:*", "NotResource": f"{BUCKET}/a/*"}], [get("a/1")], [get("b/1")]
    ),
    "aws:RequestedRegion": Row(
        [statement("Allow", "dynamodb:*", Condition={"StringEquals": {"aws:RequestedRegion": REGION}})],
        [item("describe_table")],
        [lambda _world, client, _name: client("dynamodb:us-west-2").list_tables()],
    ),
    "aws:ResourceAccount": Row(
        [statement("Allow", "s3:GetObject", Condition={"StringEquals": {"aws:ResourceAccount": ACCOUNT}})],
        [get("a/1")],
        [get("a", "conditions-foreign")],
    ),
    "aws:PrincipalArn": Row(
        [statement("Allow", "s3:GetObject", Condition={"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}})],
        [get("a/1")],
    ),
    "aws:PrincipalArn of another": Row(
        [statement("Allow", "s3:GetObject", Condition={"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/*"}})],
        denied=[get("a/1")],
    ),
    "aws:PrincipalAccount": Row(
        [statement("Allow", "s3:GetObject", Condition={"StringNotEquals": {"aws:PrincipalAccount": ACCOUNT}})], denied=[get("a/1")]
    ),
    "aws:PrincipalIsAWSService and aws:ViaAWSService": Row(
        [
            statement("Allow", "s3:GetObject"),
            statement("Deny", "s3:GetObject", f"{BUCKET}/b/*", Condition={"Bool": {"aws:PrincipalIsAWSService": "false"}}),
            statement("Deny", "s3:GetObject", f"{BUCKET}/team/*", Condition={"Bool": {"aws:ViaAWSService": "false"}}),
        ],
        [get("a/1")],
        [get("b/1"), get("team/app.tflock")],
    ),
    "aws:ResourceTag": Row(
        [statement("Allow", "iam:GetRole", Condition={"StringEquals": {"aws:ResourceTag/kind": "tagged"}})],
        [on_role("get_role", "conditions-bounded")],
        [on_role("get_role", "conditions-unbounded")],
    ),
    "iam:ResourceTag": Row(
        [statement("Allow", "iam:GetRole", Condition={"StringEquals": {"iam:ResourceTag/kind": "tagged"}})],
        [on_role("get_role", "conditions-bounded")],
        [on_role("get_role", "conditions-unbounded")],
    ),
    "aws:SecureTransport": Row(
        [statement("Allow", "s3:GetObject", Condition={"Bool": {"aws:SecureTransport": "false"}})], denied=[get("a/1")]
    ),
    "s3:prefix": Row(
        [statement("Allow", "s3:ListBucket", BUCKET, Condition={"StringLike": {"s3:prefix": ["a/*"]}})],
        [listed(Prefix="a/"), listed(Prefix="a/deeper")],
        [listed(), listed(Prefix="b/"), listed(Prefix="")],
    ),
    "s3:if-none-match": Row(
        [statement("Allow", "s3:PutObject", OBJECTS, Condition={"Null": {"s3:if-none-match": "false"}})],
        [put("a/NEW", IfNoneMatch="*")],
        [put("a/NEW")],
    ),
    "s3:if-match": Row(
        [statement("Allow", "s3:PutObject", OBJECTS), statement("Deny", "s3:PutObject", Condition={"Null": {"s3:if-match": "true"}})],
        denied=[put("a/NEW"), put("a/NEW", IfNoneMatch="*")],
    ),
    "a version is another action": Row(
        [statement("Allow", "s3:GetObject", OBJECTS)],
        [get("a/1")],
        [lambda world, client, _: client("s3").get_object(Bucket=world.bucket, Key="a/1", VersionId="null")],
    ),
    "a version that a batch deletes": Row(
        [statement("Allow", "s3:DeleteObject", OBJECTS)],
        [batch({"Key": "none"}, {"Key": "nothing"})],
        [batch({"Key": "none", "VersionId": "null"}), batch({"Key": "none"}, {"Key": "nothing", "VersionId": "null"})],
    ),
    "parameters by their names": Row(
        [statement("Allow", ["ssm:GetParameters", "ssm:GetParametersByPath"], f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/mine/*")],
        [parameters("/mine/a"), parameters("/mine/a", "/mine/b"), parameters_by("/mine/deeper")],
        [parameters("/yours/a"), parameters("/mine/a", "/yours/a"), parameters_by("/yours"), parameters_by("/")],
    ),
    "dynamodb:LeadingKeys": Row(
        [statement("Allow", "dynamodb:*", TABLE, Condition=ONE_LOCK)],
        [
            item("put_item", Item=lock("mine")),
            item("get_item", Key=lock("mine")),
            item("delete_item", Key=lock("mine")),
            item("query", KeyConditionExpression="LockID = :id", ExpressionAttributeValues={":id": {"S": "mine"}}),
            item(
                "query",
                KeyConditionExpression="#id = :id",
                ExpressionAttributeNames={"#id": "LockID"},
                ExpressionAttributeValues={":id": {"S": "mine"}},
            ),
            in_table(lambda table: {table: {"Keys": [lock("mine")]}}, "batch_get_item", "RequestItems"),
            in_table(lambda table: {table: [{"PutRequest": {"Item": lock("mine")}}]}, "batch_write_item", "RequestItems"),
            in_table(lambda table: [{"Put": {"TableName": table, "Item": lock("mine")}}], "transact_write_items", "TransactItems"),
        ],
        [
            item("put_item", Item=lock("yours")),
            item("get_item", Key=lock("yours")),
            item("update_item", Key=lock("yours"), UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": {"S": "x"}}),
            item("delete_item", Key=lock("yours")),
            item("query", KeyConditionExpression="LockID = :id", ExpressionAttributeValues={":id": {"S": "yours"}}),
            item("scan"),
            in_table(lambda table: {table: {"Keys": [lock("mine"), lock("yours")]}}, "batch_get_item", "RequestItems"),
            in_table(lambda table: {table: [{"DeleteRequest": {"Key": lock("yours")}}]}, "batch_write_item", "RequestItems"),
            in_table(lambda table: [{"Put": {"TableName": table, "Item": lock("yours")}}], "transact_write_items", "TransactItems"),
        ],
    ),
    "iam:PermissionsBoundary of a new role": Row(
        [statement("Allow", "iam:CreateRole", Condition={"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}})],
        [made_role(PermissionsBoundary=lambda world: world.boundary)],
        [made_role(), made_role(PermissionsBoundary=lambda world: world.other)],
    ),
    "iam:PermissionsBoundary of a role that exists": Row(
        [
            statement(
                "Allow",
                ["iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:DetachRolePolicy", "iam:UpdateAssumeRolePolicy"],
                Condition={"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}},
            )
        ],
        [
            on_role("put_role_policy", "conditions-bounded", PolicyName="p", PolicyDocument=DOCUMENT),
            on_role("attach_role_policy", "conditions-bounded", PolicyArn=lambda world: world.other),
            on_role("detach_role_policy", "conditions-bounded", PolicyArn=lambda world: world.other),
            on_role("update_assume_role_policy", "conditions-bounded", PolicyDocument=TRUST),
        ],
        [
            on_role("put_role_policy", "conditions-unbounded", PolicyName="p", PolicyDocument=DOCUMENT),
            on_role("attach_role_policy", "conditions-unbounded", PolicyArn=lambda world: world.other),
            on_role("delete_role_permissions_boundary", "conditions-bounded"),
            on_role("update_assume_role_policy", "conditions-unbounded", PolicyDocument=TRUST),
        ],
    ),
    "iam:PermissionsBoundary that is put": Row(
        [statement("Allow", "iam:PutRolePermissionsBoundary", Condition={"StringEquals": {"iam:PermissionsBoundary": BOUNDARY}})],
        [on_role("put_role_permissions_boundary", "conditions-bounded", PermissionsBoundary=lambda world: world.boundary)],
        [on_role("put_role_permissions_boundary", "conditions-bounded", PermissionsBoundary=lambda world: world.other)],
    ),
    "iam:PolicyARN": Row(
        [statement("Allow", ["iam:AttachRolePolicy", "iam:DetachRolePolicy"], Condition={"ArnEquals": {"iam:PolicyARN": BOUNDARY}})],
        [
            on_role("attach_role_policy", "conditions-unbounded", PolicyArn=lambda world: world.boundary),
            on_role("detach_role_policy", "conditions-unbounded", PolicyArn=lambda world: world.boundary),
        ],
        [on_role("attach_role_policy", "conditions-unbounded", PolicyArn=lambda world: world.other)],
    ),
    "cloudformation:RoleArn": Row(
        [
            statement("Allow", "cloudformation:CreateChangeSet", Condition={"ArnEquals": {"cloudformation:RoleArn": DEPLOYER}}),
            statement("Allow", "iam:PassRole"),
        ],
        [change_set(RoleARN=DEPLOYER)],
        [change_set(), change_set(RoleARN=f"{DEPLOYER}-other")],
    ),
    "a change of the boundary itself": Row(
        [statement("Allow", "iam:*"), statement("Deny", ["iam:CreatePolicyVersion", "iam:DeletePolicy"], BOUNDARY)],
        denied=[
            lambda world, client, _: client("iam").create_policy_version(PolicyArn=world.boundary, PolicyDocument=DOCUMENT),
            lambda world, client, _: client("iam").delete_policy(PolicyArn=world.boundary),
        ],
    ),
    "aws:RequestTag and aws:TagKeys": Row(
        [statement("Allow", ["iam:CreateRole", "iam:TagRole"], Condition={"StringEquals": {"aws:RequestTag/owner": "data"}})],
        [made_role(Tags=lambda _: [{"Key": "owner", "Value": "data"}])],
        [made_role(), made_role(Tags=lambda _: [{"Key": "owner", "Value": "other"}])],
    ),
}


@pytest.mark.parametrize("what", ROWS)
def test_a_condition_decides(world: World, name: str, what: str) -> None:
    row, secured = ROWS[what], world.emulator
    keys = session(secured, role(secured, name, trusting({"AWS": ACCOUNT}), *row.statements))

    def client(service: str) -> Any:
        named, _, region = service.partition(":")
        return as_session(secured, named, keys, region or REGION)

    def answers(calls: list[Call], suffix: str) -> list[str]:
        return [answer(partial(call, world, client, f"{name}-{suffix}{number}")) for number, call in enumerate(calls)]

    allowed, denied = answers(row.allowed, "a"), answers(row.denied, "d")
    assert (allowed, denied) == (["allow"] * len(row.allowed), ["deny"] * len(row.denied))


def test_a_managed_policy_counts_by_its_default_version(secured: Emulator, world: World, name: str) -> None:
    iam = secured.client("iam")
    arn = iam.create_policy(PolicyName=name, PolicyDocument=policy([statement("Allow", "s3:GetObject")]))["Policy"]["Arn"]
    keys = session(secured, role(secured, name, trusting({"AWS": ACCOUNT})))
    s3 = as_session(secured, "s3", keys)
    assert answer(lambda: s3.get_object(Bucket=world.bucket, Key="a/1")) == "deny"
    iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    assert answer(lambda: s3.get_object(Bucket=world.bucket, Key="a/1")) == "allow"
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy([statement("Deny", "s3:GetObject")]), SetAsDefault=True)
    assert answer(lambda: s3.get_object(Bucket=world.bucket, Key="a/1")) == "deny"
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    assert answer(lambda: s3.get_object(Bucket=world.bucket, Key="a/1")) == "allow"


@pytest.mark.parametrize(
    ("boundary", "key", "expected"),
    [
        ([statement("Allow", "s3:*")], "a/1", "allow"),
        ([statement("Allow", "dynamodb:*")], "a/1", "deny"),
        ([statement("Allow", "*"), statement("Deny", "s3:GetObject", f"{BUCKET}/b/*")], "a/1", "allow"),
        ([statement("Allow", "*"), statement("Deny", "s3:GetObject", f"{BUCKET}/b/*")], "b/1", "deny"),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], "a/1", "allow"),
    ],
)
def test_a_boundary_narrows_a_role(world: World, name: str, boundary: list[Document], key: str, expected: str) -> None:
    secured = world.emulator
    arn = secured.client("iam").create_policy(PolicyName=f"{name}-boundary", PolicyDocument=policy(boundary))["Policy"]["Arn"]
    trust = trusting({"AWS": ACCOUNT})
    s3 = as_session(secured, "s3", session(secured, role(secured, name, trust, statement("Allow", "*"), PermissionsBoundary=arn)))
    assert answer(lambda: s3.get_object(Bucket=world.bucket, Key=key)) == expected
    only_bounded = role(secured, f"{name}-only", trust, PermissionsBoundary=arn)
    s3 = as_session(secured, "s3", session(secured, only_bounded))
    assert answer(lambda: s3.get_object(Bucket=world.bucket, Key=key)) == "deny"


def test_a_bucket_policy_judges_a_role_by_its_arn(secured: Emulator, name: str) -> None:
    bucket = f"{name}-record"
    secured.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration=LOCATION)
    secured.client("s3").put_object(Bucket=bucket, Key="record", Body=b"x")
    reader, other = (
        role(secured, f"{name}-{who}", trusting({"AWS": OTHER_ACCOUNT}), statement("Allow", "s3:*"), account=OTHER_ACCOUNT)
        for who in ("reader", "other")
    )
    secured.client("s3").put_bucket_policy(
        Bucket=bucket,
        Policy=policy(
            [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{OTHER_ACCOUNT}:root"},
                    "Action": "s3:GetObject",
                    "Resource": f"arn:aws:s3:::{bucket}/record",
                    "Condition": {"ArnEquals": {"aws:PrincipalArn": reader}},
                }
            ]
        ),
    )

    def read(arn: str, key: str = "record") -> str:
        return answer(lambda: as_session(secured, "s3", session(secured, arn)).get_object(Bucket=bucket, Key=key))

    assert (read(reader), read(other), read(reader, "other")) == ("allow", "deny", "deny")


def test_only_who_may_list_a_bucket_is_told_that_an_object_is_missing(secured: Emulator, world: World, name: str) -> None:
    bucket = f"arn:aws:s3:::{world.bucket}"
    reads = statement("Allow", "s3:GetObject", f"{bucket}/*")
    listings = {
        "none": [],
        "all": [statement("Allow", "s3:ListBucket", bucket)],
        # Whoever reads a key names no prefix.
        "some": [statement("Allow", "s3:ListBucket", bucket, Condition={"StringLike": {"s3:prefix": "a/*"}})],
    }

    def told(which: str) -> str:
        s3 = as_session(secured, "s3", user(secured, f"{name}-{which}", reads, *listings[which]))
        try:
            s3.get_object(Bucket=world.bucket, Key="a/missing")
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "there"

    assert [told(which) for which in listings] == ["AccessDenied", "NoSuchKey", "AccessDenied"]


def test_who_has_no_right_may_not_even_look(secured: Emulator, name: str) -> None:
    keys = user(secured, name)
    calls: list[Callable[[], object]] = [
        lambda: as_session(secured, "cloudformation", keys).describe_stacks(),
        lambda: as_session(secured, "iam", keys).list_roles(),
        lambda: as_session(secured, "ssm", keys).get_parameter(Name="/x"),
        lambda: as_session(secured, "dynamodb", keys).list_tables(),
        lambda: as_session(secured, "ecr", keys).describe_repositories(),
        lambda: as_session(secured, "kms", keys).list_keys(),
    ]
    assert [answer(call) for call in calls] == ["deny"] * len(calls)
    assert as_session(secured, "sts", keys).get_caller_identity()["Account"] == ACCOUNT


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ({"account": "AKIA0000000000000000", "secret": "x"}, "InvalidClientTokenId"),
        ({"account": "ASIA0000000000000000", "secret": "x", "token": "x"}, "InvalidClientTokenId"),
    ],
)
def test_keys_that_do_not_exist_are_named_as_such(secured: Emulator, keys: dict[str, str], code: str) -> None:
    sts = as_session(secured, "sts", keys)
    with pytest.raises(sts.exceptions.ClientError) as refused:
        sts.get_caller_identity()
    assert refused.value.response["Error"]["Code"] == code


def test_a_wrong_secret_is_named_as_such(secured: Emulator, name: str) -> None:
    sts = as_session(secured, "sts", {**user(secured, name), "secret": "wrong"})
    with pytest.raises(sts.exceptions.ClientError, match="SignatureDoesNotMatch"):
        sts.get_caller_identity()
