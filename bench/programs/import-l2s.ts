/** Loads the constructs of CDK that `@dataworks/constructs` stands on, and nothing else. CDK loads them when they are named. */
import { Grant, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { CfnOutput, DefaultStackSynthesizer, Stack, Tags } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

export const loaded = [
  Grant,
  PolicyStatement,
  Role,
  Alias,
  Key,
  Bucket,
  StringParameter,
  CfnOutput,
  DefaultStackSynthesizer,
  Stack,
  Tags,
  Construct,
];
