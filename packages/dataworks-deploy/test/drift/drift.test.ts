/** Drift against a CloudFormation that answers as AWS does where the embedded one does not. */
import type { StackResource } from '../../src/aws/cloudformation';
import { Stacks } from '../../src/aws/cloudformation';
import { DriftDetection, type DetectedResource } from '../../src/aws/drift-detection';
import { driftOf } from '../../src/drift/detect';
import { isComplete, isDrifted, resourcesOf, stackStatus, type ResourceStatus, type StackDrift } from '../../src/drift/drift';
import { driftReport } from '../../src/drift/report';
import { answeringServer, queryError } from '../support/answering-server';

const STARTED = new Date('2026-11-24T10:00:00Z');
const bucket: StackResource = { logicalId: 'Raw', type: 'AWS::S3::Bucket', physicalId: 'raw', status: 'CREATE_COMPLETE' };

describe('the status of a resource', () => {
  const of = (status: string, checkedAt = STARTED): DetectedResource => ({ logicalId: 'Raw', status, checkedAt, differences: [] });
  test.each<[string, DetectedResource[], ResourceStatus]>([
    ['in sync', [of('IN_SYNC')], 'IN_SYNC'],
    ['modified', [of('MODIFIED')], 'MODIFIED'],
    ['deleted', [of('DELETED')], 'DELETED'],
    ['of a type that CloudFormation cannot compare', [], 'NOT_CHECKED'],
    ['unsupported', [of('UNSUPPORTED')], 'NOT_CHECKED'],
    ['not readable', [of('UNKNOWN')], 'UNKNOWN'],
    ['in sync at an earlier check, and not compared by this one', [of('IN_SYNC', new Date('2026-11-24T09:59:59Z'))], 'UNKNOWN'],
    ['what a later version of CloudFormation may say', [of('ALMOST_IN_SYNC')], 'UNKNOWN'],
  ])('%s', (_what, found, status) => {
    expect(resourcesOf([bucket], found, { startedAt: STARTED })).toMatchObject([{ logicalId: 'Raw', status }]);
  });
});

describe('the status of a stack', () => {
  const stack = (...statuses: ResourceStatus[]) => ({
    resources: statuses.map((status, index) => ({ logicalId: String(index), type: 'AWS::X::Y', status, differences: [] })),
  });
  test.each<[Pick<StackDrift, 'note' | 'problem' | 'resources'>, StackDrift['status']]>([
    [stack('IN_SYNC', 'NOT_CHECKED'), 'IN_SYNC'],
    [stack('IN_SYNC', 'MODIFIED'), 'DRIFTED'],
    [stack('DELETED', 'UNKNOWN'), 'DRIFTED'],
    [stack('IN_SYNC', 'UNKNOWN'), 'UNKNOWN'],
    [{ ...stack('IN_SYNC'), problem: 'no' }, 'UNKNOWN'],
    [{ ...stack('IN_SYNC'), note: 'another stack' }, 'DRIFTED'],
    [stack('NOT_CHECKED'), 'NOT_CHECKED'],
    [stack(), 'NOT_CHECKED'],
  ])('%j is %s', (found, status) => {
    expect(stackStatus(found)).toBe(status);
  });
});

describe('CloudFormation', () => {
  const { requests, answerWith } = answeringServer();
  const id = (name: string) => `arn:aws:cloudformation:eu-central-1:111122223333:stack/${name}/1`;
  const recorded = [{ name: 'lake', region: 'eu-central-1', id: id('lake'), templateHash: '', status: 'UPDATE_COMPLETE' }];
  const result = (action: string, body: string) => ({
    status: 200,
    body: `<${action}Response><${action}Result>${body}</${action}Result></${action}Response>`,
  });
  const actionOf = (request: string) => /Action=(\w+)/.exec(request)![1];
  const nameOf = (request: string) => /(?:StackName=(?:arn\S*?stack%2F)?|DetectionId=)(\w+?)(?=%2F|&|$)/.exec(request)![1];

  /** Stacks that are there, with their resources: `logical id: [type, physical id, drift status]`. */
  interface World {
    readonly stacks: Readonly<Record<string, Readonly<Record<string, readonly [type: string, id: string, drift?: string]>>>>;
    readonly detection?: string;
    readonly refusals?: string[];
  }

  function answerAs({ stacks, detection = '<DetectionStatus>DETECTION_COMPLETE</DetectionStatus>', refusals = [] }: World): void {
    answerWith((request) => {
      const action = actionOf(request);
      const name = nameOf(request);
      const resources = Object.entries(stacks[name] ?? {});
      switch (action) {
        case 'DescribeStacks':
          return name in stacks
            ? result(
                action,
                `<Stacks><member><StackId>${id(name)}</StackId><StackName>${name}</StackName><StackStatus>CREATE_COMPLETE</StackStatus></member></Stacks>`,
              )
            : { status: 400, body: queryError('ValidationError', `Stack with id ${name} does not exist`) };
        case 'DetectStackDrift': {
          const refusal = refusals.shift();
          return refusal === undefined
            ? result(action, `<StackDriftDetectionId>${name}</StackDriftDetectionId>`)
            : { status: 400, body: queryError(...(refusal.split(': ') as [string, string])) };
        }
        case 'DescribeStackDriftDetectionStatus':
          return result(action, `${detection}<Timestamp>${STARTED.toISOString()}</Timestamp>`);
        case 'ListStackResources':
          return result(
            action,
            `<StackResourceSummaries>${resources.map(([logical, [type, physical]]) => `<member><LogicalResourceId>${logical}</LogicalResourceId><ResourceType>${type}</ResourceType><PhysicalResourceId>${physical}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`).join('')}</StackResourceSummaries>`,
          );
        default:
          return result(
            action,
            `<StackResourceDrifts>${resources.flatMap(([logical, [, , drift]]) => (drift === undefined ? [] : [`<member><LogicalResourceId>${logical}</LogicalResourceId><StackResourceDriftStatus>${drift}</StackResourceDriftStatus><Timestamp>${STARTED.toISOString()}</Timestamp></member>`])).join('')}</StackResourceDrifts>`,
          );
      }
    });
  }

  const told: string[] = [];
  const detected = () => {
    told.length = 0;
    const sourceIn = (region: string) => ({ stacks: new Stacks(region), detection: new DriftDetection(region) });
    return driftOf(recorded, sourceIn, (line) => told.push(line));
  };
  const NESTED = 'AWS::CloudFormation::Stack';
  const SYNCED = { Raw: ['AWS::S3::Bucket', 'raw', 'IN_SYNC'] } as const;

  test('each nested stack is compared by itself, however deep, and named by the way to it', async () => {
    answerAs({
      stacks: {
        lake: { ...SYNCED, Zones: [NESTED, id('zones')] },
        zones: { Deeper: [NESTED, id('deeper')] },
        deeper: { Key: ['AWS::KMS::Key', 'key', 'DELETED'] },
      },
    });
    expect((await detected()).map(({ name, nested, status }) => [name, nested.join('/'), status])).toEqual([
      ['lake', '', 'IN_SYNC'],
      ['zones', 'Zones', 'NOT_CHECKED'],
      ['deeper', 'Zones/Deeper', 'DRIFTED'],
    ]);
  });

  test('a nested stack that somebody deleted is drift', async () => {
    answerAs({ stacks: { lake: { ...SYNCED, Zones: [NESTED, id('zones')] } } });
    expect((await detected()).map(({ name, status }) => [name, status])).toEqual([
      ['lake', 'IN_SYNC'],
      ['zones', 'DELETED'],
    ]);
  });

  test('a detection that is under way is waited for, and another one begun: what it finds would be older than the question', async () => {
    answerAs({ stacks: { lake: SYNCED }, refusals: ['ValidationError: Drift detection is already in progress for stack [lake]'] });
    expect(await detected()).toMatchObject([{ status: 'IN_SYNC' }]);
    expect(requests.filter((request) => actionOf(request) === 'DetectStackDrift')).toHaveLength(2);
    expect(told).toContain('lake: somebody else checks it at the same time; waiting for that …');
  });

  test('a stack that is being changed is refused, in the words of CloudFormation', async () => {
    answerAs({ stacks: { lake: SYNCED }, refusals: ['ValidationError: Stack lake is in UPDATE_IN_PROGRESS state'] });
    const [stack] = await detected();
    expect(stack).toMatchObject({ status: 'UNKNOWN', problem: 'Stack lake is in UPDATE_IN_PROGRESS state', resources: [] });
    expect(isComplete(stack)).toBe(false);
  });

  test('a detection that failed is a failure, also when what it could compare is in sync', async () => {
    const detection =
      '<DetectionStatus>DETECTION_FAILED</DetectionStatus><DetectionStatusReason>Failed to detect drift on resources [Key]</DetectionStatusReason>';
    answerAs({ stacks: { lake: { ...SYNCED, Key: ['AWS::KMS::Key', 'key', 'UNKNOWN'] } }, detection });
    const [stack] = await detected();
    expect(stack).toMatchObject({ status: 'UNKNOWN', problem: 'Failed to detect drift on resources [Key]' });
    expect([isComplete(stack), isDrifted(stack)]).toEqual([false, false]);
    expect(driftReport([stack])).toContain('  could not be checked this time: AWS::KMS::Key Key (key)\n');
  });

  test('throttling is waited out by the SDK', async () => {
    answerAs({ stacks: { lake: SYNCED }, refusals: ['Throttling: Rate exceeded', 'Throttling: Rate exceeded'] });
    expect(await detected()).toMatchObject([{ status: 'IN_SYNC' }]);
  });

  test('a denied action ends the command, and is named', async () => {
    const refusal = 'AccessDenied: User&#58; arn is not authorized to perform&#58; cloudformation&#58;DetectStackDrift on resource&#58; x';
    answerAs({ stacks: { lake: SYNCED }, refusals: [refusal] });
    await expect(detected()).rejects.toThrow(/^DW2109: .*cloudformation:DetectStackDrift on x/);
  });
});

test('values of the account cannot rewrite the terminal, and long ones are cut', () => {
  const differences = [
    { path: '/A', kind: 'NOT_EQUAL', expected: 'x'.repeat(500), actual: '\u{1b}[2J' },
    { path: '/B/0', kind: 'ADD', expected: 'null', actual: 'more' },
    { path: '/C', kind: 'REMOVE', expected: 'less', actual: 'null' },
  ];
  const resources = [{ logicalId: 'Raw', type: 'AWS::S3::Bucket', status: 'MODIFIED' as const, differences }];
  const lines = driftReport([{ name: 'lake', region: 'eu-central-1', nested: ['Zones'], status: 'DRIFTED', resources }]).split('\n');
  expect(lines.slice(0, 5)).toEqual([
    'lake, eu-central-1, nested as Zones: DRIFTED',
    '  MODIFIED AWS::S3::Bucket Raw',
    `    /A: is \u{fffd}[2J, applied was ${'x'.repeat(120)}…`,
    '    /B/0: added, more',
    '    /C: removed, was less',
  ]);
});

test('a stack of which nothing can be compared is named: no drift was found, which is not that there is none', () => {
  const resource = (logicalId: string, status: 'IN_SYNC' | 'NOT_CHECKED') => ({
    logicalId,
    type: 'AWS::SNS::Topic',
    status,
    differences: [],
  });
  const stack = (name: string, status: 'IN_SYNC' | 'NOT_CHECKED', nested: string[] = []) => ({
    name,
    region: 'eu-central-1',
    nested,
    status,
    resources: [resource('T', status)],
  });
  const report = driftReport([stack('lake', 'IN_SYNC'), stack('lake-zones', 'NOT_CHECKED', ['Zones'])]);
  expect(report).toContain(
    [
      'No drift found in what was compared; 1 of 2 resources compared.',
      'Nothing was compared of: lake-zones, eu-central-1, nested as Zones. CloudFormation cannot.',
    ].join('\n'),
  );
  expect(driftReport([stack('lake', 'IN_SYNC')])).toContain('\nNo drift found; 1 of 1 resources compared.\nOnly properties');
});
