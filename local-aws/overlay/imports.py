"""What already exists under a template's name: ``ImportExistingResources`` adopts it, and a stack that does not ask for that fails."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import cloudformation
from ministack.services import ecr as ecr_service
from ministack.services import iam as iam_service

from overlay.cloudformation import PROVISIONERS, Handlers, Resource, already_exists
from overlay.gate import Properties
from overlay.patches import ABSENT, Patch

CHANGE_SETS = "ministack.services.cloudformation.changesets"

Entry = dict[str, Any]
Errors = list[tuple[str, str, str, str, str]]


@dataclass(frozen=True)
class Named:
    """A type whose resources are found by what their template says: the store, its key, and the attributes of what is found there."""

    identifier: str
    properties: tuple[str, ...]
    key: Callable[[Properties], str]
    store: Callable[[], Mapping[str, Any]]
    attributes: Callable[[Any], dict[str, Any]]

    def problem(self, key: str) -> str | None:
        """Say that there is nothing to import; ``None`` when there is."""
        return None if key in self.store() else f"Resource with identifier '{key}' was not found."

    def adopt(self, identifier: dict[str, str]) -> Resource:
        """Give what a creation would have answered."""
        key = identifier[self.identifier]
        return key, self.attributes(self.store()[key])


def _policy_arn(properties: Properties) -> str:
    return f"arn:aws:iam::{get_account_id()}:policy{properties.get('Path', '/')}{properties['ManagedPolicyName']}"


def _provider_arn(properties: Properties) -> str:
    return f"arn:aws:iam::{get_account_id()}:oidc-provider/{properties['Url'].removeprefix('https://')}"


NAMED = {
    "AWS::ECR::Repository": Named(
        "RepositoryName",
        ("RepositoryName",),
        lambda properties: str(properties["RepositoryName"]),
        lambda: ecr_service._repositories,  # noqa: SLF001
        lambda found: {"Arn": found["repositoryArn"], "RepositoryUri": found["repositoryUri"]},
    ),
    "AWS::IAM::ManagedPolicy": Named(
        "PolicyArn",
        ("ManagedPolicyName",),
        _policy_arn,
        lambda: iam_service._policies,  # noqa: SLF001
        lambda found: {
            "PolicyArn": found["Arn"],
            **{
                name: found[name]
                for name in ("AttachmentCount", "CreateDate", "DefaultVersionId", "IsAttachable", "PolicyId", "UpdateDate")
            },
        },
    ),
    "AWS::IAM::OIDCProvider": Named(
        "Arn",
        ("Url",),
        _provider_arn,
        lambda: iam_service._oidc_providers,  # noqa: SLF001
        lambda found: {"Arn": found["Arn"]},
    ),
}
"""The types that ministack does not import."""


def _existing_resources(original: Callable[..., list[Entry]]) -> Callable[..., list[Entry]]:
    """Find those of our types too. As with ministack's, only a name that the template writes out counts."""

    def existing(changes: list[Entry], template: dict[str, Any]) -> list[Entry]:
        found = original(changes, template)
        for change in (item["ResourceChange"] for item in changes):
            named, logical_id = NAMED.get(change["ResourceType"]), change["LogicalResourceId"]
            properties = template["Resources"][logical_id].get("Properties", {}) if named else {}
            if not named or change["Action"] != "Add" or not all(isinstance(properties.get(name), str) for name in named.properties):
                continue
            if (key := named.key(properties)) in named.store():
                identifier = {named.identifier: key}
                found.append({"ResourceType": change["ResourceType"], "LogicalResourceId": logical_id, "ResourceIdentifier": identifier})
        return found

    return existing


def _validation_errors(original: Callable[..., Errors]) -> Callable[..., Errors]:
    """Let the name of a bucket that is being adopted be taken: ministack calls it a conflict and fails the import."""

    def errors(*arguments: Any) -> Errors:
        stack_id = arguments[6]
        adopted = {
            logical_id
            for change_set in cloudformation._change_sets.values()  # noqa: SLF001
            if change_set["StackId"] == stack_id and change_set["ExecutionStatus"] == "EXECUTE_IN_PROGRESS"
            for logical_id in change_set["_import_existing"]
        }
        return [error for error in original(*arguments) if error[0] not in adopted]

    return errors


def _named(resource_type: str) -> Callable[[Handlers], Handlers]:
    """Import the type, and fail a creation under a taken name: ministack takes the resource over as if it had made it."""
    named = NAMED[resource_type]

    def handlers(original: Handlers) -> Handlers:
        def create(logical_id: str, properties: Properties, stack_name: str) -> Resource:
            if all(name in properties for name in named.properties) and named.key(properties) in named.store():
                raise already_exists(resource_type, named.key(properties))
            made: Resource = original["create"](logical_id, properties, stack_name)
            return made

        return {**original, "create": create, "import": named.adopt}

    return handlers


def _lookup(named: Named) -> Callable[[None], Any]:
    return lambda _absent: ((named.identifier,), named.problem)


PATCHES = (
    Patch(f"{CHANGE_SETS}:_existing_resources", "6349714562da", _existing_resources),
    Patch("ministack.services.cloudformation.stacks:_validation_errors", "e075a8e29797", _validation_errors),
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::ECR::Repository]", "361ce160083e", _named("AWS::ECR::Repository")),
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::IAM::ManagedPolicy]", "971a809fa1c3", _named("AWS::IAM::ManagedPolicy")),
    *(Patch(f"{CHANGE_SETS}:_IMPORT_LOOKUPS[{resource_type}]", ABSENT, _lookup(named)) for resource_type, named in NAMED.items()),
)
