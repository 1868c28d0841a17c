"""The server is a backend for Terraform: state, the lock by an item and by a file, and what stays of a lock that was released."""

import json
import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests import stacks
from tests.emulator import ACCOUNT, REGION, Emulator

TERRAFORM = shutil.which("terraform") or shutil.which("tofu")
KEY = "dataworks-infra"
CONTENDERS = 16

needs_terraform = pytest.mark.skipif(TERRAFORM is None, reason="neither terraform nor tofu is on PATH")


@pytest.fixture
def backend(emulator: Emulator, name: str) -> str:
    """Make a versioned bucket and a table, of the same name."""
    outcome = stacks.create(
        emulator.client("cloudformation"),
        name,
        {
            "Bucket": stacks.resource("AWS::S3::Bucket", {"BucketName": name, "VersioningConfiguration": {"Status": "Enabled"}}),
            "Table": stacks.resource(
                "AWS::DynamoDB::Table",
                {
                    "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
                    "BillingMode": "PAY_PER_REQUEST",
                    "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
                    "TableName": name,
                },
            ),
        },
    )
    assert outcome.status == "CREATE_COMPLETE", outcome.reasons
    return name


@dataclass(frozen=True)
class Workspace:
    """A folder with a configuration that keeps its state in the backend."""

    emulator: Emulator
    folder: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run Terraform there, against the server."""
        assert TERRAFORM
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TF_"))}
        return subprocess.run(
            [TERRAFORM, *arguments],
            cwd=self.folder,
            env={
                **clean,
                "AWS_ACCESS_KEY_ID": ACCOUNT,
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_EC2_METADATA_DISABLED": "true",
                "AWS_ENDPOINT_URL": self.emulator.url,
                "AWS_REGION": REGION,
                "AWS_SECRET_ACCESS_KEY": "unchecked",
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "CHECKPOINT_DISABLE": "1",
                "NO_PROXY": "localhost,127.0.0.1",
                "TF_IN_AUTOMATION": "1",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def apply(self) -> subprocess.CompletedProcess[str]:
        """Apply without a question, and without waiting for a lock."""
        return self.run("apply", "-auto-approve", "-input=false", "-no-color", "-lock-timeout=0s")


def workspace(emulator: Emulator, folder: Path, backend: str, locks: set[str]) -> Workspace:
    """Initialise a folder whose backend locks by an ``item``, by a ``file``, or by both."""
    table = f'dynamodb_table = "{backend}"' if "item" in locks else ""
    (folder / "main.tf").write_text(f"""
terraform {{
  backend "s3" {{
    bucket         = "{backend}"
    key            = "{KEY}"
    region         = "{REGION}"
    encrypt        = true
    use_path_style = true
    use_lockfile   = {str("file" in locks).lower()}
    {table}
  }}
}}
resource "terraform_data" "it" {{ input = "kept" }}
output "value" {{ value = terraform_data.it.output }}
""")
    made = Workspace(emulator, folder)
    initialised = made.run("init", "-input=false", "-no-color")
    assert initialised.returncode == 0, initialised.stderr
    return made


@needs_terraform
@pytest.mark.parametrize("locks", [{"item"}, {"file"}, {"item", "file"}])
def test_an_apply_keeps_its_state_and_leaves_no_lock(emulator: Emulator, backend: str, tmp_path: Path, locks: set[str]) -> None:
    applied = workspace(emulator, tmp_path, backend, locks).apply()
    assert applied.returncode == 0, applied.stderr
    s3, dynamodb = emulator.client("s3"), emulator.client("dynamodb")
    state = s3.get_object(Bucket=backend, Key=KEY)
    assert json.loads(state["Body"].read())["outputs"]["value"]["value"] == "kept"
    assert state["ServerSideEncryption"] == "AES256"
    versions = s3.list_object_versions(Bucket=backend, Prefix=f"{KEY}.tflock")
    files = [version["Key"] for version in versions.get("Versions", [])]
    markers = [(marker["Key"], marker["IsLatest"]) for marker in versions.get("DeleteMarkers", [])]
    assert (files, markers) == (([f"{KEY}.tflock"], [(f"{KEY}.tflock", True)]) if "file" in locks else ([], []))
    items = [found["LockID"]["S"] for found in dynamodb.scan(TableName=backend)["Items"]]
    assert items == ([f"{backend}/{KEY}-md5"] if "item" in locks else [])


HOLDER = {
    "ID": "11111111-2222-3333-4444-555555555555",
    "Operation": "apply",
    "Info": "dataworks",
    "Who": "pipeline@main",
    "Version": "1.11.4",
    "Created": "2026-11-24T10:00:00Z",
    "Path": "",
}


@needs_terraform
@pytest.mark.parametrize("lock", ["item", "file"])
def test_a_lock_that_someone_holds_blocks_terraform_which_says_who(emulator: Emulator, backend: str, tmp_path: Path, lock: str) -> None:
    made = workspace(emulator, tmp_path, backend, {lock})
    if lock == "item":
        held = {"LockID": {"S": f"{backend}/{KEY}"}, "Info": {"S": json.dumps(HOLDER)}, "heartbeat": {"S": "ours"}}
        emulator.client("dynamodb").put_item(TableName=backend, Item=held)
    else:
        emulator.client("s3").put_object(Bucket=backend, Key=f"{KEY}.tflock", Body=json.dumps(HOLDER).encode(), IfNoneMatch="*")
    blocked = made.apply()
    assert blocked.returncode == 1
    assert "Error acquiring the state lock" in blocked.stderr
    assert HOLDER["ID"] in blocked.stderr
    assert HOLDER["Who"] in blocked.stderr
    assert "Contents" not in emulator.client("s3").list_objects_v2(Bucket=backend, Prefix=f"{KEY}", Delimiter=".tflock")
    unlocked = made.run("force-unlock", "-force", "-no-color", HOLDER["ID"])
    assert unlocked.returncode == 0, unlocked.stderr
    assert made.apply().returncode == 0


def contend(take: Any) -> list[str]:
    """Let many take the same thing at once; give what each was answered."""

    def attempt(number: int) -> str:
        try:
            take(number)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "taken"

    with ThreadPoolExecutor(CONTENDERS) as pool:
        return sorted(pool.map(attempt, range(CONTENDERS)))


def test_of_many_who_take_a_lock_one_wins(emulator: Emulator, backend: str) -> None:
    s3, dynamodb = emulator.client("s3"), emulator.client("dynamodb")
    at = {"Bucket": backend, "Key": f"{KEY}.tflock"}
    files = contend(lambda number: s3.put_object(**at, Body=str(number).encode(), IfNoneMatch="*"))
    items = contend(
        lambda number: dynamodb.put_item(
            TableName=backend,
            Item={"LockID": {"S": KEY}, "Holder": {"N": str(number)}},
            ConditionExpression="attribute_not_exists(LockID)",
        )
    )
    assert files == ["PreconditionFailed"] * (CONTENDERS - 1) + ["taken"]
    assert items == ["ConditionalCheckFailedException"] * (CONTENDERS - 1) + ["taken"]
    # A lock that was released can be taken again, and its versions tell of both.
    s3.delete_object(**at)
    s3.put_object(**at, Body=b"again", IfNoneMatch="*")
    versions = s3.list_object_versions(Bucket=backend, Prefix=at["Key"])
    assert (len(versions["Versions"]), len(versions["DeleteMarkers"])) == (2, 1)


def test_a_lock_is_released_by_its_holder_alone(emulator: Emulator, backend: str) -> None:
    s3 = emulator.client("s3")
    at = {"Bucket": backend, "Key": f"{KEY}.tflock"}
    etag = s3.put_object(**at, Body=b"mine")["ETag"]
    with pytest.raises(ClientError, match="PreconditionFailed"):
        s3.delete_object(**at, IfMatch='"00000000000000000000000000000000"')
    s3.delete_object(**at, IfMatch=etag)
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(**at)


def test_what_was_written_is_read(emulator: Emulator, backend: str) -> None:
    s3, dynamodb = emulator.client("s3"), emulator.client("dynamodb")
    for number in range(20):
        s3.put_object(Bucket=backend, Key=KEY, Body=str(number).encode())
        assert s3.get_object(Bucket=backend, Key=KEY)["Body"].read() == str(number).encode()
        dynamodb.put_item(TableName=backend, Item={"LockID": {"S": KEY}, "N": {"N": str(number)}})
        found = dynamodb.get_item(TableName=backend, Key={"LockID": {"S": KEY}}, ConsistentRead=True)
        assert found["Item"]["N"]["N"] == str(number)
