"""What shows when a repository is deleted."""

import json

import pytest

from tests import stacks
from tests.emulator import Emulator


@pytest.mark.parametrize(("emptied", "status"), [(True, "DELETE_COMPLETE"), (False, "DELETE_FAILED")])
def test_a_repository_with_images_is_deleted_when_it_is_to_be_emptied(
    emulator: Emulator,
    name: str,
    emptied: bool,  # noqa: FBT001 - a parameter
    status: str,
) -> None:
    cloudformation = emulator.client("cloudformation")
    stacks.create(
        cloudformation, name, {"Images": stacks.resource("AWS::ECR::Repository", {"RepositoryName": name, "EmptyOnDelete": emptied})}
    )
    emulator.client("ecr").put_image(repositoryName=name, imageManifest=json.dumps({"schemaVersion": 2}), imageTag="one")
    assert stacks.delete(cloudformation, name).status == status


def test_an_image_that_is_not_there_is_not_found(emulator: Emulator, name: str) -> None:
    ecr = emulator.client("ecr")
    ecr.create_repository(repositoryName=name)
    with pytest.raises(ecr.exceptions.ImageNotFoundException):
        ecr.describe_images(repositoryName=name, imageIds=[{"imageTag": "one"}])
    ecr.put_image(repositoryName=name, imageManifest=json.dumps({"schemaVersion": 2}), imageTag="one")
    assert len(ecr.describe_images(repositoryName=name, imageIds=[{"imageTag": "one"}])["imageDetails"]) == 1
