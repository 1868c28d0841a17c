"""Lambda: a function is stored with its code and read back; the code is never run."""

from typing import Any

from ministack.services import lambda_svc, s3

from overlay.cloudformation import PROVISIONERS, Handlers, Resource, already_exists
from overlay.gate import Properties
from overlay.patches import Patch


def _function(original: Handlers) -> Handlers:
    def create(logical_id: str, properties: Properties, stack_name: str) -> Resource:
        name = properties.get("FunctionName")
        if name in lambda_svc._functions:  # noqa: SLF001
            raise already_exists("AWS::Lambda::Function", str(name))
        _find_code(properties)
        made: Resource = original["create"](logical_id, properties, stack_name)
        return made

    def update(physical_id: str, old: Properties, new: Properties, *context: Any) -> Resource:
        _find_code(new)
        updated: Resource = original["update"](physical_id, old, new, *context)
        return updated

    return {**original, "create": create, "update": update}


def _find_code(properties: Properties) -> None:
    """Refuse a function without code, in AWS's words: ministack makes an empty one."""
    code = properties["Code"]
    if s3._get_object_data(code["S3Bucket"], code["S3Key"]) is None:  # noqa: SLF001
        raise ValueError(
            "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist. "
            "(Service: Lambda, Status Code: 400)"
        )


PATCHES = (Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::Lambda::Function]", "0bd4be62ed9c", _function),)
