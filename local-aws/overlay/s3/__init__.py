"""S3: the bucket and its policy in CloudFormation, and what the service's own API lacks."""

from overlay.s3 import bucket, bucket_policy, conditions, encryption, ownership, subresources

PATCHES = (
    *bucket.PATCHES,
    *bucket_policy.PATCHES,
    *conditions.PATCHES,
    *encryption.PATCHES,
    *ownership.PATCHES,
    *subresources.PATCHES,
)
