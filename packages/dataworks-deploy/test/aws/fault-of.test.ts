import { faultOf } from '../../src/aws/fault-of';

const error = (name: string, message = 'Something.', more: object = {}) => Object.assign(new Error(message), { name, ...more });

test.each([
  ['no credentials', error('CredentialsProviderError', 'Could not load credentials from any providers'), 'DW2104'],
  [
    'an SSO session that has ended',
    error('CredentialsProviderError', 'The SSO session associated with this profile has expired'),
    'DW2105',
  ],
  ['an expired token', error('ExpiredTokenException'), 'DW2105'],
  ['an unknown key', error('InvalidClientTokenId'), 'DW2106'],
  ['an unknown key, as other services say it', error('UnrecognizedClientException'), 'DW2106'],
  ['a wrong secret', error('SignatureDoesNotMatch'), 'DW2106'],
  ['a denied action', error('AccessDenied'), 'DW2109'],
  ['no name server', error('Error', 'getaddrinfo EAI_AGAIN sts.eu-central-1.amazonaws.com', { code: 'EAI_AGAIN' }), 'DW2110'],
  ['nobody listening', error('Error', 'connect ECONNREFUSED', { code: 'ECONNREFUSED' }), 'DW2110'],
  ['no answer in time', error('TimeoutError'), 'DW2110'],
  ['throttling', error('ThrottlingException', 'Rate exceeded'), 'DW2111'],
])('%s', (_what, thrown, code) => {
  expect(faultOf(thrown, 'sts:GetCallerIdentity')?.code).toBe(code);
});

test('without credentials nobody is sent for an administrator: not every command is for one', () => {
  expect(faultOf(error('CredentialsProviderError'), 'sts:GetCallerIdentity')?.message).toContain('of the identity that the command is for');
});

test('the answer of a service is no fault', () => {
  expect(faultOf(error('NoSuchEntity'), 'iam:GetRole')).toBeUndefined();
  expect(faultOf(error('ValidationError', 'Stack x does not exist'), 'cloudformation:DescribeStacks')).toBeUndefined();
  expect(faultOf('no error', 'x:Y')).toBeUndefined();
});

test.each([
  [
    'User: arn:aws:sts::1:assumed-role/dev/ada is not authorized to perform: cloudformation:CreateChangeSet on resource: arn:aws:cloudformation:eu-central-1:1:stack/a/* because no identity-based policy allows the cloudformation:CreateChangeSet action',
    'cloudformation:CreateChangeSet on arn:aws:cloudformation:eu-central-1:1:stack/a/* for arn:aws:sts::1:assumed-role/dev/ada',
  ],
  ['User: arn:aws:iam::1:user/ada is not authorized to perform: s3:ListAllMyBuckets', 's3:ListAllMyBuckets for arn:aws:iam::1:user/ada'],
  ['Access Denied', 's3:GetBucketPolicy (Access Denied)'],
])('a denied action is named: %s', (message, received) => {
  expect(faultOf(error('AccessDenied', message), 's3:GetBucketPolicy')?.received).toBe(received);
});
