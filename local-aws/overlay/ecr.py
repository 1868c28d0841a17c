"""ECR: an image that is asked for by its tag and is not there is an error; ministack answers with a list of none."""

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json, get_account_id
from ministack.services import ecr as ecr_service

from overlay.patches import Patch

Operation = Callable[[dict[str, Any]], Any]


def _describe_images(original: Operation) -> Operation:
    def describe(request: dict[str, Any]) -> Any:
        name = request.get("repositoryName", "")
        missing = [image for image in request.get("imageIds") or [] if not ecr_service._find_image(name, image)]  # noqa: SLF001
        if name not in ecr_service._repositories or not missing:  # noqa: SLF001
            return original(request)
        digest, tag = missing[0].get("imageDigest", "null"), missing[0].get("imageTag", "null")
        return error_response_json(
            "ImageNotFoundException",
            f"The image with imageId {{imageDigest:'{digest}', imageTag:'{tag}'}} does not exist within the repository with name '{name}' "
            f"in the registry with id '{get_account_id()}'",
            400,
        )

    return describe


PATCHES = (Patch("ministack.services.ecr:_describe_images", "86c7f7b273ab", _describe_images),)
