/** A proxy before the embedded AWS, so that a test can be between any request of a command and its answer. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { request as forwardByTls } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface Call {
  /** `cloudformation:CreateChangeSet`, `dynamodb:PutItem`, or the method and the key of S3, like `PUT lake/record.json`. */
  readonly name: string;
  /** Access key id of whoever signed it; undefined for a call without a signature. */
  readonly accessKeyId?: string;
  /** Form of a query API; to be changed on its way. */
  body: Buffer;
}

/** An answer in the place of AWS's. */
export interface OwnAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** What happens to a call. */
export interface Interception {
  /** Before it is forwarded. Gives whether it is, or what is answered instead: otherwise the connection is cut. */
  readonly before?: (call: Call) => Promise<OwnAnswer | boolean> | OwnAnswer | boolean;
  /** After AWS has done it. Gives whether the answer is passed on: if not, the connection is cut. */
  readonly after?: (call: Call) => Promise<boolean> | boolean;
}

export interface Proxy {
  readonly url: string;
  /** Names of the calls, in their order. */
  readonly calls: string[];
  readonly close: () => void;
}

/** @param authority the certificate of a target that serves by TLS; the proxy itself does not */
export async function interceptingProxy(target: string, { before, after }: Interception, authority?: string): Promise<Proxy> {
  const tls = authority === undefined ? undefined : { ca: readFileSync(authority) };
  const calls: string[] = [];
  const server = createServer((incoming, response) => {
    void handle(incoming, response).catch(() => response.destroy());
  });

  async function handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of incoming) parts.push(part as Buffer);
    const call = { name: nameOf(incoming, Buffer.concat(parts)), accessKeyId: signerOf(incoming), body: Buffer.concat(parts) };
    calls.push(call.name);
    const decision = before === undefined || (await before(call));
    if (decision === false) {
      incoming.socket.destroy();
      return;
    }
    if (decision !== true) {
      response.writeHead(decision.status, { 'content-type': decision.type }).end(decision.body);
      return;
    }
    const { hostname, port } = new URL(target);
    const headers = { ...incoming.headers };
    if (call.body.length !== Number(headers['content-length'] ?? call.body.length)) headers['content-length'] = String(call.body.length);
    const request = { hostname, port, method: incoming.method, path: incoming.url, headers };
    const outgoing = tls ? forwardByTls({ ...request, ...tls }) : forward(request);
    outgoing.end(call.body);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body: Buffer[] = [];
    for await (const part of answer) body.push(part as Buffer);
    if (after && !(await after(call))) {
      incoming.socket.destroy();
      return;
    }
    response.writeHead(answer.statusCode!, answer.headers);
    response.end(Buffer.concat(body));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    calls,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function signerOf({ headers }: IncomingMessage): string | undefined {
  return /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1];
}

function nameOf({ method, url = '', headers }: IncomingMessage, body: Buffer): string {
  const service = /\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '')?.[1] ?? '';
  const target = headers['x-amz-target'];
  if (typeof target === 'string') return `${service}:${target.split('.')[1]}`;
  if (service === 's3') return `${method} ${url.split('?')[0].split('/').slice(2).join('/')}`;
  return `${service}:${new URLSearchParams(body.toString()).get('Action')}`;
}
