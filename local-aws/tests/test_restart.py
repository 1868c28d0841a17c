"""What was deployed is there after a restart, with everything that the overlay stores besides ministack."""

from pathlib import Path

from tests import stacks
from tests.cases import CASES
from tests.emulator import Emulator, running
from tests.readers import READERS
from tests.test_accepted import deploy_base, subjects


def test_everything_is_there_after_a_restart(tmp_path: Path) -> None:
    with running(tmp_path) as emulator:
        everything = list(subjects(deploy_base(emulator)))
        resources = {subject.logical_id: stacks.resource(subject.resource_type, subject.steps[0]) for subject in everything}
        outcome = stacks.create(emulator.client("cloudformation"), "everything", resources)
        assert outcome.status == "CREATE_COMPLETE", outcome.reasons
        at = {"Bucket": outcome.ids["S3Bucket00"], "Key": "a"}
        emulator.client("s3").put_object(**at, Body=b"content")
        head = head_of(emulator, at)

        def read() -> dict[str, object]:
            return {s.logical_id: READERS[s.resource_type](emulator, outcome.ids[s.logical_id]) for s in everything}

        before = read()
        assert {subject.resource_type for subject in everything} == set(CASES)
        emulator.stop()
        emulator.start()
        assert read() == before
        assert head_of(emulator, at) == head
        assert emulator.client("s3").get_object(**at)["Body"].read() == b"content"
        changed = {subject.logical_id: stacks.resource(subject.resource_type, subject.steps[1]) for subject in everything}
        assert stacks.update(emulator.client("cloudformation"), "everything", changed).status == "UPDATE_COMPLETE"


def head_of(emulator: Emulator, at: dict[str, str]) -> tuple[object, object, object]:
    head = emulator.client("s3").head_object(**at)
    return head["ServerSideEncryption"], head["SSEKMSKeyId"], head["BucketKeyEnabled"]
