"""Nothing is dropped silently: which properties of a resource are kept, and why a resource is refused."""

from collections.abc import Callable
from typing import Any

from overlay.accepted import ACCEPTED, Paths

Properties = dict[str, Any]

_REMEDY = "Leave it out of what is deployed here, or teach local-aws/overlay to store it and list it in overlay/accepted.py."


class RefusedResourceError(ValueError):
    """Becomes the reason of the resource's CREATE_FAILED or UPDATE_FAILED event."""


def admit(resource_type: str, logical_id: str, properties: Properties) -> Properties:
    """Give the properties with every value in its type; raise, naming all offending paths at once, when one would be dropped."""
    accepted = ACCEPTED.get(resource_type)
    if accepted is None:
        raise RefusedResourceError(
            f"DW6103 {logical_id} is of type {resource_type}, which the embedded AWS would not store as AWS does. "
            f"It takes {', '.join(ACCEPTED)}. {_REMEDY}"
        )
    admitted, dropped, unreadable = _admit(accepted, properties)
    problems = []
    if dropped:
        problems.append(f"DW6104 {logical_id} ({resource_type}) sets {', '.join(dropped)}: the embedded AWS would drop it. {_REMEDY}")
    if unreadable:
        problems.append(f"DW6105 {logical_id} ({resource_type}): {'; '.join(unreadable)}.")
    if problems:
        raise RefusedResourceError(" ".join(problems))
    return admitted


def admitted_before(resource_type: str, properties: Properties) -> Properties:
    """Give properties that were admitted when they were deployed, in the same types, to compare new ones with."""
    return _admit(ACCEPTED.get(resource_type, {}), properties)[0]


def _admit(accepted: Paths, properties: Properties) -> tuple[Properties, list[str], list[str]]:
    dropped: set[str] = set()
    unreadable: list[str] = []

    def walk(path: str, value: Any) -> Any:
        if accepted.get(path) is Any:
            return value
        if isinstance(value, dict | list) and not value and not _may_contain(accepted, path):
            dropped.add(path)
        if isinstance(value, dict):
            return {key: walk(f"{path}.*" if f"{path}.*" in accepted else f"{path}.{key}", item) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(f"{path}[]", item) for item in value]
        if path not in accepted:
            dropped.add(path)
            return value
        name, read = _READERS[accepted[path]]
        try:
            return read(value)
        except (KeyError, TypeError, ValueError):
            unreadable.append(f"{path} is {value!r}, not {name}")
            return value

    admitted = {key: walk(key, value) for key, value in properties.items()}
    return admitted, sorted(dropped), unreadable


def _may_contain(accepted: Paths, path: str) -> bool:
    return any(name.startswith((f"{path}.", f"{path}[")) for name in accepted)


def _boolean(value: Any) -> bool:
    return {"true": True, "false": False}[str(value).lower()]


def _integer(value: Any) -> int:
    return int(str(value))


def _string(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float):
        return str(value)
    raise TypeError


_READERS: dict[Any, tuple[str, Callable[[Any], Any]]] = {
    bool: ("true or false", _boolean),
    int: ("an integer", _integer),
    str: ("a string", _string),
}
