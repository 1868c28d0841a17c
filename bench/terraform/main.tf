# The lake as Terraform users write it: the key, the log bucket and the thirteen zones of `bench/programs/hand-written-lake.ts`, with the
# same settings. Without SSM parameters.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7.0"
    }
  }
}

provider "aws" {
  s3_use_path_style           = true # another endpoint than AWS's has no name of its own for each bucket
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  default_tags {
    tags = { project = "dataworks", environment = "dev", owner = "data-platform" }
  }
}

data "aws_caller_identity" "this" {}

locals {
  account = data.aws_caller_identity.this.account_id

  zones = {
    glue-jobs       = { classification = "internal", noncurrent_days = 90 }
    raw-archive     = { classification = "confidential", noncurrent_days = 90, transition = { class = "GLACIER", days = 90 } }
    raw             = { classification = "confidential", noncurrent_days = 30, transition = { class = "STANDARD_IA", days = 30 }, events = true }
    structured      = { classification = "confidential", noncurrent_days = 30, transition = { class = "STANDARD_IA", days = 180 } }
    curated         = { classification = "confidential", noncurrent_days = 30, transition = { class = "INTELLIGENT_TIERING", days = 0 } }
    temp-reload     = { classification = "confidential", versioned = false, retention_days = 7 }
    domain          = { classification = "confidential", noncurrent_days = 90 }
    schema-registry = { classification = "internal", events = true }
    domain-config   = { classification = "internal", noncurrent_days = 90 }
    violation       = { classification = "confidential", noncurrent_days = 90, transition = { class = "STANDARD_IA", days = 90 }, events = true }
    landing         = { classification = "restricted", noncurrent_days = 7, events = true }
    landing-process = { classification = "restricted", versioned = false, events = true }
    quarantine      = { classification = "restricted", noncurrent_days = 90, events = true }
  }

  buckets = merge(local.zones, { access-logs = { noncurrent_days = 30, retention_days = 365 } })
}

resource "aws_kms_key" "lake" {
  description             = "Encrypts the data lake of dataworks, dev"
  enable_key_rotation     = true
  rotation_period_in_days = 365
  deletion_window_in_days = 30
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AccountDelegation"
      Effect    = "Allow"
      Principal = { AWS = "arn:aws:iam::${local.account}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "lake" {
  name          = "alias/dataworks/dev/lake"
  target_key_id = aws_kms_key.lake.id
}

resource "aws_s3_bucket" "this" {
  for_each = local.buckets
  bucket   = "dataworks-dev-${local.account}-${each.key}"
  tags     = try({ zone = each.key, classification = each.value.classification }, {})
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this
  bucket   = each.value.id
  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each                = aws_s3_bucket.this
  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = { for id, bucket in local.buckets : id => bucket if try(bucket.versioned, true) }
  bucket   = aws_s3_bucket.this[each.key].id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = local.buckets
  bucket   = aws_s3_bucket.this[each.key].id
  rule {
    bucket_key_enabled = each.key != "access-logs"
    apply_server_side_encryption_by_default {
      sse_algorithm     = each.key == "access-logs" ? "AES256" : "aws:kms"
      kms_master_key_id = each.key == "access-logs" ? null : aws_kms_key.lake.arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each   = local.buckets
  bucket     = aws_s3_bucket.this[each.key].id
  depends_on = [aws_s3_bucket_versioning.this]

  rule {
    id     = "abort-incomplete-uploads"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  dynamic "rule" {
    for_each = try([each.value.transition], [])
    content {
      id     = "transition-objects"
      status = "Enabled"
      filter {}
      transition {
        storage_class = rule.value.class
        days          = rule.value.days
      }
    }
  }

  dynamic "rule" {
    for_each = try([each.value.retention_days], [])
    content {
      id     = "expire-objects"
      status = "Enabled"
      filter {}
      expiration {
        days = rule.value
      }
    }
  }

  dynamic "rule" {
    for_each = try([each.value.noncurrent_days], [])
    content {
      id     = "expire-noncurrent-versions"
      status = "Enabled"
      filter {}
      noncurrent_version_expiration {
        noncurrent_days = rule.value
      }
    }
  }

  dynamic "rule" {
    for_each = try(each.value.versioned, true) ? [true] : []
    content {
      id     = "remove-expired-delete-markers"
      status = "Enabled"
      filter {}
      expiration {
        expired_object_delete_marker = rule.value
      }
    }
  }
}

resource "aws_s3_bucket_logging" "this" {
  for_each      = local.zones
  bucket        = aws_s3_bucket.this[each.key].id
  target_bucket = aws_s3_bucket.this["access-logs"].id
  target_prefix = "${each.key}/"
  target_object_key_format {
    partitioned_prefix {
      partition_date_source = "EventTime"
    }
  }
}

resource "aws_s3_bucket_notification" "this" {
  for_each    = { for id, zone in local.zones : id => zone if try(zone.events, false) }
  bucket      = aws_s3_bucket.this[each.key].id
  eventbridge = true
}

resource "aws_s3_bucket_policy" "this" {
  for_each   = local.buckets
  bucket     = aws_s3_bucket.this[each.key].id
  depends_on = [aws_s3_bucket_public_access_block.this]
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat(
      [
        {
          Effect    = "Deny"
          Principal = { AWS = "*" }
          Action    = "s3:*"
          Resource  = [aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]
          Condition = { Bool = { "aws:SecureTransport" = "false" } }
        },
        {
          Effect    = "Deny"
          Principal = { AWS = "*" }
          Action    = "s3:*"
          Resource  = [aws_s3_bucket.this[each.key].arn, "${aws_s3_bucket.this[each.key].arn}/*"]
          Condition = { NumericLessThan = { "s3:TlsVersion" = 1.2 } }
        },
        {
          Sid       = "DenyOtherAlgorithm"
          Effect    = "Deny"
          Principal = { AWS = "*" }
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.this[each.key].arn}/*"
          Condition = {
            Null            = { "s3:x-amz-server-side-encryption" = "false" }
            StringNotEquals = { "s3:x-amz-server-side-encryption" = each.key == "access-logs" ? "AES256" : "aws:kms" }
          }
        },
      ],
      [for id in keys(local.zones) : {
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.this[each.key].arn}/${id}/*"
        Condition = { ArnLike = { "aws:SourceArn" = aws_s3_bucket.this[id].arn }, StringEquals = { "aws:SourceAccount" = local.account } }
      } if each.key == "access-logs"],
      [for statement in [
        {
          Sid       = "DenyOtherKey"
          Effect    = "Deny"
          Principal = { AWS = "*" }
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.this[each.key].arn}/*"
          Condition = {
            Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "false" }
            ArnNotEquals = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = [aws_kms_key.lake.arn] }
          }
        },
        {
          Sid       = "DenyUnnamedKey"
          Effect    = "Deny"
          Principal = { AWS = "*" }
          Action    = "s3:PutObject"
          Resource  = "${aws_s3_bucket.this[each.key].arn}/*"
          Condition = {
            StringEquals = { "s3:x-amz-server-side-encryption" = "aws:kms" }
            Null         = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = "true" }
          }
        },
      ] : statement if each.key != "access-logs"],
    )
  })
}
