import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ciJobOf, ciTokenOf } from '../src/ci-job';
import { ciJobState, jobPathOf } from '../src/ci-job-state';

const LINK = 'https://circleci.com/gh/acme/lake/4711';

test('a job of CircleCI, and none elsewhere', () => {
  const variables = { CIRCLECI: 'true', CIRCLE_BUILD_URL: LINK, CIRCLE_JOB: 'apply-dev', CIRCLE_WORKFLOW_ID: 'w', CIRCLE_BRANCH: 'main' };
  expect(ciJobOf(variables)).toEqual({ url: LINK, name: 'apply-dev', workflowId: 'w', branch: 'main' });
  expect(ciJobOf({ ...variables, CIRCLECI: undefined })).toBeUndefined();
  expect(ciJobOf({ CIRCLECI: 'true' })).toBeUndefined();
  expect([ciTokenOf({ CIRCLE_TOKEN: 'a' }), ciTokenOf({ CIRCLECI_TOKEN: 'b' }), ciTokenOf({ CIRCLE_TOKEN: '' })]).toEqual([
    'a',
    'b',
    undefined,
  ]);
});

test.each([
  [LINK, '/project/gh/acme/lake/job/4711'],
  ['https://circleci.com/circleci/4DuYkH1/9Jab-_2/5', '/project/circleci/4DuYkH1/9Jab-_2/job/5'],
  ['https://app.circleci.com/pipelines/github/acme/lake/12/workflows/0a-1/jobs/34', '/project/github/acme/lake/job/34'],
  ['https://circleci.com.evil.example/gh/acme/lake/4711', undefined],
  ['https://circleci.com/gh/../../4711', undefined],
  ['https://circleci.com/gh/acme/lake/4711?x', undefined],
  ['', undefined],
])('of the link %p, the API knows %p', (link, path) => {
  expect(jobPathOf(link)).toBe(path);
});

describe('whether a job has ended', () => {
  let server: Server;
  let answer: { readonly status: number; readonly body: string };
  const asked: unknown[] = [];
  beforeAll(async () => {
    server = createServer((request, response) => {
      asked.push([request.url, request.headers['circle-token']]);
      response.writeHead(answer.status, { location: '/elsewhere' }).end(answer.body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const api = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test.each([
    [200, '{"status":"success"}', 'ended'],
    [200, '{"status":"canceled"}', 'ended'],
    [200, '{"status":"running"}', 'running'],
    [200, '{"status":"on_hold"}', 'running'],
    [200, '{"status":"a new one"}', 'unknown'],
    [200, '{', 'unknown'],
    [302, '', 'unknown'],
    [404, '{"message":"Job not found"}', 'unknown'],
  ])('%i %s: %s', async (status, body, expected) => {
    answer = { status, body };
    expect(await ciJobState(LINK, 'secret', api())).toBe(expected);
    expect(asked.at(-1)).toEqual(['/project/gh/acme/lake/job/4711', 'secret']);
  });

  test('nobody is asked without a token, or about a link that is none of CircleCI', async () => {
    const before = asked.length;
    expect(await ciJobState(LINK, undefined, api())).toBe('unknown');
    expect(await ciJobState('https://evil.example/gh/acme/lake/1', 'secret', api())).toBe('unknown');
    expect(asked).toHaveLength(before);
  });

  test('no answer is no answer', async () => {
    expect(await ciJobState(LINK, 'secret', 'http://127.0.0.1:1')).toBe('unknown');
  });
});
