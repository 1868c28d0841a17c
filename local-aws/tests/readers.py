"""The readers of the overlay, and some for what no API tells alone: they search among what the tests deploy."""

import base64
import hashlib
import json

from overlay import readers
from overlay.readers import Clients, Reader, own_tags, present
from tests.cases import ARTIFACTS, Properties
from tests.emulator import REGION


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


def _function(clients: Clients, name: str) -> Properties:
    functions = clients.client("lambda")
    found = functions.get_function_configuration(FunctionName=name)
    own = functions.list_tags(Resource=found["FunctionArn"])["Tags"]
    # Where its code came from no API tells: it is the object with the same content.
    key = next(key for key, body in _artifacts(clients) if base64.b64encode(hashlib.sha256(body).digest()).decode() == found["CodeSha256"])
    return {
        **{key: found[key] for key in ("Architectures", "FunctionName", "Handler", "MemorySize", "Role", "Runtime", "Timeout")},
        "Code": {"S3Bucket": ARTIFACTS, "S3Key": key},
        **present(Description=found.get("Description"), Environment=present(Variables=found.get("Environment", {}).get("Variables"))),
        "Tags": own_tags([{"Key": key, "Value": value} for key, value in own.items()]),
    }


def _nested_stack(clients: Clients, stack_id: str) -> Properties:
    cloudformation = clients.client("cloudformation")
    (stack,) = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
    body = json.dumps(cloudformation.get_template(StackName=stack_id, TemplateStage="Original")["TemplateBody"])
    key = next(key for key, content in _artifacts(clients) if key.endswith(".json") and json.dumps(json.loads(content)) == body)
    return {
        "Parameters": {item["ParameterKey"]: item["ParameterValue"] for item in stack["Parameters"]},
        "Tags": own_tags(stack["Tags"]),
        "TemplateURL": f"https://s3.{REGION}.amazonaws.com/{ARTIFACTS}/{key}",
    }


def _artifacts(clients: Clients) -> list[tuple[str, bytes]]:
    s3 = clients.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=ARTIFACTS)["Contents"]]
    return [(key, s3.get_object(Bucket=ARTIFACTS, Key=key)["Body"].read()) for key in keys]


def _topic(clients: Clients, arn: str) -> Properties:
    sns = clients.client("sns")
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    return {
        "DisplayName": attributes["DisplayName"],
        "Tags": own_tags(sns.list_tags_for_resource(ResourceArn=arn)["Tags"]),
        "TopicName": arn.rpartition(":")[2],
    }


READERS: dict[str, Reader] = {
    **readers.READERS,
    "AWS::CloudFormation::Stack": _nested_stack,
    "AWS::IAM::Policy": _inline_policy,
    "AWS::Lambda::Function": _function,
    "AWS::SNS::Topic": _topic,
}
