import { AccessLogsBucket, EncryptionKey } from '@dataworks/constructs';
import { DECISIONS as BUCKET_DECISIONS } from '@dataworks/constructs/lib/private/acknowledgements';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { App, CfnResource, Stack, Validations } from 'aws-cdk-lib/core';
import { acknowledgedIn, allViolationsIn, PACKS } from '../../../dataworks-constructs/test/checks/packs';
import { synthesised } from '../../../dataworks-constructs/test/checks/validated';
import { BackendStack, StateBackend } from '../../src';
import { DECISIONS } from '../../src/private/acknowledgements';
import { ACCOUNT, PROPS, REGION } from '../support/backend';
import { NAMES } from '../support/calls';

/** The stack as it is deployed, one without a pipeline, and a state backend with every option. */
function everything(): App {
  const app = new App();
  new BackendStack(app, 'Backend', PROPS);
  new BackendStack(app, 'ByHand', { ...PROPS, environment: 'lab', circleCi: undefined });
  const stack = new Stack(app, 'Own', { env: { account: ACCOUNT, region: REGION } });
  const { key: encryptionKey } = new EncryptionKey(stack, 'Key', { alias: 'state' });
  new StateBackend(stack, 'State', {
    names: NAMES.elsewhere({ environment: 'own', account: ACCOUNT }),
    encryptionKey,
    accessLogs: new AccessLogsBucket(stack, 'Logs'),
    recordReaders: PROPS.recordReaders,
  });
  return app;
}

/** Of the state backend and the roles; what limits deployments is elsewhere. */
const PARTS = /^(Backend|ByHand|Own)\/(State|CircleCi|Deployer)\//;

/** What they acknowledge, with the reasons. */
const acknowledged = (app: App): Array<[CfnResource, string, string]> => acknowledgedIn(app).filter(([{ node }]) => PARTS.test(node.path));

describe("every construct under cdk-nag's packs and the checks of the buckets", () => {
  const app = everything();
  Validations.of(app).addPlugins(...PACKS.map((Pack) => new Pack(app)));

  test('has no finding', () => {
    const { error, findings } = synthesised(app);
    expect({ error, findings }).toEqual({ error: undefined, findings: [] });
  });

  test.each(PACKS)('%p did look: a bucket beside it is found', (Pack) => {
    const canary = everything();
    new Bucket(canary.node.findChild('Own'), 'Canary');
    canary.synth();
    const { success, violations } = new Pack(canary).validateScope(canary);
    expect(success).toBe(false);
    for (const { violatingResources } of violations) {
      for (const { constructPath } of violatingResources) expect(constructPath).toBe('Own/Canary/Resource');
    }
  });

  test('every acknowledgement is needed', () => {
    const found = allViolationsIn(app)
      .filter(({ violatingResources }) => violatingResources.some(({ constructPath = '' }) => PARTS.test(constructPath)))
      .map(({ ruleName }) => ruleName);
    const said = acknowledged(app).map(([, id]) => id);
    expect(new Set(said.filter((id) => !id.startsWith('DataWorks-')))).toEqual(new Set(found));
  });

  test('each is said on a resource, with a reason, by a decision that the docs list', () => {
    const decisions = [...Object.values(DECISIONS), ...Object.values(BUCKET_DECISIONS)];
    const decided = new Set<string>(decisions.flatMap(({ ids }) => [...ids]));
    for (const [resource, id, reason] of acknowledged(app)) {
      expect(CfnResource.isCfnResource(resource)).toBe(true);
      expect(reason.length).toBeGreaterThan(20);
      expect(decided).toContain(id.replace(/Resource::.*\//, 'Resource::…/'));
    }
  });
});

/** cdk-nag writes the id of a statement with the name of the bucket: one that is added later is found. */
test('the wildcards of the pipeline are below three prefixes of the state bucket, and nothing else', () => {
  const app = everything();
  app.synth();
  const wildcards = acknowledged(app)
    .filter(([resource, id]) => id.startsWith('AwsSolutions-IAM5') && resource.node.path.startsWith('Backend/'))
    .map(([resource, id]) => `${resource.node.path.split('/').slice(1, -2).join('/')} ${/dataworks-infra\/.*(?=\])/.exec(id)?.[0]}`);
  expect(wildcards).toEqual([
    'CircleCi/PlanRole dataworks-infra/history/*',
    'CircleCi/PlanRole dataworks-infra/plans/*',
    'Deployer/Role dataworks-infra/*',
    'Deployer/Role dataworks-infra/history/*',
    'Deployer/Role dataworks-infra/approvals/*',
  ]);
});
