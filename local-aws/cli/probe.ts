import { readFileSync } from 'node:fs';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import type { ServerRecord } from './record';

/** Whether the server on the record's port is the one of the record, and ready. */
export async function isReady(server: ServerRecord): Promise<boolean> {
  const health = await ask(server, '/_ministack/health');
  if (health?.status !== 200 || !health.body.includes(JSON.stringify(server.instance))) return false;
  return (await ask(server, '/_ministack/ready'))?.status === 200;
}

/** Undefined when nobody answers within two seconds. */
function ask({ port, authority }: ServerRecord, path: string): Promise<{ status: number | undefined; body: string } | undefined> {
  return new Promise((resolve) => {
    const get = authority === undefined ? getPlain : getSecure;
    const ca = authority === undefined ? undefined : readFileSync(authority);
    // An agent of its own: the global one may be set to go through a proxy.
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 2000, ca }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode, body });
      });
      response.on('error', () => {
        resolve(undefined);
      });
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      resolve(undefined);
    });
  });
}
