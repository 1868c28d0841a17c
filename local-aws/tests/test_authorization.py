"""Authorization mode with TLS: policies are enforced, and the overlay's own calls pass."""

import json

import pytest
from botocore.exceptions import ClientError

from tests import stacks
from tests.emulator import ACCOUNT, Emulator


def test_a_stack_is_deployed_and_a_policy_denies(secured: Emulator, name: str) -> None:
    statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject", "Resource": f"arn:aws:s3:::{name}/*"}
    user = f"{name}-user"
    iam = secured.client("iam")
    iam.create_user(UserName=user)
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=json.dumps(everything))
    access = iam.create_access_key(UserName=user)["AccessKey"]
    boundary = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": ACCOUNT}}]}
    outcome = stacks.create(
        secured.client("cloudformation"),
        name,
        {
            "Raw": stacks.resource("AWS::S3::Bucket", {"BucketName": name, "Tags": [{"Key": "zone", "Value": "raw"}]}),
            "Policy": stacks.resource(
                "AWS::S3::BucketPolicy", {"Bucket": {"Ref": "Raw"}, "PolicyDocument": {"Version": "2012-10-17", "Statement": [statement]}}
            ),
            "Boundary": stacks.resource("AWS::IAM::ManagedPolicy", {"PolicyDocument": boundary}),
            "Role": stacks.resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": trust, "PermissionsBoundary": {"Ref": "Boundary"}}),
        },
    )
    assert outcome.status == "CREATE_COMPLETE", outcome.reasons
    role = iam.get_role(RoleName=outcome.ids["Role"])["Role"]
    assert role["PermissionsBoundary"]["PermissionsBoundaryArn"] == outcome.ids["Boundary"]
    s3 = secured.client("s3", access["AccessKeyId"], secret=access["SecretAccessKey"])
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"][0] == {"Key": "zone", "Value": "raw"}
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.put_object(Bucket=name, Key="a", Body=b"")


def test_no_other_port_is_taken(secured: Emulator) -> None:
    log = secured.log.read_text()
    assert "Running on https://127.0.0.1:" in log
    assert "127.0.0.1:443" not in log
