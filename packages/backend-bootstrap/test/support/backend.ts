import { App } from 'aws-cdk-lib/core';
import { ACCOUNT, OTHER_ACCOUNT, REGION, rendered } from '../../../dataworks-constructs/test/support/synth';
import { BackendStack, type BackendStackProps } from '../../src';

export { ACCOUNT, OTHER_ACCOUNT, REGION };

/** Account of the environment that comes after. */
export const LATER_ACCOUNT = '777788889999';

export const CIRCLECI = {
  organizationId: '11111111-2222-3333-4444-555555555555',
  projectId: '66666666-7777-8888-9999-000000000000',
  repository: 'github.com/acme/lake',
};

export const ADMINISTRATOR = `arn:aws:iam::${ACCOUNT}:role/platform-admin`;

/** What the restricted context holds: the parameter of the template. */
export const EXTERNAL_ID = 'b1c7f0f2c5d04f0f9f0f7b7e4c8a2d31';

/** The environment in the middle of three. */
export const PROPS: BackendStackProps = {
  env: { account: ACCOUNT, region: REGION },
  project: 'sales',
  environment: 'test',
  owner: 'sales-data',
  production: false,
  circleCi: CIRCLECI,
  after: { environment: 'dev', account: OTHER_ACCOUNT },
  recordReaders: [{ environment: 'prod', account: LATER_ACCOUNT }],
  administrators: [ADMINISTRATOR],
};

/** The longest values that dataworks.json may hold. Of the state's names it refuses those that make the bucket's longer than 63. */
export const LONGEST = {
  project: 'p'.repeat(20),
  environment: 'e'.repeat(10),
  owner: 'o'.repeat(256),
  stateName: 's'.repeat(31),
  stateNameSuffix: 'x'.repeat(20),
  stateKey: 'k'.repeat(128),
  qualifier: 'q'.repeat(10),
  env: { account: ACCOUNT, region: 'ap-southeast-1' },
};

/** The stack of an app of its own. */
export function backendStack(props: Partial<BackendStackProps> = {}): BackendStack {
  return new BackendStack(new App(), 'Backend', { ...PROPS, ...props });
}

/** What it deploys. */
export const backendTemplate = (props?: Partial<BackendStackProps>) => rendered(backendStack(props));
