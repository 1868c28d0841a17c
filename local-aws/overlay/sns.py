"""SNS: a topic has no display name unless it is given one, and no other topic of the account has its name."""

from typing import Any

from ministack.core.responses import get_account_id, get_region
from ministack.services import sns as sns_service

from overlay.cloudformation import PROVISIONERS, Handlers, Resource, already_exists
from overlay.gate import Properties
from overlay.patches import Patch


def _topic(original: Handlers) -> Handlers:
    def create(logical_id: str, properties: Properties, stack_name: str) -> Resource:
        name = properties.get("TopicName")
        if f"arn:aws:sns:{get_region()}:{get_account_id()}:{name}" in sns_service._topics:  # noqa: SLF001
            raise already_exists("AWS::SNS::Topic", str(name))
        return _displayed(original["create"](logical_id, properties, stack_name), properties)

    def update(physical_id: str, old: Properties, new: Properties, *context: Any) -> Resource:
        return _displayed(original["update"](physical_id, old, new, *context), new)

    return {**original, "create": create, "update": update}


def _displayed(topic: Resource, properties: Properties) -> Resource:
    sns_service._topics[topic[0]]["attributes"]["DisplayName"] = properties.get("DisplayName", "")  # noqa: SLF001
    return topic


PATCHES = (Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::SNS::Topic]", "f17bf4ac34de", _topic),)
