"""A policy that is too long fails its deployment; white space does not count."""

from typing import Any

import pytest

from overlay.quotas import INLINE, MANAGED, TRUST, size
from tests import stacks
from tests.cases import Properties, document, trust
from tests.emulator import Emulator


def sized(length: int, **more: Any) -> dict[str, Any]:
    """Write a policy of exactly this many characters."""
    bare = document("s3:GetObject", Sid="", **more)
    bare["Statement"][0]["Sid"] = "x" * (length - size(bare))
    return bare


ALL = {"Resource": "*"}
BY_EC2 = {"Principal": {"Service": "ec2.amazonaws.com"}}


def policies(length: int) -> list[dict[str, Any]]:
    return [{"PolicyName": name, "PolicyDocument": sized(length // 2, **ALL)} for name in "ab"]


@pytest.mark.parametrize(
    "case",
    [
        (
            "AWS::IAM::ManagedPolicy",
            {"PolicyDocument": sized(MANAGED, **ALL)},
            {"PolicyDocument": sized(MANAGED + 1, **ALL)},
            "Cannot exceed quota for PolicySize: 6144",
        ),
        (
            "AWS::IAM::Role",
            {"AssumeRolePolicyDocument": sized(TRUST, **BY_EC2)},
            {"AssumeRolePolicyDocument": sized(TRUST + 1, **BY_EC2)},
            "Cannot exceed quota for ACLSizePerRole: 2048",
        ),
        (
            "AWS::IAM::Role",
            {"AssumeRolePolicyDocument": trust("ec2"), "Policies": policies(INLINE)},
            {"AssumeRolePolicyDocument": trust("ec2"), "Policies": policies(INLINE + 2)},
            "Maximum policy size of 10240 bytes exceeded",
        ),
    ],
)
def test_a_policy_that_is_too_long_is_refused(emulator: Emulator, name: str, case: tuple[str, Properties, Properties, str]) -> None:
    resource_type, fits, exceeds, reason = case
    cloudformation = emulator.client("cloudformation")
    assert stacks.create(cloudformation, name, {"It": stacks.resource(resource_type, fits)}).status == "CREATE_COMPLETE"
    updated = stacks.update(cloudformation, name, {"It": stacks.resource(resource_type, exceeds)})
    assert updated.status == "UPDATE_ROLLBACK_COMPLETE"
    assert any(reason in found for found in updated.reasons)
    created = stacks.create(cloudformation, f"{name}-new", {"It": stacks.resource(resource_type, exceeds)})
    assert created.status == "ROLLBACK_COMPLETE"
    assert reason in created.reasons[-1]
