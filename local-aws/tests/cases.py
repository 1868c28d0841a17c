"""What is deployed to prove the accepted properties: for every type, families of property sets.

A resource is created with one set of its family and updated to the next; together the sets of a type hold every accepted path, each with
values that are not the default. At last every resource is updated to ``bare``, where all that may be removed is gone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.emulator import ACCOUNT, REGION

Properties = dict[str, Any]

ARTIFACTS = "accepted-artifacts"
"""The bucket of the functions' code and the nested stacks' templates: ``one`` and ``two`` of each."""


@dataclass(frozen=True)
class Base:
    """What the property sets refer to; deployed before them."""

    key: str
    other_key: str
    log_bucket: str
    replica_bucket: str
    policy: str
    other_policy: str
    role: str
    other_role: str
    account: str
    policy_buckets: dict[str, str]
    """The buckets of the bucket policies, by the policy's own name: a bucket has one policy."""


@dataclass(frozen=True)
class Family:
    """Property sets that one resource can take one after the other.

    ``sets`` gets what they refer to and a name of the resource's own. ``bare`` of ``None``: nothing of it can be removed.
    """

    sets: Callable[[Base, str], list[Properties]]
    bare: Callable[[str], Properties] | None


def document(action: str, **more: Any) -> Properties:
    """Write a policy document with one statement."""
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **more}]}


def trust(service: str) -> Properties:
    """Write a trust policy."""
    return document("sts:AssumeRole", Principal={"Service": f"{service}.amazonaws.com"})


def tags(**values: str) -> list[dict[str, str]]:
    """Write tags as a list."""
    return [{"Key": key, "Value": value} for key, value in values.items()]


def _key_policy(base: Base, action: str) -> Properties:
    root = {"AWS": f"arn:aws:iam::{base.account}:root"}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Administer", "Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"},
            {"Sid": "Use", "Effect": "Allow", "Principal": {"Service": "logging.s3.amazonaws.com"}, "Action": action, "Resource": "*"},
        ],
    }


def _buckets(base: Base, _name: str) -> list[Properties]:
    return [
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {
                        "BlockedEncryptionTypes": {"EncryptionType": ["SSE-C"]},
                        "BucketKeyEnabled": True,
                        "ServerSideEncryptionByDefault": {"KMSMasterKeyID": base.key, "SSEAlgorithm": "aws:kms"},
                    }
                ]
            },
            "IntelligentTieringConfigurations": [
                {
                    "Id": "archive",
                    "Prefix": "old/",
                    "Status": "Enabled",
                    "TagFilters": tags(tier="cold", team="data"),
                    "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 90}, {"AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 180}],
                },
                {"Id": "all", "Status": "Disabled", "Tierings": [{"AccessTier": "ARCHIVE_ACCESS", "Days": 120}]},
            ],
            "InventoryConfigurations": [
                {
                    "Destination": {
                        "BucketAccountId": base.account,
                        "BucketArn": f"arn:aws:s3:::{base.log_bucket}",
                        "Format": "Parquet",
                        "Prefix": "inventory",
                    },
                    "Enabled": True,
                    "Id": "daily",
                    "IncludedObjectVersions": "All",
                    "OptionalFields": ["Size", "EncryptionStatus"],
                    "Prefix": "new/",
                    "ScheduleFrequency": "Daily",
                }
            ],
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
                        "Id": "abort",
                        "Status": "Enabled",
                    },
                    {
                        "Id": "tier",
                        "NoncurrentVersionExpiration": {"NewerNoncurrentVersions": 3, "NoncurrentDays": 90},
                        "NoncurrentVersionTransitions": [
                            {"NewerNoncurrentVersions": 2, "StorageClass": "STANDARD_IA", "TransitionInDays": 30}
                        ],
                        "ObjectSizeGreaterThan": 1024,
                        "ObjectSizeLessThan": 1048576,
                        "Prefix": "raw/",
                        "Status": "Enabled",
                        "TagFilters": tags(tier="warm", team="data"),
                        "Transitions": [
                            {"StorageClass": "INTELLIGENT_TIERING", "TransitionInDays": 0},
                            {"StorageClass": "GLACIER", "TransitionInDays": 90},
                        ],
                    },
                    {"ExpiredObjectDeleteMarker": True, "Id": "markers", "Status": "Disabled"},
                ],
                "TransitionDefaultMinimumObjectSize": "varies_by_storage_class",
            },
            "LoggingConfiguration": {
                "DestinationBucketName": base.log_bucket,
                "LogFilePrefix": "raw/",
                "TargetObjectKeyFormat": {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}},
            },
            "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": True}},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]},
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": True,
                "BlockPublicPolicy": False,
                "IgnorePublicAcls": True,
                "RestrictPublicBuckets": False,
            },
            "Tags": tags(zone="raw", owner="data"),
            "VersioningConfiguration": {"Status": "Enabled"},
        },
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {
                        "BlockedEncryptionTypes": {"EncryptionType": ["NONE"]},
                        "BucketKeyEnabled": False,
                        "ServerSideEncryptionByDefault": {"KMSMasterKeyID": base.other_key, "SSEAlgorithm": "aws:kms:dsse"},
                    }
                ]
            },
            "IntelligentTieringConfigurations": [
                {
                    "Id": "archive",
                    "Prefix": "older/",
                    "Status": "Disabled",
                    "TagFilters": tags(tier="frozen"),
                    "Tierings": [{"AccessTier": "DEEP_ARCHIVE_ACCESS", "Days": 200}],
                },
            ],
            "InventoryConfigurations": [
                {
                    "Destination": {
                        "BucketAccountId": "222222222222",
                        "BucketArn": f"arn:aws:s3:::{base.replica_bucket}",
                        "Format": "CSV",
                        "Prefix": "lists",
                    },
                    "Enabled": False,
                    "Id": "weekly",
                    "IncludedObjectVersions": "Current",
                    "OptionalFields": ["StorageClass"],
                    "Prefix": "newer/",
                    "ScheduleFrequency": "Weekly",
                }
            ],
            "LifecycleConfiguration": {
                "Rules": [
                    {
                        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3},
                        "ExpirationInDays": 7,
                        "Id": "expire",
                        "NoncurrentVersionExpiration": {"NewerNoncurrentVersions": 1, "NoncurrentDays": 10},
                        "NoncurrentVersionTransitions": [{"NewerNoncurrentVersions": 1, "StorageClass": "GLACIER", "TransitionInDays": 5}],
                        "Prefix": "tmp/",
                        "Status": "Disabled",
                    },
                    {
                        "ExpirationDate": "2030-01-01T00:00:00Z",
                        "Id": "one-tag",
                        "Status": "Enabled",
                        "TagFilters": tags(tier="hot"),
                        "Transitions": [{"StorageClass": "GLACIER_IR", "TransitionDate": "2029-01-01T00:00:00Z"}],
                    },
                    {"ExpirationInDays": 30, "Id": "large", "ObjectSizeGreaterThan": 2048, "Status": "Enabled"},
                    {"ExpirationInDays": 40, "Id": "small", "ObjectSizeLessThan": 512, "Status": "Enabled"},
                    {"Id": "days", "Status": "Enabled", "Transitions": [{"StorageClass": "STANDARD_IA", "TransitionInDays": 60}]},
                    {"ExpiredObjectDeleteMarker": False, "Id": "markers", "Status": "Enabled"},
                ],
                "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
            },
            "LoggingConfiguration": {
                "DestinationBucketName": base.replica_bucket,
                "LogFilePrefix": "other/",
                "TargetObjectKeyFormat": {"SimplePrefix": {}},
            },
            "NotificationConfiguration": {"EventBridgeConfiguration": {"EventBridgeEnabled": False}},
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]},
            "PublicAccessBlockConfiguration": {
                "BlockPublicAcls": False,
                "BlockPublicPolicy": True,
                "IgnorePublicAcls": False,
                "RestrictPublicBuckets": True,
            },
            "Tags": tags(zone="curated", classification="internal"),
            "VersioningConfiguration": {"Status": "Suspended"},
        },
    ]


def _partitioned_by_delivery(base: Base, _name: str) -> list[Properties]:
    partitioned = {"PartitionedPrefix": {"PartitionDateSource": "DeliveryTime"}}
    return [
        {"LoggingConfiguration": {"DestinationBucketName": base.log_bucket, "LogFilePrefix": "a/", "TargetObjectKeyFormat": partitioned}},
        {"LoggingConfiguration": {"DestinationBucketName": base.log_bucket, "LogFilePrefix": "a/"}},
    ]


def _locked_buckets(_base: Base, _name: str) -> list[Properties]:
    def locked(**retention: Any) -> Properties:
        return {
            "ObjectLockEnabled": True,
            "ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}},
        }

    return [locked(Mode="GOVERNANCE", Days=30), locked(Mode="COMPLIANCE", Years=2)]


def _replicated_buckets(base: Base, _name: str) -> list[Properties]:
    versioned = {"VersioningConfiguration": {"Status": "Enabled"}}
    destination = f"arn:aws:s3:::{base.replica_bucket}"

    def replication(role: str, *rules: Properties) -> Properties:
        return {**versioned, "ReplicationConfiguration": {"Role": f"arn:aws:iam::{base.account}:role/{role}", "Rules": list(rules)}}

    return [
        replication(
            base.role,
            {
                "DeleteMarkerReplication": {"Status": "Disabled"},
                "Destination": {
                    "AccessControlTranslation": {"Owner": "Destination"},
                    "Account": base.account,
                    "Bucket": destination,
                    "EncryptionConfiguration": {"ReplicaKmsKeyID": base.key},
                    "Metrics": {"EventThreshold": {"Minutes": 15}, "Status": "Enabled"},
                    "ReplicationTime": {"Status": "Enabled", "Time": {"Minutes": 15}},
                    "StorageClass": "STANDARD_IA",
                },
                "Filter": {"And": {"Prefix": "a/", "TagFilters": tags(replicate="yes", team="data")}},
                "Id": "tagged",
                "Priority": 1,
                "SourceSelectionCriteria": {
                    "ReplicaModifications": {"Status": "Enabled"},
                    "SseKmsEncryptedObjects": {"Status": "Enabled"},
                },
                "Status": "Enabled",
            },
            {
                "DeleteMarkerReplication": {"Status": "Enabled"},
                "Destination": {"Bucket": destination},
                "Filter": {"Prefix": "b/"},
                "Id": "prefixed",
                "Priority": 2,
                "Status": "Disabled",
            },
        ),
        replication(
            base.other_role,
            {
                "DeleteMarkerReplication": {"Status": "Disabled"},
                "Destination": {"Bucket": f"arn:aws:s3:::{base.log_bucket}", "StorageClass": "GLACIER"},
                "Filter": {"Prefix": "c/"},
                "Id": "other",
                "Priority": 3,
                "Status": "Enabled",
            },
        ),
    ]


def _keys(base: Base, _name: str) -> list[Properties]:
    return [
        {
            "Description": "The lake's key",
            "EnableKeyRotation": True,
            "Enabled": True,
            "KeyPolicy": _key_policy(base, "kms:GenerateDataKey"),
            "RotationPeriodInDays": 180,
            "Tags": tags(owner="data", project="lake"),
        },
        {
            "Description": "Another key",
            "EnableKeyRotation": False,
            "Enabled": False,
            "KeyPolicy": _key_policy(base, "kms:Decrypt"),
            "Tags": tags(owner="platform"),
        },
        {"EnableKeyRotation": True, "RotationPeriodInDays": 400},
    ]


def _tables(base: Base, _name: str) -> list[Properties]:
    hash_key = {
        "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
    }
    return [
        {
            **hash_key,
            "BillingMode": "PAY_PER_REQUEST",
            "DeletionProtectionEnabled": True,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 20},
            "SSESpecification": {"KMSMasterKeyId": base.key, "SSEEnabled": True, "SSEType": "KMS"},
            "TableClass": "STANDARD_INFREQUENT_ACCESS",
            "Tags": tags(owner="data", project="state"),
            "TimeToLiveSpecification": {"AttributeName": "expires", "Enabled": True},
        },
        {
            **hash_key,
            "BillingMode": "PROVISIONED",
            "DeletionProtectionEnabled": False,
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 8},
            "ProvisionedThroughput": {"ReadCapacityUnits": 7, "WriteCapacityUnits": 9},
            "SSESpecification": {"KMSMasterKeyId": base.other_key, "SSEEnabled": True, "SSEType": "KMS"},
            "TableClass": "STANDARD",
            "Tags": tags(owner="platform"),
            "TimeToLiveSpecification": {"AttributeName": "until", "Enabled": True},
        },
        {
            **hash_key,
            "BillingMode": "PAY_PER_REQUEST",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False},
            "SSESpecification": {"SSEEnabled": False},
            "TimeToLiveSpecification": {"Enabled": False},
        },
    ]


def _bare_table(_name: str) -> Properties:
    return {
        "AttributeDefinitions": [{"AttributeName": "LockID", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "LockID", "KeyType": "HASH"}],
        "ProvisionedThroughput": {"ReadCapacityUnits": 5, "WriteCapacityUnits": 5},
    }


def _named_tables(_base: Base, name: str) -> list[Properties]:
    def table(suffix: str, **keys: str) -> Properties:
        return {
            "AttributeDefinitions": [{"AttributeName": key, "AttributeType": kind} for key, kind in keys.items()],
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": key, "KeyType": role} for key, role in zip(keys, ("HASH", "RANGE"), strict=False)],
            "TableName": f"{name}-{suffix}",
        }

    return [table("one", id="S"), table("two", number="N", at="S")]


def _repositories(base: Base, _name: str) -> list[Properties]:
    def policy(action: str) -> Properties:
        return document(action, Principal={"AWS": f"arn:aws:iam::{base.account}:root"})

    return [
        {
            "EmptyOnDelete": True,
            "EncryptionConfiguration": {"EncryptionType": "KMS", "KmsKey": base.key},
            "ImageScanningConfiguration": {"ScanOnPush": True},
            "ImageTagMutability": "IMMUTABLE",
            "LifecyclePolicy": {"LifecyclePolicyText": '{"rules":[{"rulePriority":1}]}'},
            "RepositoryPolicyText": policy("ecr:GetDownloadUrlForLayer"),
            "Tags": tags(owner="data", project="lake"),
        },
        {
            "EmptyOnDelete": False,
            "EncryptionConfiguration": {"EncryptionType": "AES256"},
            "ImageScanningConfiguration": {"ScanOnPush": False},
            "ImageTagMutability": "MUTABLE",
            "LifecyclePolicy": {"LifecyclePolicyText": '{"rules":[{"rulePriority":2}]}'},
            "RepositoryPolicyText": policy("ecr:BatchGetImage"),
            "Tags": tags(owner="platform"),
        },
    ]


def _roles(base: Base, _name: str) -> list[Properties]:
    return [
        {
            "AssumeRolePolicyDocument": trust("lambda"),
            "Description": "Applies",
            "ManagedPolicyArns": [base.policy, base.other_policy],
            "MaxSessionDuration": 7200,
            "PermissionsBoundary": base.policy,
            "Policies": [
                {"PolicyName": "read", "PolicyDocument": document("s3:GetObject", Resource="*")},
                {"PolicyName": "list", "PolicyDocument": document("s3:ListBucket", Resource="*")},
            ],
            "Tags": tags(owner="data", project="lake"),
        },
        {
            "AssumeRolePolicyDocument": trust("glue"),
            "Description": "Plans",
            "ManagedPolicyArns": [base.other_policy],
            "MaxSessionDuration": 10800,
            "PermissionsBoundary": base.other_policy,
            "Policies": [{"PolicyName": "read", "PolicyDocument": document("s3:GetObjectVersion", Resource="*")}],
            "Tags": tags(owner="platform"),
        },
    ]


def _managed_policies(base: Base, name: str) -> list[Properties]:
    def policy(suffix: str, role: str, action: str) -> Properties:
        return {
            "Description": f"Policy {suffix}",
            "ManagedPolicyName": f"{name}-{suffix}",
            "Path": f"/{suffix}/",
            "PolicyDocument": document(action, Resource="*"),
            "Roles": [role],
        }

    return [policy("one", base.role, "s3:GetObject"), policy("two", base.other_role, "s3:PutObject")]


def _providers(_base: Base, name: str) -> list[Properties]:
    return [
        {
            "ClientIdList": ["organization", "other"],
            "Tags": tags(owner="data", project="lake"),
            "ThumbprintList": ["a" * 40],
            "Url": f"https://{name}.example.com",
        },
        {
            "ClientIdList": ["other", "third"],
            "Tags": tags(owner="platform"),
            "ThumbprintList": ["b" * 40, "c" * 40],
            "Url": f"https://{name}.example.com",
        },
    ]


def _parameters(_base: Base, _name: str) -> list[Properties]:
    return [
        {
            "AllowedPattern": "^[a-z]+$",
            "Description": "Name of a bucket",
            "Tags": {"owner": "data", "project": "lake"},
            "Type": "String",
            "Value": "one",
        },
        {
            "AllowedPattern": "^[a-z,]+$",
            "Description": "Names of buckets",
            "Tags": {"owner": "platform"},
            "Type": "StringList",
            "Value": "two,three",
        },
    ]


def _bucket_policies(base: Base, name: str) -> list[Properties]:
    def policy(which: str, action: str) -> Properties:
        bucket = base.policy_buckets.get(f"{name}{which}", "")
        statement = {
            "Sid": "DenyInsecureTransport",
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": action,
            "Resource": f"arn:aws:s3:::{bucket}/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        return {"Bucket": bucket, "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}

    return [policy("a", "s3:GetObject"), policy("b", "s3:*"), policy("b", "s3:PutObject")]


def _access_controls(_base: Base, _name: str) -> list[Properties]:
    return [
        {"AccessControl": "LogDeliveryWrite", "OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}},
        {"AccessControl": "PublicRead", "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}},
    ]


def _function(code: str, **more: Any) -> Properties:
    return {
        "Code": {"S3Bucket": ARTIFACTS, "S3Key": f"{code}.zip"},
        "Handler": f"{code}.handler",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/{code}",
        "Runtime": {"one": "nodejs22.x", "two": "python3.13"}[code],
        **more,
    }


def _functions(_base: Base, _name: str) -> list[Properties]:
    return [
        _function(
            "one",
            Architectures=["arm64"],
            Description="first",
            Environment={"Variables": {"TOPIC": "a", "SETTING": "b"}},
            MemorySize=256,
            Tags=tags(team="data"),
            Timeout=20,
        ),
        _function(
            "two",
            Architectures=["x86_64"],
            Description="second",
            Environment={"Variables": {"TOPIC": "c"}},
            MemorySize=512,
            Tags=tags(team="other", stage="dev"),
            Timeout=30,
        ),
    ]


def _nested(template: str, **more: Any) -> Properties:
    return {"TemplateURL": f"https://s3.{REGION}.amazonaws.com/{ARTIFACTS}/{template}.json", **more}


def _nested_stacks(_base: Base, _name: str) -> list[Properties]:
    return [
        _nested("one", Parameters={"Name": "a", "Other": "b"}, Tags=tags(team="data")),
        _nested("two", Parameters={"Name": "c", "Other": "d"}, Tags=tags(team="other", stage="dev")),
    ]


def _nothing(_name: str) -> Properties:
    return {}


CASES: dict[str, list[Family]] = {
    "AWS::CloudFormation::Stack": [Family(_nested_stacks, lambda _: _nested("one"))],
    "AWS::DynamoDB::Table": [Family(_tables, _bare_table), Family(_named_tables, _bare_table)],
    "AWS::ECR::Repository": [
        Family(_repositories, _nothing),
        Family(lambda _, name: [{"RepositoryName": f"{name}/one"}, {"RepositoryName": f"{name}/two"}], _nothing),
    ],
    "AWS::IAM::ManagedPolicy": [
        Family(_managed_policies, lambda _: {"PolicyDocument": document("s3:ListBucket", Resource="*")}),
        Family(
            lambda base, _: [
                {"PolicyDocument": document("s3:GetObject", Resource="*"), "Roles": [base.role, base.other_role]},
                {"PolicyDocument": document("s3:PutObject", Resource="*"), "Roles": [base.other_role]},
            ],
            lambda _: {"PolicyDocument": document("s3:ListBucket", Resource="*")},
        ),
    ],
    "AWS::IAM::OIDCProvider": [
        Family(_providers, lambda name: {"Url": f"https://{name}.example.com"}),
        Family(
            lambda _, name: [{"Url": f"https://{name}-one.example.com"}, {"Url": f"https://{name}-two.example.com"}],
            lambda name: {"Url": f"https://{name}-three.example.com"},
        ),
    ],
    "AWS::IAM::Policy": [
        Family(
            lambda base, name: [
                {
                    "PolicyDocument": document("s3:GetObject", Resource="*"),
                    "PolicyName": f"{name}-one",
                    "Roles": [base.role, base.other_role],
                },
                {"PolicyDocument": document("s3:PutObject", Resource="*"), "PolicyName": f"{name}-two", "Roles": [base.other_role]},
            ],
            None,
        )
    ],
    "AWS::IAM::Role": [
        Family(_roles, lambda _: {"AssumeRolePolicyDocument": trust("ec2")}),
        Family(
            lambda _, name: [
                {"AssumeRolePolicyDocument": trust("ec2"), "Path": "/one/", "RoleName": f"{name}-one"},
                {"AssumeRolePolicyDocument": trust("ec2"), "Path": "/two/", "RoleName": f"{name}-two"},
            ],
            lambda _: {"AssumeRolePolicyDocument": trust("ec2")},
        ),
    ],
    "AWS::KMS::Alias": [
        Family(
            lambda base, name: [
                {"AliasName": f"alias/{name}", "TargetKeyId": base.key},
                {"AliasName": f"alias/{name}", "TargetKeyId": base.other_key},
                {"AliasName": f"alias/{name}-renamed", "TargetKeyId": base.other_key},
            ],
            None,
        )
    ],
    "AWS::KMS::Key": [
        Family(_keys, _nothing),
        Family(lambda *_: [{"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"}], None),
        Family(lambda *_: [{"MultiRegion": True}], None),
    ],
    "AWS::Lambda::Function": [
        Family(_functions, lambda _: _function("one")),
        Family(lambda _, name: [_function("one", FunctionName=f"{name}-{which}") for which in ("one", "two")], lambda _: _function("one")),
    ],
    "AWS::S3::Bucket": [
        Family(_buckets, _nothing),
        Family(_partitioned_by_delivery, _nothing),
        Family(_locked_buckets, lambda _: {"ObjectLockEnabled": True}),
        Family(lambda *_: [{"ObjectLockEnabled": True}], _nothing),
        Family(_replicated_buckets, lambda _: {"VersioningConfiguration": {"Status": "Enabled"}}),
        Family(_access_controls, _nothing),
        Family(lambda _, name: [{"BucketName": f"{name}-one"}, {"BucketName": f"{name}.two"}], _nothing),
        Family(
            lambda _, name: [{"BucketNamePrefix": f"{name}-{which}", "BucketNamespace": "account-regional"} for which in ("one", "two")],
            _nothing,
        ),
    ],
    "AWS::S3::BucketPolicy": [Family(_bucket_policies, None)],
    "AWS::SNS::Topic": [
        Family(
            lambda *_: [
                {"DisplayName": "First", "Tags": tags(team="data")},
                {"DisplayName": "Second", "Tags": tags(team="other", stage="dev")},
            ],
            _nothing,
        ),
        Family(lambda _, name: [{"TopicName": f"{name}-one"}, {"TopicName": f"{name}-two"}], _nothing),
    ],
    "AWS::SSM::Parameter": [
        Family(_parameters, lambda _: {"Type": "String", "Value": "bare"}),
        Family(
            lambda _, name: [{"Name": f"/{name}/{which}", "Type": "String", "Value": which} for which in ("one", "two")],
            lambda _: {"Type": "String", "Value": "bare"},
        ),
    ],
}
