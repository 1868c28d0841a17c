"""The readers of the overlay, and one for the policy that only its template tells how to find."""

from overlay import readers
from overlay.readers import Clients, Reader
from tests.cases import Properties


def _inline_policy(clients: Clients, physical_id: str) -> Properties:
    # It has no record of its own: it is found on the roles by its name, which begins with the resource's own.
    iam = clients.client("iam")
    own = f"own{physical_id.split('-')[1].lower()}-"
    roles = [role["RoleName"] for role in iam.get_paginator("list_roles").paginate().build_full_result()["Roles"]]
    found = [
        iam.get_role_policy(RoleName=role, PolicyName=policy)
        for role in roles
        for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
        if policy.startswith(own)
    ]
    (name,) = {item["PolicyName"] for item in found}
    return {"PolicyDocument": found[0]["PolicyDocument"], "PolicyName": name, "Roles": [item["RoleName"] for item in found]}


READERS: dict[str, Reader] = {**readers.READERS, "AWS::IAM::Policy": _inline_policy}
