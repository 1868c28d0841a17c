"""Read a resource back by its service's own API, in the words of its CloudFormation type."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from tests.cases import ARTIFACTS, Properties
from tests.emulator import ACCOUNT, REGION, Emulator

Reader = Callable[[Emulator, str], Properties]

_MISSING = {
    "LifecyclePolicyNotFoundException",
    "NoSuchLifecycleConfiguration",
    "NoSuchPublicAccessBlockConfiguration",
    "NoSuchTagSet",
    "ObjectLockConfigurationNotFoundError",
    "ReplicationConfigurationNotFoundError",
    "RepositoryPolicyNotFoundException",
}
_ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers"
_LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
_CANNED = {
    ((_LOG_DELIVERY, "READ_ACP"), (_LOG_DELIVERY, "WRITE")): "LogDeliveryWrite",
    ((_ALL_USERS, "READ"),): "PublicRead",
    (): "Private",
}


def existing(call: Callable[[], Any]) -> Any:
    """Give a call's answer, or an empty one when the service says that there is no such configuration."""
    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            return {}
        raise


def own_tags(found: list[dict[str, str]], key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """Give tags without those that CloudFormation adds."""
    return [{"Key": tag[key], "Value": tag[value]} for tag in found if not tag[key].startswith("aws:")]


def present(**values: Any) -> Properties:
    """Give the properties that have a value."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def renamed(value: Any, names: dict[str, str]) -> Any:
    """Give a value with its keys renamed, at any depth."""
    if isinstance(value, dict):
        return {names.get(key, key): renamed(item, names) for key, item in value.items()}
    return [renamed(item, names) for item in value] if isinstance(value, list) else value


def _bucket(emulator: Emulator, name: str) -> Properties:
    s3 = emulator.client("s3")
    regional = re.fullmatch(rf"(.+)-{ACCOUNT}-{REGION}-an", name)
    logging = s3.get_bucket_logging(Bucket=name).get("LoggingEnabled", {})
    lock = existing(lambda: s3.get_object_lock_configuration(Bucket=name)).get("ObjectLockConfiguration", {})
    replication = existing(lambda: s3.get_bucket_replication(Bucket=name)).get("ReplicationConfiguration", {})
    lifecycle = existing(lambda: s3.get_bucket_lifecycle_configuration(Bucket=name))
    tiering = s3.list_bucket_intelligent_tiering_configurations(Bucket=name).get("IntelligentTieringConfigurationList", [])
    inventory = s3.list_bucket_inventory_configurations(Bucket=name).get("InventoryConfigurationList", [])
    notifications = s3.get_bucket_notification_configuration(Bucket=name)
    grants = [grant for grant in s3.get_bucket_acl(Bucket=name)["Grants"] if "URI" in grant["Grantee"]]
    rules = s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"]["Rules"]
    return {
        "AccessControl": _CANNED[tuple(sorted((grant["Grantee"]["URI"], grant["Permission"]) for grant in grants))],
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": renamed(rules, {"ApplyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault"})
        },
        "BucketName": name,
        "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": "EventBridgeConfiguration" in notifications}},
        "OwnershipControls": s3.get_bucket_ownership_controls(Bucket=name)["OwnershipControls"],
        **present(
            BucketNamePrefix=regional[1] if regional else None,
            BucketNamespace="account-regional" if regional else None,
            IntelligentTieringConfigurations=[_tiering(item) for item in tiering],
            InventoryConfigurations=[_inventory(item) for item in inventory],
            LifecycleConfiguration=present(
                Rules=[_lifecycle_rule(rule) for rule in lifecycle.get("Rules", [])],
                TransitionDefaultMinimumObjectSize=lifecycle.get("TransitionDefaultMinimumObjectSize"),
            ),
            LoggingConfiguration=renamed(logging, {"TargetBucket": "DestinationBucketName", "TargetPrefix": "LogFilePrefix"}),
            ObjectLockConfiguration=lock,
            ObjectLockEnabled=lock.get("ObjectLockEnabled") == "Enabled" or None,
            PublicAccessBlockConfiguration=existing(lambda: s3.get_public_access_block(Bucket=name)).get("PublicAccessBlockConfiguration"),
            ReplicationConfiguration=renamed(replication, {"ID": "Id", "Tags": "TagFilters"}),
            Tags=own_tags(existing(lambda: s3.get_bucket_tagging(Bucket=name)).get("TagSet", [])),
            VersioningConfiguration=present(Status=s3.get_bucket_versioning(Bucket=name).get("Status")),
        ),
    }


def _object_filter(found: Properties) -> Properties:
    combined = found.get("And", found)
    return present(
        ObjectSizeGreaterThan=combined.get("ObjectSizeGreaterThan") or None,
        ObjectSizeLessThan=combined.get("ObjectSizeLessThan"),
        Prefix=combined.get("Prefix"),
        TagFilters=combined.get("Tags", [found["Tag"]] if "Tag" in found else []),
    )


def _date(value: Any) -> str | None:
    return value.strftime("%Y-%m-%dT%H:%M:%SZ") if value else None


def _lifecycle_rule(rule: Properties) -> Properties:
    expiration = rule.get("Expiration", {})
    transitions = [
        {
            "StorageClass": item["StorageClass"],
            **({"TransitionInDays": item["Days"]} if "Days" in item else {"TransitionDate": _date(item["Date"])}),
        }
        for item in rule.get("Transitions", [])
    ]
    return {
        **_object_filter(rule["Filter"]),
        **({"ExpiredObjectDeleteMarker": expiration["ExpiredObjectDeleteMarker"]} if "ExpiredObjectDeleteMarker" in expiration else {}),
        **present(
            AbortIncompleteMultipartUpload=rule.get("AbortIncompleteMultipartUpload"),
            ExpirationDate=_date(expiration.get("Date")),
            ExpirationInDays=expiration.get("Days"),
            Id=rule["ID"],
            NoncurrentVersionExpiration=rule.get("NoncurrentVersionExpiration"),
            NoncurrentVersionTransitions=renamed(rule.get("NoncurrentVersionTransitions"), {"NoncurrentDays": "TransitionInDays"}),
            Status=rule["Status"],
            Transitions=transitions,
        ),
    }


def _tiering(item: Properties) -> Properties:
    return {**_object_filter(item.get("Filter", {})), **{key: item[key] for key in ("Id", "Status", "Tierings")}}


def _inventory(item: Properties) -> Properties:
    destination = renamed(item["Destination"]["S3BucketDestination"], {"Bucket": "BucketArn", "AccountId": "BucketAccountId"})
    return {
        "Destination": destination,
        "Enabled": item["IsEnabled"],
        "Id": item["Id"],
        "IncludedObjectVersions": item["IncludedObjectVersions"],
        "OptionalFields": item.get("OptionalFields", []),
        "ScheduleFrequency": item["Schedule"]["Frequency"],
        **_object_filter(item.get("Filter", {})),
    }


def _bucket_policy(emulator: Emulator, bucket: str) -> Properties:
    return {"Bucket": bucket, "PolicyDocument": json.loads(emulator.client("s3").get_bucket_policy(Bucket=bucket)["Policy"])}


def _key(emulator: Emulator, key_id: str) -> Properties:
    kms = emulator.client("kms")
    key = kms.describe_key(KeyId=key_id)["KeyMetadata"]
    rotation = kms.get_key_rotation_status(KeyId=key_id)
    return {
        **{name: key[name] for name in ("Description", "Enabled", "KeySpec", "KeyUsage", "MultiRegion")},
        "EnableKeyRotation": rotation["KeyRotationEnabled"],
        "KeyPolicy": json.loads(kms.get_key_policy(KeyId=key_id, PolicyName="default")["Policy"]),
        "RotationPeriodInDays": rotation["RotationPeriodInDays"],
        "Tags": own_tags(kms.list_resource_tags(KeyId=key_id)["Tags"], "TagKey", "TagValue"),
    }


def _alias(emulator: Emulator, name: str) -> Properties:
    kms = emulator.client("kms")
    aliases = kms.get_paginator("list_aliases").paginate().build_full_result()["Aliases"]
    target = next(alias["TargetKeyId"] for alias in aliases if alias["AliasName"] == name)
    return {"AliasName": name, "TargetKeyId": kms.describe_key(KeyId=target)["KeyMetadata"]["Arn"]}


def _parameter(emulator: Emulator, name: str) -> Properties:
    ssm = emulator.client("ssm")
    parameter = ssm.get_parameter(Name=name)["Parameter"]
    described = ssm.describe_parameters(ParameterFilters=[{"Key": "Name", "Values": [name]}])["Parameters"][0]
    found = ssm.list_tags_for_resource(ResourceType="Parameter", ResourceId=name)["TagList"]
    return {
        **{key: parameter[key] for key in ("Name", "Type", "Value")},
        **present(AllowedPattern=described.get("AllowedPattern"), Description=described.get("Description")),
        "Tags": {tag["Key"]: tag["Value"] for tag in own_tags(found)},
    }


def _role(emulator: Emulator, name: str) -> Properties:
    iam = emulator.client("iam")
    role = iam.get_role(RoleName=name)["Role"]
    attached = iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"]
    inline = iam.list_role_policies(RoleName=name)["PolicyNames"]
    return {
        **{key: role[key] for key in ("AssumeRolePolicyDocument", "MaxSessionDuration", "Path", "RoleName")},
        "Description": role.get("Description", ""),
        "ManagedPolicyArns": [policy["PolicyArn"] for policy in attached],
        **present(PermissionsBoundary=role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn")),
        "Policies": [
            {"PolicyName": policy, "PolicyDocument": iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]}
            for policy in inline
        ],
        "Tags": own_tags(iam.list_role_tags(RoleName=name)["Tags"]),
    }


def _inline_policy(emulator: Emulator, physical_id: str) -> Properties:
    # It has no record of its own: it is found on the roles by its name, which begins with the resource's own.
    iam = emulator.client("iam")
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


def _managed_policy(emulator: Emulator, arn: str) -> Properties:
    iam = emulator.client("iam")
    policy = iam.get_policy(PolicyArn=arn)["Policy"]
    version = iam.get_policy_version(PolicyArn=arn, VersionId=policy["DefaultVersionId"])["PolicyVersion"]
    return {
        "Description": policy.get("Description", ""),
        "ManagedPolicyName": policy["PolicyName"],
        "Path": policy["Path"],
        "PolicyDocument": version["Document"],
        "Roles": [role["RoleName"] for role in iam.list_entities_for_policy(PolicyArn=arn)["PolicyRoles"]],
    }


def _provider(emulator: Emulator, arn: str) -> Properties:
    provider = emulator.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=arn)
    return {
        "ClientIdList": provider["ClientIDList"],
        "Tags": own_tags(provider.get("Tags", [])),
        "ThumbprintList": provider["ThumbprintList"],
        "Url": f"https://{provider['Url'].removeprefix('https://')}",
    }


def _repository(emulator: Emulator, name: str) -> Properties:
    ecr = emulator.client("ecr")
    repository = ecr.describe_repositories(repositoryNames=[name])["repositories"][0]
    lifecycle = existing(lambda: ecr.get_lifecycle_policy(repositoryName=name))
    policy = existing(lambda: ecr.get_repository_policy(repositoryName=name))
    encryption = repository["encryptionConfiguration"]
    return {
        "EncryptionConfiguration": present(EncryptionType=encryption["encryptionType"], KmsKey=encryption.get("kmsKey")),
        "ImageScanningConfiguration": {"ScanOnPush": repository["imageScanningConfiguration"]["scanOnPush"]},
        "ImageTagMutability": repository["imageTagMutability"],
        **present(
            LifecyclePolicy=present(LifecyclePolicyText=lifecycle.get("lifecyclePolicyText")),
            RepositoryPolicyText=json.loads(policy["policyText"]) if policy else None,
        ),
        "RepositoryName": name,
        "Tags": own_tags(ecr.list_tags_for_resource(resourceArn=repository["repositoryArn"])["tags"]),
    }


def _table(emulator: Emulator, name: str) -> Properties:
    dynamodb = emulator.client("dynamodb")
    table = dynamodb.describe_table(TableName=name)["Table"]
    backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    living = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    lives = living["TimeToLiveStatus"] == "ENABLED"
    encryption = table.get("SSEDescription", {})
    throughput = table["ProvisionedThroughput"]
    return {
        "AttributeDefinitions": table["AttributeDefinitions"],
        "BillingMode": table.get("BillingModeSummary", {}).get("BillingMode", "PROVISIONED"),
        "DeletionProtectionEnabled": table["DeletionProtectionEnabled"],
        "KeySchema": table["KeySchema"],
        "PointInTimeRecoverySpecification": {
            "PointInTimeRecoveryEnabled": backups["PointInTimeRecoveryStatus"] == "ENABLED",
            **present(RecoveryPeriodInDays=backups.get("RecoveryPeriodInDays")),
        },
        "ProvisionedThroughput": {key: throughput[key] for key in ("ReadCapacityUnits", "WriteCapacityUnits")},
        "SSESpecification": {
            "SSEEnabled": encryption.get("Status") == "ENABLED",
            **present(KMSMasterKeyId=encryption.get("KMSMasterKeyArn"), SSEType=encryption.get("SSEType")),
        },
        "TableClass": table.get("TableClassSummary", {}).get("TableClass", "STANDARD"),
        "TableName": name,
        "Tags": own_tags(dynamodb.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]),
        "TimeToLiveSpecification": {
            "Enabled": lives,
            **present(AttributeName=living["AttributeName"] if lives else None),
        },
    }


def _function(emulator: Emulator, name: str) -> Properties:
    functions = emulator.client("lambda")
    found = functions.get_function_configuration(FunctionName=name)
    own = functions.list_tags(Resource=found["FunctionArn"])["Tags"]
    # Where its code came from no API tells: it is the object with the same content.
    key = next(key for key, body in _artifacts(emulator) if base64.b64encode(hashlib.sha256(body).digest()).decode() == found["CodeSha256"])
    return {
        **{key: found[key] for key in ("Architectures", "FunctionName", "Handler", "MemorySize", "Role", "Runtime", "Timeout")},
        "Code": {"S3Bucket": ARTIFACTS, "S3Key": key},
        **present(Description=found.get("Description"), Environment=present(Variables=found.get("Environment", {}).get("Variables"))),
        "Tags": own_tags([{"Key": key, "Value": value} for key, value in own.items()]),
    }


def _nested_stack(emulator: Emulator, stack_id: str) -> Properties:
    cloudformation = emulator.client("cloudformation")
    (stack,) = cloudformation.describe_stacks(StackName=stack_id)["Stacks"]
    body = json.dumps(cloudformation.get_template(StackName=stack_id, TemplateStage="Original")["TemplateBody"])
    key = next(key for key, content in _artifacts(emulator) if key.endswith(".json") and json.dumps(json.loads(content)) == body)
    return {
        "Parameters": {item["ParameterKey"]: item["ParameterValue"] for item in stack["Parameters"]},
        "Tags": own_tags(stack["Tags"]),
        "TemplateURL": f"https://s3.{REGION}.amazonaws.com/{ARTIFACTS}/{key}",
    }


def _artifacts(emulator: Emulator) -> list[tuple[str, bytes]]:
    s3 = emulator.client("s3")
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket=ARTIFACTS)["Contents"]]
    return [(key, s3.get_object(Bucket=ARTIFACTS, Key=key)["Body"].read()) for key in keys]


def _topic(emulator: Emulator, arn: str) -> Properties:
    sns = emulator.client("sns")
    attributes = sns.get_topic_attributes(TopicArn=arn)["Attributes"]
    return {
        "DisplayName": attributes["DisplayName"],
        "Tags": own_tags(sns.list_tags_for_resource(ResourceArn=arn)["Tags"]),
        "TopicName": arn.rpartition(":")[2],
    }


READERS: dict[str, Reader] = {
    "AWS::CloudFormation::Stack": _nested_stack,
    "AWS::DynamoDB::Table": _table,
    "AWS::ECR::Repository": _repository,
    "AWS::IAM::ManagedPolicy": _managed_policy,
    "AWS::IAM::OIDCProvider": _provider,
    "AWS::IAM::Policy": _inline_policy,
    "AWS::IAM::Role": _role,
    "AWS::KMS::Alias": _alias,
    "AWS::KMS::Key": _key,
    "AWS::Lambda::Function": _function,
    "AWS::S3::Bucket": _bucket,
    "AWS::S3::BucketPolicy": _bucket_policy,
    "AWS::SNS::Topic": _topic,
    "AWS::SSM::Parameter": _parameter,
}
