"""A function is there with its code, which is never run."""

import json

from tests import stacks
from tests.artifacts import package
from tests.emulator import ACCOUNT, Emulator


def test_a_function_needs_code_that_is_there_and_is_never_run(emulator: Emulator, name: str, bucket: str) -> None:
    cloudformation, functions = emulator.client("cloudformation"), emulator.client("lambda")
    properties = {
        "Code": {"S3Bucket": bucket, "S3Key": "code.zip"},
        "FunctionName": name,
        "Handler": "index.handler",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/any",
        "Runtime": "nodejs22.x",
    }
    own = {"Own": stacks.resource("AWS::Lambda::Function", properties)}
    outcome = stacks.create(cloudformation, f"{name}-without", own)
    assert outcome.status == "ROLLBACK_COMPLETE"
    assert "NoSuchKey" in outcome.reasons[0]
    emulator.client("s3").put_object(Bucket=bucket, Key="code.zip", Body=package("x"))
    assert stacks.create(cloudformation, name, own).status == "CREATE_COMPLETE"
    answered = functions.invoke(FunctionName=name)
    assert json.loads(answered["Payload"].read())["errorType"] == "Runtime.DockerUnavailable"
