import { contextOf } from '../../../src/plan/assembly/cdk-json';
import { sha256 } from '../../../src/plan/digest';
import type { Plan } from '../../../src/plan/plan';
import { markdownReport, terminalReport } from '../../../src/plan/report/report';
import { htmlReport } from '../../../src/plan/report/report-html';
import { summaryOf } from '../../../src/plan/summary';
import { planWith, plannedStack } from '../../support/planned';
import { assemblyWith, BUCKET, deployedWith, draftOf, type DeployedSource } from '../../support/plans';

const bucket = (construct: string) => ({ Type: 'AWS::S3::Bucket', Metadata: { 'aws:cdk:path': construct } });

async function planOf(before: object, after: object): Promise<Plan> {
  const assembly = assemblyWith({ lake: { template: { Resources: after } } });
  const { plan } = await draftOf(assembly, deployedWith({ lake: { template: { Resources: before } } }));
  return { ...plan, digest: 'd'.repeat(64) };
}

test('risks come first, then the changes of each stack, then counts, and the digest last', async () => {
  const lines = terminalReport(await planOf({ Old: bucket('lake/Old/Resource') }, { New: bucket('lake/New/Resource') })).split('\n');
  const at = (text: string) => lines.findIndex((line) => line.includes(text));
  expect(lines[at('To be looked at first (1)') + 1]).toBe(
    '  DATA LOSS     lake: lake/Old (AWS::S3::Bucket): is deleted with what it holds',
  );
  expect(at('lake, eu-central-1: changes (1 to add, 1 to remove)')).toBeGreaterThan(at('DATA LOSS'));
  expect(lines).toContain('  + add AWS::S3::Bucket lake/New');
  expect(lines).toContain('  - remove AWS::S3::Bucket lake/Old, deleted, holds data');
  expect(lines.slice(-2)).toEqual(['1 to add, 1 to remove', `Digest ${'d'.repeat(64)}`]);
});

test('a rollback says to what, and what it leaves as it is', async () => {
  const rollback = { serial: 41, digest: 'e'.repeat(64), remaining: ['eu-central-1/audit', 'eu-central-1/new'] };
  const plan: Plan = { ...(await planOf({}, {})), rollback };
  const words = `ROLLBACK to serial 41, plan ${'e'.repeat(12)}; of later applies, and left as they are: eu-central-1/audit, eu-central-1/new`;
  expect(terminalReport(plan).split('\n')[0]).toMatch(new RegExp(`; ${words}$`));
  expect(markdownReport(plan)).toContain('ROLLBACK to serial 41');
  expect(terminalReport({ ...plan, rollback: { ...rollback, remaining: [] } }).split('\n')[0]).toMatch(/plan e{12}$/);
});

test('an assembly that was given is said to be, in the report and in its short form', async () => {
  const plan = await planOf({}, {});
  const words = 'assembly given by whoever planned, not synthesised there';
  const given: Plan = { ...plan, assemblyGiven: true };
  expect(terminalReport(given).split('\n')[0]).toContain(`; commit ${plan.commit.slice(0, 12)}, ${words}; `);
  expect(htmlReport(given)).toContain(words);
  expect(terminalReport(plan)).not.toContain(words);
  expect(summaryOf(given)).toEqual({ ...summaryOf(plan), assemblyGiven: true });
});

test('a stack that another one waits for has its name, not the id of its artifact', () => {
  const wait = { kind: 'parameter', name: '/p', madeBy: 'devbase2034E9BF' } as const;
  const stacks = [plannedStack({ name: 'dev-base', artifactId: 'devbase2034E9BF' }), plannedStack({ name: 'dev-fn', waits: [wait] })];
  expect(terminalReport(planWith(stacks))).toContain('  … after dev-base, which makes the SSM parameter /p\n');
});

describe('what the stack itself is given', () => {
  const trusting = (parameter: string) => ({
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { AWS: { Ref: parameter } }, Action: 'sts:AssumeRole' }] },
    },
  });
  const stored = { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/a/partner' };
  const nested = { Parameters: { Inner: stored }, Resources: { R: trusting('Inner') } };
  const hash = sha256(JSON.stringify(nested));
  const destinations = { here: { bucketName: BUCKET, objectKey: `${hash}.json` } };
  const files = { [hash]: { source: { path: 'n.nested.template.json', packaging: 'file' }, destinations } };
  const template = {
    Parameters: { Partner: stored, Size: { Type: 'String' }, Secret: { Type: 'String', NoEcho: true } },
    Resources: {
      R: trusting('Partner'),
      Deep: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: `https://s3/assets/${hash}.json` } },
    },
  };
  const planned = async (store: Readonly<Record<string, string>>, maker: Parameters<typeof assemblyWith>[0] = {}) => {
    const assembly = assemblyWith(
      { ...maker, lake: { template, properties: { parameters: { Size: '4' }, tags: { team: 'b' } }, files } },
      { 'n.nested.template.json': JSON.stringify(nested) },
    );
    const was = { template, parameters: { Partner: '/a/partner', Size: '3', Secret: '****' }, resolved: { Partner: '111111111111' } };
    const inner = { template: nested, parameters: { Inner: '/a/partner' }, resolved: { Inner: '111111111111' } };
    const lookup = deployedWith({ lake: { ...was, tags: { team: 'a', old: 'x' }, nested: { Deep: 'inner' } }, inner }, store);
    return { ...(await draftOf(assembly, lookup)).plan, digest: 'd'.repeat(64) };
  };

  test('is told by name and by value: parameters, also those of the parameter store, of nested stacks as well, and tags', async () => {
    const plan = await planned({ '/a/partner': '999999999999' });
    const report = terminalReport(plan);
    for (const line of [
      '  ~ parameters: Partner, Size',
      '      ~ Size: 3 -> 4',
      '      ~ Partner (/a/partner): 111111111111 -> 999999999999',
      '  ~ parameters of Deep',
      '      ~ Inner (/a/partner): 111111111111 -> 999999999999',
      '  ~ tags of the stack, and so of every resource: old, team',
      '      - old: x',
      '      ~ team: a -> b',
    ]) {
      expect(report.split('\n')).toContain(line);
    }
    expect(markdownReport(plan)).toContain('~ Partner (/a/partner): 111111111111 -> 999999999999');
    expect(htmlReport(plan).replace(/\s+/g, ' ')).toContain(
      'Partner (/a/partner)</code>: <del>111111111111</del> → <ins>999999999999</ins>',
    );
  });

  test('may have any name', async () => {
    const [before, after] = [{}, { constructor: 'x' }].map((tags) => ({ template: { Resources: {} }, tags }));
    const assembly = assemblyWith({ lake: { template: after.template, properties: { tags: after.tags } } });
    const { plan } = await draftOf(assembly, deployedWith({ lake: before as DeployedSource }));
    expect(terminalReport({ ...plan, digest: 'd'.repeat(64) })).toContain('      + constructor: x');
  });

  test('has no value where only the deployment of another stack tells it', async () => {
    const maker = {
      Resources: {
        S: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/a/partner', Type: 'String', Value: { 'Fn::GetAtt': ['S', 'Type'] } } },
      },
    };
    const plan = await planned({ '/a/partner': '111111111111' }, { maker: { template: maker } });
    expect(terminalReport(plan)).toContain('~ Partner (/a/partner): 111111111111 -> ${/a/partner}');
    const text = await planned({ '/a/partner': '${/a/partner}' });
    expect(terminalReport(text)).toContain('~ Partner (/a/partner): 111111111111 -> ${!/a/partner}');
  });
});

test('no changes are said to be none', async () => {
  expect(terminalReport(await planOf({}, {}))).toContain('No changes: what is deployed is as the application says.');
});

test('words of a bundle cannot rewrite the terminal, nor leave their block of Markdown', async () => {
  const evil = '\u{1b}[2Knothing\n```\n<img src=x>';
  const plan = await planOf({}, { New: bucket(evil) });
  expect(terminalReport(plan)).not.toMatch(/\u{1b}|^```/mu);
  const fences = markdownReport(plan).match(/^```/gm);
  expect(fences).toHaveLength(2);
});

test('the context is the one that the command line of CDK gives', () => {
  expect(contextOf({ context: { a: 1 }, versionReporting: false }, { looked: 2, a: 0 })).toEqual({
    a: 1,
    looked: 2,
    'aws:cdk:enable-path-metadata': true,
    'aws:cdk:enable-asset-metadata': true,
    'aws:cdk:disable-version-reporting': true,
    'aws:cdk:bundling-stacks': ['**'],
  });
});
