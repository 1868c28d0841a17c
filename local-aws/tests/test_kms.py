"""What a key does beyond keeping its properties."""

from datetime import datetime, timedelta, timezone

import pytest

from tests import stacks
from tests.emulator import Emulator


@pytest.mark.parametrize("days", [7, 21])
def test_a_removed_key_waits_as_long_as_the_template_says(emulator: Emulator, name: str, days: int) -> None:
    cloudformation = emulator.client("cloudformation")
    key = stacks.create(cloudformation, name, {"Key": stacks.resource("AWS::KMS::Key", {"PendingWindowInDays": days})}).ids["Key"]
    stacks.delete(cloudformation, name)
    found = emulator.client("kms").describe_key(KeyId=key)["KeyMetadata"]
    assert found["KeyState"] == "PendingDeletion"
    assert abs(found["DeletionDate"] - datetime.now(timezone.utc) - timedelta(days=days)) < timedelta(hours=1)


def test_what_a_key_is_cannot_be_changed(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    stacks.create(cloudformation, name, {"Key": stacks.resource("AWS::KMS::Key", {})})
    outcome = stacks.update(cloudformation, name, {"Key": stacks.resource("AWS::KMS::Key", {"MultiRegion": True})})
    assert outcome.status == "UPDATE_ROLLBACK_COMPLETE"
    assert any("MultiRegion cannot be changed" in reason for reason in outcome.reasons)
