import { AccountDeployer } from '../../src/apply/deployer';
import { answeringServer, queryError } from '../support/answering-server';
import { ACCOUNT, plannedStack, planWith } from '../support/planned';

const { requests, answerWith } = answeringServer();
const REGION = 'eu-central-1';
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const CREDENTIALS =
  '<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s</SecretAccessKey>' +
  '<SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>';

test('each stack is asked for by the role that it names, also beside others of its region; one that is not planned by that of the bootstrap', async () => {
  const stacks = ['network', 'lake'].map((name) => plannedStack({ name, artifactId: name, deployRoleArn: roleArn(`${name}-deploy`) }));
  const deployer = new AccountDeployer({
    bundle: { plan: planWith(stacks), directory: '', dispose: () => {} },
    caller: `arn:aws:sts::${ACCOUNT}:assumed-role/deployer/job`,
    deployRoleArn: roleArn('cdk-deploy'),
    open: () => Promise.reject(new Error('opens nothing')),
    tell: () => {},
  });
  answerWith((request) =>
    request.includes('Action=AssumeRole')
      ? { status: 200, body: CREDENTIALS }
      : { status: 400, body: queryError('ValidationError', 'Stack does not exist') },
  );
  for (const name of ['network', 'lake', 'network', 'old']) {
    await deployer.stacksFor(REGION, name).find(name);
    expect(await deployer.deployed(`${REGION}/${name}`)).toBeUndefined();
    expect(await deployer.lastOperation(`${REGION}/${name}`, 0)).toBeUndefined();
  }
  const assumed = new Set(requests.flatMap((request) => /RoleArn=([^&]+)/.exec(request)?.[1] ?? []).map(decodeURIComponent));
  expect([...assumed]).toEqual([roleArn('network-deploy'), roleArn('lake-deploy'), roleArn('cdk-deploy')]);
});
