"""``Fn::Join`` in conditions: the CDK's own bootstrap asks so whether a list is empty, and ministack then takes it for full."""

from collections.abc import Callable
from typing import Any

from overlay.patches import Patch

Parameters = dict[str, dict[str, Any]]
Evaluate = Callable[[dict[str, Any], Parameters], dict[str, bool]]


def _evaluate_conditions(original: Evaluate) -> Evaluate:
    def evaluate(template: dict[str, Any], parameters: Parameters) -> dict[str, bool]:
        if "Conditions" in template:
            template = {**template, "Conditions": _joined(template["Conditions"], parameters)}
        return original(template, parameters)

    return evaluate


def _joined(value: Any, parameters: Parameters) -> Any:
    if isinstance(value, dict) and "Fn::Join" in value:
        separator, items = value["Fn::Join"]
        listed = _text(items, parameters).split(",") if isinstance(items, dict) else [_text(item, parameters) for item in items]
        return separator.join(listed)
    if isinstance(value, dict):
        return {key: _joined(item, parameters) for key, item in value.items()}
    return [_joined(item, parameters) for item in value] if isinstance(value, list) else value


def _text(value: Any, parameters: Parameters) -> str:
    """Give a text, or a parameter's value: that of a list is its text with commas."""
    return str(parameters[value["Ref"]]["Value"] if isinstance(value, dict) else value)


PATCHES = (Patch("ministack.services.cloudformation.engine:_evaluate_conditions", "e7f9e29b6c01", _evaluate_conditions),)
