/** `dataworks apply` as a process whose calls to AWS a test can hold up, and which it can kill or stop at any of them. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environmentOf, type Ended, type Place } from './command-line';
import { interceptingProxy, type Interception } from './intercepting-proxy';

const COMMAND = join(__dirname, '../../lib/cli.js');

/** Send a signal to the process; SIGKILL unless another one is named. */
export type Kill = (signal?: NodeJS.Signals) => void;

/** Run `apply`; gives how it ended, and the names of its calls in their order. */
export async function interceptedApply(
  place: Place,
  plan: string,
  interception: (kill: Kill) => Interception,
): Promise<Ended & { readonly calls: string[] }> {
  let kill: Kill = () => {};
  const proxy = await interceptingProxy(
    place.url,
    interception((signal) => {
      kill(signal);
    }),
  );
  const child = spawn(process.execPath, [COMMAND, 'apply', place.name, plan], {
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
