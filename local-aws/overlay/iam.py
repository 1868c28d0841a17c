"""IAM: the permissions boundary of a role, and OpenID Connect providers."""

from contextlib import suppress
from typing import Any

from ministack.services import iam as iam_service

from overlay.client import client
from overlay.cloudformation import PROVISIONERS, Handlers, Resource, already_exists, undone_on_failure
from overlay.gate import Properties
from overlay.imports import NAMED
from overlay.patches import ABSENT, Patch


def _role(original: Handlers) -> Handlers:
    def create(logical_id: str, properties: Properties, stack_name: str) -> Resource:
        if properties.get("RoleName") in iam_service._roles:  # noqa: SLF001
            raise already_exists("AWS::IAM::Role", properties["RoleName"])
        role: Resource = original["create"](logical_id, properties, stack_name)
        try:
            _set_boundary(role[0], properties.get("PermissionsBoundary"))
        except Exception:
            original["delete"](role[0], properties)
            raise
        return role

    def update(name: str, old: Properties, new: Properties, stack_name: str, logical_id: str) -> Resource:
        role: Resource = original["update"](name, old, new, stack_name, logical_id)
        _set_boundary(role[0], new.get("PermissionsBoundary"))
        return role

    return {**original, "create": create, "update": undone_on_failure(update)}


def _set_boundary(role: str, boundary: str | None) -> None:
    iam = client("iam")
    if boundary:
        iam.put_role_permissions_boundary(RoleName=role, PermissionsBoundary=boundary)
    elif iam.get_role(RoleName=role)["Role"].get("PermissionsBoundary"):
        iam.delete_role_permissions_boundary(RoleName=role)


def _create_provider(_logical_id: str, properties: Properties, _stack_name: str) -> Resource:
    arn = client("iam").create_open_id_connect_provider(
        Url=properties["Url"],
        ClientIDList=properties.get("ClientIdList", []),
        ThumbprintList=properties.get("ThumbprintList", []),
        Tags=properties.get("Tags", []),
    )["OpenIDConnectProviderArn"]
    return arn, {"Arn": arn}


def _update_provider(arn: str, _old: Properties, new: Properties, stack_name: str) -> Resource:
    # The emulator has no calls that change a provider. The ARN comes from the URL, so it stays.
    _delete_provider(arn, {})
    return _create_provider("", new, stack_name)


def _delete_provider(arn: str, _properties: Properties) -> None:
    iam = client("iam")
    with suppress(iam.exceptions.NoSuchEntityException):
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=arn)


def _provider(_absent: None) -> Handlers:
    return {
        "create": _create_provider,
        "update": undone_on_failure(_update_provider),
        "delete": _delete_provider,
        "import": NAMED["AWS::IAM::OIDCProvider"].adopt,
    }


def _set_default_policy_version(parameters: dict[str, list[str]]) -> Any:
    """Answer the call that makes an older version of a managed policy count again; ministack has all others of them."""
    arn, version = parameters["PolicyArn"][0], parameters["VersionId"][0]
    policy = iam_service._policies.get(arn)  # noqa: SLF001
    if policy is None or version not in policy["Versions"]:
        return iam_service._error(404, "NoSuchEntity", f"Policy {arn} version {version} does not exist.", ns="iam")  # noqa: SLF001
    for name, held in policy["Versions"].items():
        held["IsDefaultVersion"] = name == version
    policy["DefaultVersionId"] = version
    return iam_service._xml(200, "SetDefaultPolicyVersionResponse", "", ns="iam")  # noqa: SLF001


PATCHES = (
    Patch("ministack.services.iam:_IAM_HANDLERS[SetDefaultPolicyVersion]", ABSENT, lambda _: _set_default_policy_version),
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::IAM::Role]", "11f5b64f6277", _role),
    Patch(f"{PROVISIONERS}:_RESOURCE_HANDLERS[AWS::IAM::OIDCProvider]", ABSENT, _provider),
    Patch(f"{PROVISIONERS}:_REPLACING_PROPERTIES[AWS::IAM::OIDCProvider]", ABSENT, lambda _: ("Url",)),
    Patch(f"{PROVISIONERS}:_STACK_TAG_PROPERTY[AWS::IAM::OIDCProvider]", ABSENT, lambda _: ("Tags", "list")),
    Patch(f"{PROVISIONERS}:_REPLACING_PROPERTIES[AWS::IAM::Policy]", ABSENT, lambda _: ()),
)
