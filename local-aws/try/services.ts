import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ECRClient } from '@aws-sdk/client-ecr';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { STSClient } from '@aws-sdk/client-sts';
import type { Services } from './read-back';
import { dynamoDbTableReader } from './readers/dynamodb-table';
import { ecrRepositoryReader } from './readers/ecr-repository';
import { iamManagedPolicyReader } from './readers/iam-managed-policy';
import { iamOidcProviderReader } from './readers/iam-oidc-provider';
import { iamPolicyReader } from './readers/iam-policy';
import { iamRoleReader } from './readers/iam-role';
import { kmsAliasReader } from './readers/kms-alias';
import { kmsKeyReader } from './readers/kms-key';
import { s3BucketReader } from './readers/s3-bucket';
import { s3BucketPolicyReader } from './readers/s3-bucket-policy';
import { ssmParameterReader } from './readers/ssm-parameter';

/** The services of the account and region that the environment variables name, with a reader for each type of our stacks. */
export function services(): Services {
  const s3 = new S3Client({ forcePathStyle: true }); // no name resolution for bucket names on localhost
  const kms = new KMSClient();
  const iam = new IAMClient();
  const ssm = new SSMClient();
  const readers = new Map([
    ['AWS::DynamoDB::Table', dynamoDbTableReader(new DynamoDBClient())],
    ['AWS::ECR::Repository', ecrRepositoryReader(new ECRClient())],
    ['AWS::IAM::ManagedPolicy', iamManagedPolicyReader(iam)],
    ['AWS::IAM::OIDCProvider', iamOidcProviderReader(iam)],
    ['AWS::IAM::Policy', iamPolicyReader(iam)],
    ['AWS::IAM::Role', iamRoleReader(iam)],
    ['AWS::KMS::Key', kmsKeyReader(kms)],
    ['AWS::KMS::Alias', kmsAliasReader(kms)],
    ['AWS::S3::Bucket', s3BucketReader(s3)],
    ['AWS::S3::BucketPolicy', s3BucketPolicyReader(s3)],
    ['AWS::SSM::Parameter', ssmParameterReader(ssm)],
  ]);
  return { cloudFormation: new CloudFormationClient(), ssm, sts: new STSClient(), readers };
}
