import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { OURS } from './configurations';
import { runStep, temporaryDirectory } from './shell';
import { pipelineOf } from '../../circleci/pipeline';

const CONFIG = pipelineOf(OURS);
const TOKEN = 'header.claims.signature';
const EXTERNAL_ID = 'external-id-of-the-context';
const ARN = 'arn:aws:iam::111111111111:role';

interface Received {
  readonly path: string;
  readonly authorization?: string;
  readonly form: Record<string, string>;
}

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((closed) => server.close(closed))));
});

/** A server on a free port of this machine that keeps what it receives. */
async function serve(answer: (received: Received) => [status: number, body: string]): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const one = { path: request.url!, authorization: request.headers.authorization, form };
      received.push(one);
      const [status, body] = answer(one);
      response.writeHead(status).end(body);
    });
  });
  servers.push(server);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** What the steps of a job find on CircleCI: a workspace, and a BASH_ENV that hands variables on. */
function machine() {
  const root = temporaryDirectory();
  const workspace = join(root, 'project');
  mkdirSync(workspace);
  mkdirSync(join(root, 'tmp'));
  const bashEnv = join(root, 'bash-env');
  writeFileSync(bashEnv, '');
  const environment = {
    BASH_ENV: bashEnv,
    TMPDIR: join(root, 'tmp'),
    ENVIRONMENT: 'dev',
    AWS_REGION: 'eu-central-1',
    CIRCLE_WORKFLOW_ID: '42',
  };
  const exported = () =>
    Object.fromEntries([...readFileSync(bashEnv, 'utf8').matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]));
  return { workspace, environment, exported };
}

const modeOf = (path: string): string => statSync(path).mode.toString(8).slice(-3);

/** Stands in for a program: writes its arguments down, says something, and ends as told. */
function fakeProgram(file: string, says: string, exitCode: number): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/bash\nprintf '%s\\n' "$@" > arguments.txt\necho '${says}'\nexit ${exitCode}\n`);
  chmodSync(file, 0o755);
}

const fakeCdk = (workspace: string, exitCode: number): void => {
  fakeProgram(join(workspace, 'node_modules/.bin/cdk'), 'There were differences', exitCode);
};

const PLAN_CONTEXT = { CIRCLE_OIDC_TOKEN_V2: TOKEN, AWS_ROLE_ARN: `${ARN}/plan` };
const APPLY_CONTEXT = {
  CIRCLE_OIDC_TOKEN_V2: TOKEN,
  AWS_ROLE_ARN: `${ARN}/apply`,
  DEPLOYER_ROLE_ARN: `${ARN}/deployer`,
  DEPLOYER_EXTERNAL_ID: EXTERNAL_ID,
};
const IDENTITIES = [
  ['plan', 'Take the plan role', PLAN_CONTEXT],
  ['apply', 'Take the apply role, then the deployer role', APPLY_CONTEXT],
] as const;

describe.each(IDENTITIES)('identity of %s', (job, step, context) => {
  test('lies outside of the workspace, readable for its owner alone', async () => {
    const { workspace, environment, exported } = machine();
    expect(await runStep(CONFIG, job, step, workspace, { ...environment, ...context })).toEqual({ code: 0, output: '' });
    const file = exported()[job === 'plan' ? 'AWS_WEB_IDENTITY_TOKEN_FILE' : 'AWS_CONFIG_FILE'];
    const directory = dirname(file);
    expect(directory.startsWith(environment.TMPDIR)).toBe(true);
    expect(modeOf(directory)).toBe('700');
    for (const name of [file, join(directory, 'token')]) expect(modeOf(name)).toBe('600');
    expect(readFileSync(join(directory, 'token'), 'utf8')).toBe(TOKEN);
  });

  test('is handed on without its secrets', async () => {
    const { workspace, environment } = machine();
    await runStep(CONFIG, job, step, workspace, { ...environment, ...context });
    const handedOn = readFileSync(environment.BASH_ENV, 'utf8');
    expect(handedOn).not.toContain(TOKEN);
    expect(handedOn).not.toContain(EXTERNAL_ID);
  });

  test.each(Object.keys(context))('without %s the step fails and says so', async (missing) => {
    const { workspace, environment } = machine();
    const { code, output } = await runStep(CONFIG, job, step, workspace, { ...environment, ...context, [missing]: '' });
    expect(code).not.toBe(0);
    expect(output).toContain(missing);
    expect(output).not.toContain(TOKEN);
    expect(output).not.toContain(EXTERNAL_ID);
  });
});

describe('the AWS SDK', () => {
  const outside = process.env;
  afterEach(() => {
    process.env = outside;
  });

  const credentials = (name: string) =>
    `<Credentials><AccessKeyId>${name}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>`;
  const answer = ({ form: { Action, RoleArn }, authorization }: Received): [number, string] => {
    const content =
      Action === 'GetCallerIdentity' ? `<Arn>${/Credential=([^/]+)/.exec(authorization!)![1]}</Arn>` : credentials(RoleArn.split('/')[1]);
    return [
      200,
      `<${Action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${Action}Result>${content}</${Action}Result></${Action}Response>`,
    ];
  };

  /** Who the SDK is after the step, and what it asked of STS to become so. */
  async function identityAfter([job, step, context]: (typeof IDENTITIES)[number]) {
    const { workspace, environment, exported } = machine();
    await runStep(CONFIG, job, step, workspace, { ...environment, ...context });
    const { url, received } = await serve(answer);
    process.env = {
      PATH: outside.PATH,
      AWS_REGION: environment.AWS_REGION,
      AWS_ROLE_ARN: context.AWS_ROLE_ARN,
      ...exported(),
      AWS_ENDPOINT_URL: url,
    };
    const client = new STSClient({});
    const { Arn } = await client.send(new GetCallerIdentityCommand({}));
    client.destroy();
    return {
      Arn,
      asked: received.map(({ form: { Action, RoleArn, ExternalId, WebIdentityToken } }) => ({
        Action,
        RoleArn,
        ExternalId,
        WebIdentityToken,
      })),
    };
  }

  test('plans as the plan role', async () => {
    const { Arn, asked } = await identityAfter(IDENTITIES[0]);
    expect(Arn).toBe('plan');
    expect(asked).toEqual([
      { Action: 'AssumeRoleWithWebIdentity', RoleArn: `${ARN}/plan`, WebIdentityToken: TOKEN },
      { Action: 'GetCallerIdentity' },
    ]);
  });

  test('applies as the deployer, which the apply role takes with the external id', async () => {
    const { Arn, asked } = await identityAfter(IDENTITIES[1]);
    expect(Arn).toBe('deployer');
    expect(asked).toEqual([
      { Action: 'AssumeRoleWithWebIdentity', RoleArn: `${ARN}/apply`, WebIdentityToken: TOKEN },
      { Action: 'AssumeRole', RoleArn: `${ARN}/deployer`, ExternalId: EXTERNAL_ID },
      { Action: 'GetCallerIdentity' },
    ]);
  });
});

describe.each([
  ['plan', 'Plan', ['diff', '--method=template']],
  ['apply', 'Apply', ['deploy', '--require-approval=never']],
])('%s', (job, step, expected) => {
  test("works on the stored assembly and this environment's stage", async () => {
    const { workspace, environment } = machine();
    fakeCdk(workspace, 0);
    mkdirSync(join(workspace, 'dev/lake'), { recursive: true }); // a pattern must not become a file's name
    expect((await runStep(CONFIG, job, step, workspace, environment)).code).toBe(0);
    const given = readFileSync(join(workspace, 'arguments.txt'), 'utf8').trimEnd().split('\n');
    expect(given).toEqual(expect.arrayContaining([...expected, '--app', 'packages/dataworks-app/cdk.out', 'dev/*']));
  });

  test('fails when cdk fails', async () => {
    const { workspace, environment } = machine();
    fakeCdk(workspace, 3);
    expect((await runStep(CONFIG, job, step, workspace, environment)).code).toBe(3);
  });
});

test('the plan is shown and kept', async () => {
  const { workspace, environment } = machine();
  fakeCdk(workspace, 0);
  const { output } = await runStep(CONFIG, 'plan', 'Plan', workspace, environment);
  expect(output).toContain('There were differences');
  expect(readFileSync(join(workspace, 'plan/dev.txt'), 'utf8')).toBe(output);
});

test('an apply that did not run is said to be so, and fails', async () => {
  const { workspace, environment } = machine();
  const { code, output } = await runStep(CONFIG, 'not-applied', 'Say what did not happen', workspace, environment);
  expect(code).toBe(1);
  expect(output).toMatch(/^apply-dev did not run: /);
});

test('the Slack token is no argument, which every process of the machine could read', async () => {
  const { workspace, environment } = machine();
  fakeProgram(join(workspace, 'bin/curl'), '{"ok":true}', 0);
  const variables = {
    ...environment,
    SLACK_BOT_TOKEN: 'slack-bot-token',
    CIRCLE_SHA1: '0123456',
    CIRCLE_BUILD_URL: 'https://circleci.com/job',
  };
  const path = `${join(workspace, 'bin')}:${process.env.PATH}`;
  expect((await runStep(CONFIG, 'notify', 'Post to Slack', workspace, { ...variables, PATH: path })).code).toBe(0);
  const given = readFileSync(join(workspace, 'arguments.txt'), 'utf8');
  expect(given).toContain('https://slack.com/api/chat.postMessage');
  expect(given).not.toContain('slack-bot-token');
});

/** The image of the jobs has curl; a machine that builds may lack it. */
const hasCurl = spawnSync('curl', ['--version']).status === 0 || process.env.DATAWORKS_REQUIRE === 'all';

(hasCurl ? describe : describe.skip)('Slack (skipped where there is no curl)', () => {
  const SLACK_BOT_TOKEN = 'slack-bot-token';
  async function notify(answer: [number, string], changes: Record<string, string> = {}) {
    const { workspace, environment } = machine();
    const { url, received } = await serve(() => answer);
    const commit = { CIRCLE_SHA1: '0123456789abcdef', CIRCLE_BUILD_URL: 'https://circleci.com/job?a=1&b=2' };
    const variables = { ...environment, ...commit, SLACK_BOT_TOKEN, SLACK_API_URL: url, ...changes };
    return { ...(await runStep(CONFIG, 'notify', 'Post to Slack', workspace, variables)), received };
  }

  test('hears which commit is where', async () => {
    const { code, output, received } = await notify([200, '{"ok":true,"channel":"C1"}']);
    expect({ code, output }).toEqual({ code: 0, output: 'Posted to #dataworks-releases.\n' });
    expect(received).toEqual([
      {
        path: '/chat.postMessage',
        authorization: `Bearer ${SLACK_BOT_TOKEN}`,
        form: {
          channel: 'dataworks-releases',
          text: 'Deployment complete: dataworks 0123456 is in dev, test, prod. https://circleci.com/job?a=1&b=2',
        },
      },
    ]);
  });

  test.each<[string, [number, string], RegExp]>([
    ['does not know the token', [200, '{"ok":false,"error":"invalid_auth"}'], /Slack refused the message: .*invalid_auth/],
    ['answers something else', [200, '<html>"ok":true</html>'], /Slack refused the message/],
    ['answers an error', [403, '{"ok":true}'], /403/],
  ])('%s: the step fails and says why', async (_name, answer, reason) => {
    const { code, output } = await notify(answer);
    expect(code).not.toBe(0);
    expect(output).toMatch(reason);
    expect(output).not.toContain(SLACK_BOT_TOKEN);
  });

  test('is asked once, whatever it answers: the message may be posted already', async () => {
    const { code, output, received } = await notify([503, 'try again']);
    expect(code).not.toBe(0);
    expect(output).toContain('503');
    expect(received).toHaveLength(1);
  });

  test('no token: the step fails before it asks', async () => {
    const { code, output, received } = await notify([200, '{"ok":true}'], { SLACK_BOT_TOKEN: '' });
    expect(code).not.toBe(0);
    expect(output).toContain('SLACK_BOT_TOKEN');
    expect(received).toEqual([]);
  });
});
