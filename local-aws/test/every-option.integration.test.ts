/** Every option of the constructs, deployed by the CDK command line into a local AWS of its own, and every value of it read back. */
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { cdk } from './cdk';
import { claimsOf } from './claims';
import { ownServer } from './own-server';
import { TAMPERINGS, type Found } from './tamperings';
import { everyOption, PLACES } from '../../packages/dataworks-constructs/test/stability/every-option';
import { clientEnvironment } from '../cli/environment';
import { isEqual, type Comparison } from '../try/compare';
import { deploymentOf } from '../try/deployment';
import type { JsonObject } from '../try/json';
import { readBack, readResource, type Services, type StackReadBack } from '../try/read-back';
import { ifAny, type DeployedResource, type Reader } from '../try/readers/reader';
import { differences, writeOnly } from '../try/report';
import { services } from '../try/services';
import { resolve, stacksOf, type Deployment, type SynthesizedStack, type TemplateResource } from '../try/template';
import { useEnvironment } from '../try/use-environment';

/** In order of dependency: the consumer finds the lake by what that wrote to Parameter Store, which CDK cannot know. */
const DEPLOYMENTS = [['Logs', 'Lake'], ['Consumer']] as const;

/** Properties that no API answers, each with the reason: here the template that CloudFormation gives back is all there is. */
const NOT_READABLE: Readonly<Record<string, string>> = {
  'AWS::KMS::Key PendingWindowInDays': 'KMS shows it only for a key whose deletion is scheduled',
};

const { account, region } = PLACES.aws;
const own = ownServer();
const { folder } = own;
const stacks = synthesize();
const claims = stacks.flatMap((stack) => claimsOf(stack.template.Resources).map((claim) => ({ ...claim, stack })));
const unreadable = claims.filter(({ property }) => property in NOT_READABLE);
const TYPES = [...new Set(stacks.flatMap(({ template }) => Object.values(template.Resources).map(({ Type }) => Type)))].sort();

let deployed: StackReadBack[];
let told: readonly string[];

function synthesize(): SynthesizedStack[] {
  const assembly = join(folder, 'cdk.out');
  useEnvironment({ CDK_OUTDIR: assembly }); // as the command line tells an app where to
  everyOption('aws', {});
  useEnvironment({ CDK_OUTDIR: undefined });
  return stacksOf(assembly);
}

async function deploy(): Promise<string[]> {
  const options = ['--app', join(folder, 'cdk.out'), '--require-approval', 'never', '--progress', 'events'];
  const lines: string[] = [];
  for (const names of DEPLOYMENTS) lines.push(...(await cdk(['deploy', ...options, ...names], () => {}, folder)));
  return lines;
}

const readAll = () => Promise.all(stacks.map((stack) => readBack(stack, services())));
const ofType = (type: string) => claims.filter(({ property }) => property.startsWith(`${type} `));

function counts(type: string): { values: number; properties: number } {
  const properties = ofType(type).map(({ property }) => property);
  return { values: properties.length, properties: new Set(properties).size };
}

beforeAll(async () => {
  useEnvironment(clientEnvironment({ url: own.url, account, region }, process.env));
  await cdk(['bootstrap', `aws://${account}/${region}`, '--toolkit-stack-name', 'CDKToolkit'], () => {}, folder);
  await deploy();
  deployed = await readAll();
  told = await deploy();
});

test('every stack that was synthesised is deployed', () => {
  expect(stacks.map(({ name }) => name).sort()).toEqual(DEPLOYMENTS.flat().sort());
});

test('nothing differs between the templates and what the services answer', () => {
  expect(deployed.flatMap(differences)).toEqual([]);
});

test(`what is not readable is listed here, with its reason: ${unreadable.length} of ${claims.length} values`, () => {
  expect(writeOnly(deployed)).toEqual(Object.entries(NOT_READABLE).map(([property, reason]) => `${property}: ${reason}`));
});

describe(`each of the other ${claims.length - unreadable.length} values is compared: a template that claims another one is found out.`, () => {
  const deployments = new Map<SynthesizedStack, Deployment>();
  let readers: Services['readers'];
  beforeAll(async () => {
    readers = new Map([...services().readers].map(([type, reader]) => [type, remembering(reader)]));
    for (const stack of stacks) deployments.set(stack, await deploymentOf(stack, services()));
  });

  /** Alone what the change of this value makes different counts. */
  async function isFoundOut({ stack, logicalId, altered }: (typeof claims)[number]): Promise<boolean> {
    const deployment = deployments.get(stack)!;
    const differing = async (resource: TemplateResource): Promise<Comparison[]> => {
      const resources = { ...deployment.resources, [logicalId]: resource };
      return (await readResource(logicalId, { ...deployment, resources }, readers)).comparisons.filter((one) => !isEqual(one));
    };
    return !isDeepStrictEqual(await differing(altered), await differing(stack.template.Resources[logicalId]));
  }

  test.each(TYPES.map((type) => ({ type, ...counts(type) })))('$type: $values values of $properties properties', async ({ type }) => {
    const missed = new Set<string>();
    for (const claim of ofType(type)) if (!(await isFoundOut(claim))) missed.add(claim.property);
    expect([...missed]).toEqual(Object.keys(NOT_READABLE).filter((property) => property.startsWith(`${type} `)));
  });
});

/** Asks once for a resource, as long as it is asked by the same. */
function remembering(reader: Reader): Reader {
  const answers = new Map<string, ReturnType<Reader['read']>>();
  return {
    ...reader,
    read(resource: DeployedResource) {
      const askedBy = JSON.stringify([resource.physicalId, (reader.identifying ?? []).map((name) => resource.properties[name])]);
      if (!answers.has(askedBy)) answers.set(askedBy, reader.read(resource));
      return answers.get(askedBy)!;
    },
  };
}

test('a second deployment has nothing to do in any stack', () => {
  expect(told.filter((line) => line.includes('✅')).map((line) => line.trim())).toEqual(
    DEPLOYMENTS.flat().map((name) => `✅  ${name} (no changes)`),
  );
});

describe('what somebody changes behind the back of the stacks is found:', () => {
  let found: Found[];
  beforeAll(async () => {
    const { resources } = deployed.find(({ name }) => name === 'Lake')!;
    const idOf = (name: string): string => resources.find(({ logicalId }) => withoutHash(logicalId) === name)!.physicalId;
    for (const { change } of TAMPERINGS) await change(idOf);
    found = (await readAll()).flatMap(different);
  });

  test.each(TAMPERINGS)('$what', (tampering) => {
    expect(found).toContainEqual(tampering.found);
  });

  test('and nothing else', () => {
    expect(found).toHaveLength(TAMPERINGS.length);
  });
});

test('destroyed, the stacks keep what their templates retain and delete everything else', async () => {
  const all = services();
  const asked = await Promise.all(
    stacks.map(async (stack) => {
      const deployment = await deploymentOf(stack, all);
      return Object.entries(stack.template.Resources).map(([logicalId, { Type, Properties, DeletionPolicy }]) => ({
        resource: `${Type} ${logicalId}`,
        retained: DeletionPolicy === 'Retain' || DeletionPolicy === 'RetainExceptOnCreate',
        reader: all.readers.get(Type)!,
        asks: { physicalId: deployment.physicalIds[logicalId]!, properties: resolve(Properties, deployment) as JsonObject },
      }));
    }),
  );
  for (const names of [...DEPLOYMENTS].reverse()) {
    await cdk(['destroy', '--app', join(folder, 'cdk.out'), '--force', '--progress', 'events', ...names], () => {}, folder);
  }
  const left = await Promise.all(asked.flat().map(async ({ resource, reader, asks }) => ((await isThere(reader, asks)) ? [resource] : [])));
  expect(left.flat()).toEqual(asked.flat().flatMap(({ resource, retained }) => (retained ? [resource] : [])));
});

/** Whether the service still has it; of a policy that is gone there is no document, and a key whose deletion is scheduled is disabled. */
async function isThere(reader: Reader, asks: DeployedResource): Promise<boolean> {
  const absent = ['NoSuchBucket', 'NoSuchEntityException', 'NotFoundException', 'ParameterNotFound'];
  const { Enabled, ...properties } = (await ifAny(reader.read(asks), ...absent)) ?? {};
  return Enabled !== false && Object.keys(properties).length > 0;
}

const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');

function different({ name, stack, resources }: StackReadBack): Found[] {
  return [{ logicalId: name, comparisons: stack }, ...resources].flatMap(({ logicalId, comparisons }) =>
    comparisons.filter((comparison) => !isEqual(comparison)).map(({ path, actual }): Found => [withoutHash(logicalId), path, actual]),
  );
}
