"""Several change sets of a stack that does not exist yet belong to one stack under review, as in AWS."""

from collections.abc import Callable
from typing import Any

from ministack.services import cloudformation

from overlay.patches import Patch

Parameters = dict[str, list[str]]
Response = tuple[int, dict[str, str], bytes]
Operation = Callable[[Parameters], Response]


def _create_change_set(original: Operation) -> Operation:
    """Keep the stack that an earlier change set began: the original begins another one, and its deletion leaves the earlier set behind."""

    def create(parameters: Parameters) -> Response:
        name = parameters.get("StackName", [""])[0]
        begun = _stacks().get(name)
        response = original(parameters)
        if begun is None or begun["StackStatus"] != "REVIEW_IN_PROGRESS" or _stacks().get(name) is begun:
            return response
        another = _stacks().get(name)
        _stacks()[name] = begun
        return response if another is None else _belonging_to(begun["StackId"], another["StackId"], response)

    return create


def _belonging_to(begun: str, another: str, response: Response) -> Response:
    for change_set in cloudformation._change_sets.values():  # noqa: SLF001
        if change_set["StackId"] == another:
            change_set["StackId"] = begun
    cloudformation._stack_events.pop(another)  # noqa: SLF001
    status, headers, body = response
    return status, headers, body.replace(another.encode(), begun.encode())


def _stacks() -> Any:
    return cloudformation._stacks  # noqa: SLF001


PATCHES = (Patch("ministack.services.cloudformation.handlers:_ACTION_HANDLERS[CreateChangeSet]", "06b31550065c", _create_change_set),)
