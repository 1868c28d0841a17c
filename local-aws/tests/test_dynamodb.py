"""What protects a table."""

from tests import stacks
from tests.emulator import Emulator


def test_a_protected_table_is_not_deleted(emulator: Emulator, name: str) -> None:
    cloudformation = emulator.client("cloudformation")
    table = {
        "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        "DeletionProtectionEnabled": True,
        "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
    }
    locks = stacks.create(cloudformation, name, {"Locks": stacks.resource("AWS::DynamoDB::Table", table)}).ids["Locks"]
    outcome = stacks.delete(cloudformation, name)
    assert outcome.status == "DELETE_FAILED"
    assert any("protected against deletion" in reason for reason in outcome.reasons)
    emulator.client("dynamodb").update_table(TableName=locks, DeletionProtectionEnabled=False)
    assert stacks.delete(cloudformation, name).status == "DELETE_COMPLETE"
