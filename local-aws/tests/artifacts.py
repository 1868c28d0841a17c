"""What a deployment finds in a bucket: code of functions, templates of nested stacks."""

import io
import json
import zipfile
from typing import Any

from tests.emulator import REGION, Emulator

Template = dict[str, Any]


def made_bucket(emulator: Emulator, name: str) -> str:
    """Make a bucket for them."""
    bucket = f"{name}-artifacts"
    emulator.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
    return bucket


def put_artifacts(emulator: Emulator, bucket: str) -> None:
    """Put code and templates there: ``one`` and ``two`` of each."""
    s3 = emulator.client("s3")
    for name in ("one", "two"):
        s3.put_object(Bucket=bucket, Key=f"{name}.zip", Body=package(name))
        put_template(emulator, bucket, f"{name}.json", parameters(name))


def package(text: str) -> bytes:
    """Pack the code of a function."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.js", f"exports.handler = () => '{text}';")
    return packed.getvalue()


def put_template(emulator: Emulator, bucket: str, key: str, template: Template) -> str:
    """Put a template there; give its URL."""
    emulator.client("s3").put_object(Bucket=bucket, Key=key, Body=json.dumps(template).encode())
    return f"https://s3.{REGION}.amazonaws.com/{bucket}/{key}"


def parameters(description: str) -> Template:
    """Write a template with a resource for its parameters."""
    return {
        "Parameters": {"Name": {"Type": "String", "Default": "x"}, "Other": {"Type": "String", "Default": "y"}},
        "Resources": {
            "Value": {
                "Type": "AWS::SSM::Parameter",
                "Properties": {"Type": "String", "Value": {"Fn::Sub": "${Name}-${Other}"}, "Description": description},
            }
        },
    }
