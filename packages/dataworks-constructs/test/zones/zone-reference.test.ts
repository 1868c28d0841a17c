import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { ZoneReference } from '../../src';
import { newStack, OTHER_ACCOUNT, REGION } from '../support/synth';

const KEY_ARN = `arn:aws:kms:${REGION}:${OTHER_ACCOUNT}:key/k`;

test('a role gets its half of what the lake of another account grants: the prefix, and the key through S3 for its own account', () => {
  const stack = newStack();
  const zone = new ZoneReference(stack, 'Curated', { bucketName: 'curated', keyArn: KEY_ARN });
  zone.grantRead(new Role(stack, 'Reader', { assumedBy: new AccountRootPrincipal() }), 'reports/*');
  const s3 = { 'Fn::Join': ['', [`s3.`, { Ref: 'AWS::Region' }, '.', { Ref: 'AWS::URLSuffix' }]] };
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Action: Match.arrayWith(['s3:GetObject']),
          Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::curated/reports/*']] },
        }),
        Match.objectLike({
          Action: 'kms:Decrypt',
          Resource: KEY_ARN,
          Condition: { StringEquals: { 'kms:ViaService': s3, 'kms:CallerAccount': { Ref: 'AWS::AccountId' } } },
        }),
      ]),
    },
  });
  expect(zone.bucket.bucketName).toBe('curated');
  expect(zone.bucket.encryptionKey).toBe(zone.key);
});
