"""Which actions CloudFormation takes in a resource's name, so that authorization mode can ask its role for each.

The actions that make, change and delete something, as the types' handlers on AWS need them; what they only read is left out.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services.cloudformation import provisioners

from overlay.authorization.request_keys import BOUNDARY, iam_keys
from overlay.gate import Properties

Keys = dict[str, Any]


@dataclass(frozen=True)
class Need:
    """An action on a resource, with its condition keys."""

    action: str
    arn: str
    keys: Keys = field(default_factory=dict)


@dataclass(frozen=True)
class Act:
    """What happens to a resource: its properties before and after, either empty; its id where it is there already."""

    stack_name: str
    logical_id: str
    physical_id: str | None
    old: Properties
    new: Properties

    def name(self, name_property: str, *, lowercase: bool = False) -> str:
        """Give the name that it has or will have."""
        generated: str = provisioners._physical_name(self.stack_name, self.logical_id, lowercase=lowercase, max_len=63)  # noqa: SLF001
        name: str = self.physical_id or self.new.get(name_property) or generated
        return name

    def changes(self, *names: str) -> bool:
        """Whether one of these properties is set, changed or removed."""
        return any(self.old.get(name) != self.new.get(name) for name in names)


def without_system_tags(act: Act) -> Act:
    """Leave out the tags that CloudFormation sets in its own name: nobody needs a right for them."""

    def stripped(properties: Properties) -> Properties:
        tags = properties.get("Tags")
        if isinstance(tags, dict):
            own: Any = {key: value for key, value in tags.items() if not key.startswith("aws:")}
        else:
            own = [tag for tag in tags or [] if not tag["Key"].startswith("aws:")]
        rest = {name: value for name, value in properties.items() if name != "Tags"}
        return {**rest, "Tags": own} if own else rest

    return replace(act, old=stripped(act.old), new=stripped(act.new))


Needs = Callable[[Act], Iterator[Need]]


def _arn(service: str, resource: str, *, region: bool = True) -> str:
    return f"arn:aws:{service}:{get_region() if region else ''}:{get_account_id()}:{resource}"


def _own(arn: Callable[[Act], str], create: str, delete: str, properties: dict[str, str], change: str | None = None) -> Needs:
    """Write the needs of a type that is one resource: ``change`` is what any other property's change needs."""

    def needs(act: Act) -> Iterator[Need]:
        own = arn(act)
        if not act.new:
            yield Need(delete, own)
            return
        if not act.old:
            yield Need(create, own, _tag_keys(act.new))
        for action in sorted({action for name, action in properties.items() if act.changes(name)}):
            yield Need(action, own)
        if change and act.old and act.changes(*({*act.old, *act.new} - set(properties))):
            yield Need(change, own)

    return needs


def _both(first: Needs, second: Needs) -> Needs:
    return lambda act: chain(first(act), second(act))


def _tag_keys(properties: Properties) -> Keys:
    tags = properties.get("Tags", [])
    pairs = list(tags.items()) if isinstance(tags, dict) else [(tag["Key"], tag["Value"]) for tag in tags]
    return {**{f"aws:RequestTag/{key}": value for key, value in pairs}, **({"aws:TagKeys": [key for key, _ in pairs]} if pairs else {})}


def _bucket(act: Act) -> str:
    return f"arn:aws:s3:::{act.name('BucketName', lowercase=True)}"


def _replication_role(act: Act) -> Iterator[Need]:
    role = act.new.get("ReplicationConfiguration", {}).get("Role")
    if role and act.changes("ReplicationConfiguration"):
        yield Need("iam:PassRole", role, {"iam:PassedToService": "s3.amazonaws.com"})


def _execution_role(act: Act) -> Iterator[Need]:
    if act.new and act.changes("Role"):
        yield Need("iam:PassRole", act.new["Role"], {"iam:PassedToService": "lambda.amazonaws.com"})


def _bucket_policy(act: Act) -> Iterator[Need]:
    yield Need("s3:PutBucketPolicy" if act.new else "s3:DeleteBucketPolicy", f"arn:aws:s3:::{(act.new or act.old)['Bucket']}")


def _role(act: Act) -> Iterator[Need]:
    arn = _arn("iam", f"role{(act.new or act.old).get('Path', '/')}{act.name('RoleName')}", region=False)
    bounded_by = act.old.get("PermissionsBoundary", act.new.get("PermissionsBoundary") if not act.old else None)
    under = {BOUNDARY: bounded_by} if bounded_by else {}
    new_boundary = act.new.get("PermissionsBoundary")
    if act.new and not act.old:
        yield Need("iam:CreateRole", arn, {**under, **_tag_keys(act.new)})
    if act.old and act.new:
        if act.changes("AssumeRolePolicyDocument"):
            yield Need("iam:UpdateAssumeRolePolicy", arn, under)
        if act.changes("Description", "MaxSessionDuration"):
            yield Need("iam:UpdateRole", arn)
        if act.changes("PermissionsBoundary"):
            yield (
                Need("iam:PutRolePermissionsBoundary", arn, {BOUNDARY: new_boundary})
                if new_boundary
                else Need("iam:DeleteRolePermissionsBoundary", arn, under)
            )
    before, after = _inline(act.old), _inline(act.new)
    yield from (Need("iam:PutRolePolicy", arn, under) for name, held in after.items() if before.get(name) != held)
    yield from (Need("iam:DeleteRolePolicy", arn, under) for name in before if name not in after)
    attached, attaching = set(act.old.get("ManagedPolicyArns", [])), set(act.new.get("ManagedPolicyArns", []))
    yield from (Need("iam:AttachRolePolicy", arn, {**under, "iam:PolicyARN": policy}) for policy in sorted(attaching - attached))
    yield from (Need("iam:DetachRolePolicy", arn, {**under, "iam:PolicyARN": policy}) for policy in sorted(attached - attaching))
    if act.new and act.changes("Tags"):
        yield Need("iam:TagRole", arn, _tag_keys(act.new))
    if not act.new:
        yield Need("iam:DeleteRole", arn)


def _inline(properties: Properties) -> dict[str, Any]:
    return {policy["PolicyName"]: policy["PolicyDocument"] for policy in properties.get("Policies", [])}


def _on_roles(act: Act, put: str, remove: str, policy_arn: str | None = None, *, again: bool = False) -> Iterator[Need]:
    """Need what changes the roles that a policy names; with ``again`` also for those that it named before."""
    before, after = set(act.old.get("Roles", [])), set(act.new.get("Roles", []))
    for action, roles in ((put, after if again else after - before), (remove, before - after)):
        for role in sorted(roles):
            request = {"RoleName": role, **({"PolicyArn": policy_arn} if policy_arn else {})}
            yield Need(f"iam:{action}", _arn("iam", f"role/{role}", region=False), iam_keys(action, request))


def _inline_policy(act: Act) -> Iterator[Need]:
    yield from _on_roles(act, "PutRolePolicy", "DeleteRolePolicy", again=True)


def _managed_policy(act: Act) -> Iterator[Need]:
    arn = act.physical_id or _arn("iam", f"policy{act.new.get('Path', '/')}{act.name('ManagedPolicyName')}", region=False)
    if act.new and not act.old:
        yield Need("iam:CreatePolicy", arn)
    elif act.new and act.changes("PolicyDocument"):
        yield Need("iam:CreatePolicyVersion", arn)
    yield from _on_roles(act, "AttachRolePolicy", "DetachRolePolicy", arn)
    if not act.new:
        yield Need("iam:DeletePolicy", arn)


def _alias(act: Act) -> Iterator[Need]:
    action = ("kms:UpdateAlias" if act.old else "kms:CreateAlias") if act.new else "kms:DeleteAlias"
    target = (act.new or act.old)["TargetKeyId"]
    yield Need(action, _arn("kms", (act.new or act.old)["AliasName"]))
    yield Need(action, target if target.startswith("arn:") else _arn("kms", f"key/{target}"))


NEEDS: dict[str, Needs] = {
    "AWS::CDK::Metadata": lambda _: iter(()),
    "AWS::CloudFormation::Stack": _own(
        # A nested stack has no name before it is made.
        lambda act: act.physical_id or _arn("cloudformation", f"stack/{act.stack_name}-{act.logical_id}-*"),
        "cloudformation:CreateStack",
        "cloudformation:DeleteStack",
        {"Tags": "cloudformation:TagResource"},
        "cloudformation:UpdateStack",
    ),
    "AWS::DynamoDB::Table": _own(
        lambda act: _arn("dynamodb", f"table/{act.name('TableName')}"),
        "dynamodb:CreateTable",
        "dynamodb:DeleteTable",
        {
            "PointInTimeRecoverySpecification": "dynamodb:UpdateContinuousBackups",
            "Tags": "dynamodb:TagResource",
            "TimeToLiveSpecification": "dynamodb:UpdateTimeToLive",
        },
        "dynamodb:UpdateTable",
    ),
    "AWS::ECR::Repository": _own(
        lambda act: _arn("ecr", f"repository/{act.name('RepositoryName', lowercase=True)}"),
        "ecr:CreateRepository",
        "ecr:DeleteRepository",
        {
            "ImageScanningConfiguration": "ecr:PutImageScanningConfiguration",
            "ImageTagMutability": "ecr:PutImageTagMutability",
            "LifecyclePolicy": "ecr:PutLifecyclePolicy",
            "RepositoryPolicyText": "ecr:SetRepositoryPolicy",
            "Tags": "ecr:TagResource",
        },
    ),
    "AWS::IAM::ManagedPolicy": _managed_policy,
    "AWS::IAM::OIDCProvider": _own(
        lambda act: act.physical_id or _arn("iam", f"oidc-provider/{act.new['Url'].removeprefix('https://')}", region=False),
        "iam:CreateOpenIDConnectProvider",
        "iam:DeleteOpenIDConnectProvider",
        {"Tags": "iam:TagOpenIDConnectProvider"},
        "iam:UpdateOpenIDConnectProviderThumbprint",
    ),
    "AWS::IAM::Policy": _inline_policy,
    "AWS::IAM::Role": _role,
    "AWS::KMS::Alias": _alias,
    "AWS::KMS::Key": _own(
        # A key has no ARN before it is made.
        lambda act: _arn("kms", f"key/{act.physical_id}") if act.physical_id else "*",
        "kms:CreateKey",
        "kms:ScheduleKeyDeletion",
        {"Tags": "kms:TagResource"},
        "kms:PutKeyPolicy",
    ),
    "AWS::Lambda::Function": _both(
        _execution_role,
        _own(
            lambda act: _arn("lambda", f"function:{act.name('FunctionName')}"),
            "lambda:CreateFunction",
            "lambda:DeleteFunction",
            {"Tags": "lambda:TagResource"},
            "lambda:UpdateFunctionConfiguration",
        ),
    ),
    "AWS::S3::Bucket": _both(
        _replication_role,
        _own(
            _bucket,
            "s3:CreateBucket",
            "s3:DeleteBucket",
            {
                "AccessControl": "s3:PutBucketAcl",
                "BucketEncryption": "s3:PutEncryptionConfiguration",
                "IntelligentTieringConfigurations": "s3:PutIntelligentTieringConfiguration",
                "InventoryConfigurations": "s3:PutInventoryConfiguration",
                "LifecycleConfiguration": "s3:PutLifecycleConfiguration",
                "LoggingConfiguration": "s3:PutBucketLogging",
                "NotificationConfiguration": "s3:PutBucketNotification",
                "ObjectLockConfiguration": "s3:PutBucketObjectLockConfiguration",
                "ObjectLockEnabled": "s3:PutBucketObjectLockConfiguration",
                "OwnershipControls": "s3:PutBucketOwnershipControls",
                "PublicAccessBlockConfiguration": "s3:PutBucketPublicAccessBlock",
                "ReplicationConfiguration": "s3:PutReplicationConfiguration",
                "Tags": "s3:PutBucketTagging",
                "VersioningConfiguration": "s3:PutBucketVersioning",
            },
        ),
    ),
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SNS::Topic": _own(
        lambda act: act.physical_id or _arn("sns", act.name("TopicName")),
        "sns:CreateTopic",
        "sns:DeleteTopic",
        {"Tags": "sns:TagResource"},
        "sns:SetTopicAttributes",
    ),
    "AWS::SSM::Parameter": _own(
        lambda act: _arn("ssm", f"parameter/{act.name('Name').removeprefix('/')}"),
        "ssm:PutParameter",
        "ssm:DeleteParameter",
        {"Tags": "ssm:AddTagsToResource"},
        "ssm:PutParameter",
    ),
}
"""By type; the tests hold it against the accepted types."""
