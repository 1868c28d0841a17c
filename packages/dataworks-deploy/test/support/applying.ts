/** `dataworks apply` as a process, and what it left. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { environmentOf, type Ended } from './command-line';
import { interceptingProxy, type Interception } from './intercepting-proxy';
import type { Kill } from './protocol-steps';
import type { Workplace } from './workspace';

/** Run `apply` through a proxy; `kill` ends the process at once. */
export async function interceptedApply(
  { place }: Workplace,
  plan: string,
  interception: (kill: Kill) => Interception,
  ...options: string[]
): Promise<Ended & { readonly calls: string[] }> {
  let kill: Kill = () => {};
  const proxy = await interceptingProxy(
    place.url,
    interception((signal) => {
      kill(signal);
    }),
  );
  const child = spawn(process.execPath, [join(__dirname, '../../lib/cli.js'), 'apply', place.name, plan, ...options], {
    cwd: place.folder,
    env: { ...environmentOf({ ...place, url: proxy.url }), AWS_MAX_ATTEMPTS: '2' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  kill = (signal = 'SIGKILL') => child.kill(signal);
  let out = '';
  let err = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    child.on('close', (...end) => {
      resolve(end);
    });
  });
  proxy.close();
  return { code, signal, out, err, calls: proxy.calls };
}

export function succeeded({ code, signal, err }: Ended): void {
  expect({ code, signal, err }).toEqual({ code: 0, signal: null, err });
}

/** Refused, and nothing of what an apply could have changed was changed. */
export async function expectNothingDone(workplace: Workplace, work: () => Promise<Ended>, code: number, message: RegExp): Promise<void> {
  const before = await traces(workplace);
  const ended = await work();
  expect({ code: ended.code, err: ended.err }).toEqual({ code, err: expect.stringMatching(message) as string });
  expect(ended.err).not.toMatch(/^\s+at /m);
  expect(await traces(workplace)).toEqual(before);
}

/** Everything that an apply could have changed. */
async function traces(workplace: Workplace): Promise<unknown> {
  const { names, clients } = workplace;
  const { Stacks = [] } = await clients.cloudFormation.send(new DescribeStacksCommand());
  return {
    record: await workplace.object(names.recordKey),
    history: await workplace.keys(names.historyPrefix),
    stacks: Stacks.map(({ StackName, StackStatus, LastUpdatedTime }) => [StackName, StackStatus, LastUpdatedTime]),
    holder: await workplace.holder(),
  };
}
