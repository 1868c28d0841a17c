"""Every accepted property is stored when it is created or changed, is gone when it is removed, and is read back by its service's API."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from overlay.accepted import ACCEPTED
from overlay.drift import SOURCES
from tests import stacks
from tests.artifacts import put_artifacts
from tests.cases import ARTIFACTS, CASES, Base, Family, Properties, trust
from tests.emulator import ACCOUNT, Emulator
from tests.readers import READERS

NOT_READABLE = {
    ("AWS::CDK::Metadata", "Analytics"),  # stored by no service
    ("AWS::ECR::Repository", "EmptyOnDelete"),  # shows when the repository is deleted: see test_ecr.py
    ("AWS::KMS::Key", "PendingWindowInDays"),  # shows when the key is deleted: see test_kms.py
}
NEVER_REMOVED = {
    # Required, or what the resource is.
    ("AWS::CloudFormation::Stack", "TemplateURL"),
    ("AWS::DynamoDB::Table", "AttributeDefinitions[].AttributeName"),
    ("AWS::DynamoDB::Table", "AttributeDefinitions[].AttributeType"),
    ("AWS::DynamoDB::Table", "KeySchema[].AttributeName"),
    ("AWS::DynamoDB::Table", "KeySchema[].KeyType"),
    # A table without BillingMode is provisioned, and then needs its throughput.
    ("AWS::DynamoDB::Table", "ProvisionedThroughput.ReadCapacityUnits"),
    ("AWS::DynamoDB::Table", "ProvisionedThroughput.WriteCapacityUnits"),
    ("AWS::IAM::ManagedPolicy", "PolicyDocument"),
    ("AWS::IAM::OIDCProvider", "Url"),
    ("AWS::IAM::Policy", "PolicyDocument"),
    ("AWS::IAM::Policy", "PolicyName"),
    ("AWS::IAM::Policy", "Roles[]"),
    ("AWS::IAM::Role", "AssumeRolePolicyDocument"),
    ("AWS::KMS::Alias", "AliasName"),
    ("AWS::KMS::Alias", "TargetKeyId"),
    ("AWS::Lambda::Function", "Code.S3Bucket"),
    ("AWS::Lambda::Function", "Code.S3Key"),
    ("AWS::Lambda::Function", "Handler"),
    ("AWS::Lambda::Function", "Role"),
    ("AWS::Lambda::Function", "Runtime"),
    ("AWS::S3::BucketPolicy", "Bucket"),
    ("AWS::S3::BucketPolicy", "PolicyDocument"),
    ("AWS::SSM::Parameter", "Type"),
    ("AWS::SSM::Parameter", "Value"),
    # Changing it fails the update, on AWS too.
    ("AWS::KMS::Key", "KeySpec"),
    ("AWS::KMS::Key", "KeyUsage"),
    ("AWS::KMS::Key", "MultiRegion"),
}
NEVER_CHANGED = {
    ("AWS::Lambda::Function", "Code.S3Bucket"),  # one bucket holds all code
    ("AWS::KMS::Key", "KeySpec"),
    ("AWS::KMS::Key", "KeyUsage"),
    ("AWS::KMS::Key", "MultiRegion"),
    # Their only other value is their absence.
    ("AWS::S3::Bucket", "BucketNamespace"),
    ("AWS::S3::Bucket", "ObjectLockConfiguration.ObjectLockEnabled"),
    ("AWS::S3::Bucket", "ObjectLockEnabled"),
    ("AWS::S3::Bucket", "ReplicationConfiguration.Rules[].Destination.AccessControlTranslation.Owner"),
}

GENERATED = {
    # Without it CloudFormation thinks of a name.
    ("AWS::DynamoDB::Table", "TableName"),
    ("AWS::ECR::Repository", "RepositoryName"),
    ("AWS::IAM::ManagedPolicy", "ManagedPolicyName"),
    ("AWS::IAM::Role", "RoleName"),
    ("AWS::Lambda::Function", "FunctionName"),
    ("AWS::S3::Bucket", "BucketName"),
    ("AWS::SNS::Topic", "TopicName"),
    ("AWS::SSM::Parameter", "Name"),
}

ALL = [(resource_type, path) for resource_type, paths in ACCEPTED.items() for path in paths]


@dataclass(frozen=True)
class Reading:
    """A resource at one point: what its template said before and says now, and what the service says."""

    resource_type: str
    family: int
    before: Properties
    template: Properties
    service: Properties


@dataclass(frozen=True)
class Readings:
    """All resources after each of the three deployments, and for each family a fresh resource that never had more than it has at last."""

    created: list[Reading]
    changed: list[Reading]
    removed: list[Reading]
    fresh: dict[tuple[str, int], Properties]
    drifted: list[dict[str, tuple[str, list[stacks.Difference]]]]
    """What drift detection found after each of the three, though nobody had changed anything."""


@dataclass(frozen=True)
class Subject:
    """One resource of the deployments, with the sets it goes through."""

    logical_id: str
    resource_type: str
    family: int
    steps: tuple[Properties, Properties, Properties]


def deploy_base(emulator: Emulator) -> Base:
    def policy(action: str) -> dict[str, Any]:
        statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
        return stacks.resource("AWS::IAM::ManagedPolicy", {"PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}})

    role = stacks.resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust("s3")})
    bucket = stacks.resource("AWS::S3::Bucket", {"VersioningConfiguration": {"Status": "Enabled"}})
    key = stacks.resource("AWS::KMS::Key", {})
    outcome = stacks.create(
        emulator.client("cloudformation"),
        "base",
        {
            "Key": key,
            "OtherKey": key,
            "LogBucket": bucket,
            "ReplicaBucket": bucket,
            "Artifacts": stacks.resource("AWS::S3::Bucket", {"BucketName": ARTIFACTS}),
            "Policy": policy("s3:*"),
            "OtherPolicy": policy("kms:*"),
            "Role": role,
            "OtherRole": role,
            **{f"policybucket{number}{which}": bucket for number in range(3) for which in "ab"},
        },
    )
    put_artifacts(emulator, ARTIFACTS)
    kms = emulator.client("kms")
    ids = outcome.ids
    return Base(
        key=kms.describe_key(KeyId=ids["Key"])["KeyMetadata"]["Arn"],
        other_key=kms.describe_key(KeyId=ids["OtherKey"])["KeyMetadata"]["Arn"],
        log_bucket=ids["LogBucket"],
        replica_bucket=ids["ReplicaBucket"],
        policy=ids["Policy"],
        other_policy=ids["OtherPolicy"],
        role=ids["Role"],
        other_role=ids["OtherRole"],
        account=ACCOUNT,
        policy_buckets={f"owns3bucketpolicy0{number}{which}": ids[f"policybucket{number}{which}"] for number in range(3) for which in "ab"},
    )


def subjects(base: Base) -> Iterator[Subject]:
    """Give as many resources of a family as it has sets: each begins with another set and goes on to the next."""
    for resource_type, families in CASES.items():
        for number, family in enumerate(families):
            for first in range(len(family.sets(base, ""))):
                logical_id = f"{resource_type.replace('::', '').removeprefix('AWS')}{number}{first}"
                yield Subject(logical_id, resource_type, number, _steps(family, base, f"own{logical_id.lower()}", first))


def _steps(family: Family, base: Base, own_name: str, first: int) -> tuple[Properties, Properties, Properties]:
    sets = family.sets(base, own_name)
    second = (first + 1) % len(sets)
    return sets[first], sets[second], family.bare(own_name) if family.bare else sets[second]


@pytest.fixture(scope="module")
def readings(emulator: Emulator) -> Readings:
    base = deploy_base(emulator)
    cloudformation = emulator.client("cloudformation")
    everything = list(subjects(base))
    after: list[list[Reading]] = []
    drifted = []
    for step, deploy in enumerate((stacks.create, stacks.update, stacks.update)):
        outcome = deploy(cloudformation, "everything", {s.logical_id: stacks.resource(s.resource_type, s.steps[step]) for s in everything})
        assert outcome.status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"), outcome.reasons
        after.append(
            [
                Reading(
                    s.resource_type,
                    s.family,
                    s.steps[step - 1] if step else {},
                    s.steps[step],
                    READERS[s.resource_type](emulator, outcome.ids[s.logical_id]),
                )
                for s in everything
            ]
        )
        _, drifts = stacks.drift(cloudformation, "everything")
        assert set(drifts) == {s.logical_id for s in everything if s.resource_type in SOURCES}
        drifted.append({logical_id: found for logical_id, found in drifts.items() if found[0] != "IN_SYNC"})
    bare = {
        (kind, number): family.bare(f"fresh{number}")
        for kind, families in CASES.items()
        for number, family in enumerate(families)
        if family.bare
    }
    logical_ids = {key: f"{key[0].replace('::', '')}{key[1]}" for key in bare}
    outcome = stacks.create(cloudformation, "fresh", {logical_ids[key]: stacks.resource(key[0], bare[key]) for key in bare})
    assert outcome.status == "CREATE_COMPLETE", outcome.reasons
    fresh = {key: READERS[key[0]](emulator, outcome.ids[logical_ids[key]]) for key in bare}
    return Readings(after[0], after[1], after[2], fresh, drifted)


def values(properties: Any, path: str) -> list[str]:
    """Give the values that stand at an accepted path, as JSON, sorted."""
    found = [properties]
    for step in path.replace("[]", ".[]").split("."):
        if step == "[]":
            found = [item for value in found for item in value]
        elif step == "*":
            found = [item for value in found for item in value.items()]
        else:
            found = [value[step] for value in found if step in value]
    return sorted(json.dumps(value, sort_keys=True) for value in found)


def unordered(value: Any) -> Any:
    """Give a value whose lists are sorted: none of those that are compared has an order that means anything."""
    if isinstance(value, dict):
        return {key: unordered(item) for key, item in value.items()}
    return (
        sorted((unordered(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True)) if isinstance(value, list) else value
    )


def setting(all_readings: list[Reading], resource_type: str, path: str) -> list[Reading]:
    """Give the readings whose template sets a path."""
    return [reading for reading in all_readings if reading.resource_type == resource_type and values(reading.template, path)]


@pytest.mark.parametrize(("resource_type", "path"), [case for case in ALL if case not in NOT_READABLE])
def test_is_read_back_when_created(readings: Readings, resource_type: str, path: str) -> None:
    proofs = setting(readings.created, resource_type, path)
    assert proofs, "no case sets it"
    for proof in proofs:
        assert values(proof.service, path) == values(proof.template, path)


@pytest.mark.parametrize(("resource_type", "path"), [case for case in ALL if case not in NOT_READABLE | NEVER_CHANGED])
def test_is_read_back_when_changed(readings: Readings, resource_type: str, path: str) -> None:
    proofs = [
        proof for proof in setting(readings.changed, resource_type, path) if values(proof.before, path) != values(proof.template, path)
    ]
    assert proofs, "no case changes it"
    for proof in proofs:
        assert values(proof.service, path) == values(proof.template, path)


@pytest.mark.parametrize(("resource_type", "path"), [case for case in ALL if case not in NOT_READABLE | NEVER_REMOVED])
def test_returns_to_the_default_when_removed(readings: Readings, resource_type: str, path: str) -> None:
    proofs = [
        proof
        for proof in readings.removed
        if proof.resource_type == resource_type and values(proof.before, path) and not values(proof.template, path)
    ]
    assert proofs, "no case removes it"
    for proof in proofs:
        service, before = values(proof.service, path), values(proof.before, path)
        if (resource_type, path) in GENERATED:
            assert service != before
        elif (resource_type, path) == ("AWS::S3::Bucket", "VersioningConfiguration.Status"):
            assert service == ['"Suspended"']  # a bucket that was versioned never returns to unversioned
        else:
            assert service == values(readings.fresh[resource_type, proof.family], path)


@pytest.mark.parametrize("resource_type", CASES)
def test_a_property_is_read_back_as_a_whole(readings: Readings, resource_type: str) -> None:
    for reading in (*readings.created, *readings.changed, *readings.removed):
        if reading.resource_type == resource_type:
            template = {name: value for name, value in reading.template.items() if (resource_type, name) not in NOT_READABLE}
            service = {name: reading.service.get(name) for name in template}
            assert unordered(service) == unordered(template)


def test_none_of_it_is_drift(readings: Readings) -> None:
    assert readings.drifted == [{}, {}, {}]


def test_no_exception_outlives_its_property() -> None:
    assert set(ALL) >= NOT_READABLE | NEVER_REMOVED | NEVER_CHANGED | GENERATED
