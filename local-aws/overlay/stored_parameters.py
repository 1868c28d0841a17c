"""A stack's parameter of type ``AWS::SSM::Parameter::Value``: its value is a name in Parameter Store; what was found is beside it."""

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml.ElementTree import fromstring
from ministack.services import cloudformation
from ministack.services.cloudformation.helpers import CFN_NS

from overlay.patches import Patch

Response = tuple[int, dict[str, str], bytes]
Operation = Callable[[dict[str, list[str]]], Response]

_OK = 200


def _describe_stacks(original: Operation) -> Operation:
    def describe(parameters: dict[str, list[str]]) -> Response:
        status, headers, body = original(parameters)
        if status != _OK:
            return status, headers, body
        answer = fromstring(body)
        for member in answer.iterfind(f"{_tag('DescribeStacksResult')}/{_tag('Stacks')}/{_tag('member')}"):
            stored = _names_in_store(member.findtext(_tag("StackId")))
            for parameter in member.iterfind(f"{_tag('Parameters')}/{_tag('member')}"):
                if name := stored.get(parameter.findtext(_tag("ParameterKey"))):
                    _tell_apart(parameter, name)
        return status, headers, tostring(answer, "utf-8", xml_declaration=True, default_namespace=CFN_NS)

    return describe


def _tell_apart(parameter: Element, name: str) -> None:
    (value,) = parameter.iterfind(_tag("ParameterValue"))
    SubElement(parameter, _tag("ResolvedValue")).text = value.text
    value.text = name


def _names_in_store(stack_id: str | None) -> dict[str | None, str]:
    stacks: list[dict[str, Any]] = [stack for stack in cloudformation._stacks.values() if stack["StackId"] == stack_id]  # noqa: SLF001
    return {
        key: parameter["SsmName"]
        for stack in stacks
        for key, parameter in stack.get("_resolved_params", {}).items()
        if "SsmName" in parameter
    }


def _tag(name: str) -> str:
    return f"{{{CFN_NS}}}{name}"


PATCHES = (Patch("ministack.services.cloudformation.handlers:_ACTION_HANDLERS[DescribeStacks]", "e52b86a4104e", _describe_stacks),)
