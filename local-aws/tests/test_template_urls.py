"""A template is read from where its URL is on AWS, and from nowhere else."""

import pytest
from botocore.exceptions import ClientError

from tests.artifacts import parameters, put_template
from tests.emulator import Emulator


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.amazonaws.com/{}/inner.json",
        "https://s3.eu-central-1.amazonaws.com/{}/inner.json",
        "https://s3.cn-north-1.amazonaws.com.cn/{}/inner.json",
        "https://{}.s3.eu-central-1.amazonaws.com/inner.json",
        "https://{}.s3.amazonaws.com/inner.json",
    ],
)
def test_a_template_is_found_by_its_url_on_aws(emulator: Emulator, bucket: str, url: str) -> None:
    template = parameters("x")
    put_template(emulator, bucket, "inner.json", template)
    summary = emulator.client("cloudformation").get_template_summary(TemplateURL=url.format(bucket))
    assert summary["ResourceTypes"] == ["AWS::SSM::Parameter"]


@pytest.mark.parametrize("url", ["https://example.com/{}/inner.json", "http://s3.amazonaws.com/{}/inner.json"])
def test_a_template_that_is_not_in_s3_is_refused(emulator: Emulator, bucket: str, url: str) -> None:
    put_template(emulator, bucket, "inner.json", parameters("x"))
    with pytest.raises(ClientError, match="S3 error"):
        emulator.client("cloudformation").validate_template(TemplateURL=url.format(bucket))
