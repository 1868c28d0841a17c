"""The same as lake.ts, which must give the same template: `lake.py <cdk.out> [weaken]`."""

import sys

from aws_cdk import App, Duration, Environment, Stack, Tags
from aws_cdk.aws_iam import AccountPrincipal, Role
from aws_cdk.aws_s3 import StorageClass
from dataworks.constructs import (
    BucketName,
    DataClassification,
    DataLakeZones,
    DataWorksBucket,
    EncryptionKey,
    StorageTransition,
    Versioning,
    Zone,
    ZoneOverrides,
)


def lake(outdir: str, weaken: bool) -> None:
    app = App(outdir=outdir)
    stack = Stack(app, "Lake", env=Environment(account="111111111111", region="eu-central-1"))
    Tags.of(stack).add("cost-center", "4711")
    key = EncryptionKey(stack, "SecretKey", alias="dataworks/dev/secret", pending_window=Duration.days(7))
    sandbox = Zone.of("sandbox")
    zones = DataLakeZones(
        stack,
        "Lake",
        project="dataworks",
        environment="dev",
        owner="data-platform",
        zones=[Zone.RAW, Zone.TEMP_RELOAD, sandbox],
        overrides={
            "raw": ZoneOverrides(
                key=key.key,
                versioning=Versioning.expiring_after(Duration.days(60), keep_newest=2),
                transitions=[StorageTransition(storage_class=StorageClass.GLACIER, after=Duration.days(90))],
            ),
            "sandbox": ZoneOverrides(classification=DataClassification.INTERNAL, events=True),
        },
        access_logs_retention=Duration.days(30),
        parameter_prefix="/dataworks/dev/lake",
        outputs=True,
    )
    alone = DataWorksBucket(
        stack,
        "Alone",
        key=zones.key,
        access_logs=zones.access_logs,
        bucket_name=BucketName.account_regional("dataworks-alone"),
    )
    analyst = Role(stack, "Analyst", assumed_by=AccountPrincipal("111111111111"))
    zones.raw_zone.grant_read(analyst, "team-a/*")
    zones.zone(sandbox).grant_read_write(analyst)
    alone.grant_delete(analyst)

    reader = Stack(app, "Reader")
    job = Role(reader, "Job", assumed_by=AccountPrincipal("111111111111"))
    DataLakeZones.from_parameters(reader, "Lake", prefix="/dataworks/dev/lake").zone(Zone.RAW).grant_read(job)

    if weaken:
        resource = zones.raw_zone.bucket.node.default_child
        resource.add_property_override("PublicAccessBlockConfiguration.BlockPublicPolicy", False)
    app.synth()


lake(sys.argv[1], weaken="weaken" in sys.argv[2:])
