/** A server in the place of AWS, for what the embedded one does not do: errors, and states that nobody can bring about. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  /** XML. */
  readonly body?: string;
  /** The server's own time, RFC 1123. Default: this machine's. */
  readonly date?: string;
}

/** Given a request as text: method, path, expected bucket owner, region of the signature, and body. */
export type Answering = (request: string) => Answer;

/** One server for the tests of a file; the AWS SDK talks to it while they run. */
export function answeringServer() {
  const before = { ...process.env };
  const requests: string[] = [];
  let server: Server;
  let answering: Answering;

  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const region = /\/([a-z]{2}-[a-z]+-\d)\//.exec(request.headers.authorization ?? '')?.[1];
        const owner = String(request.headers['x-amz-expected-bucket-owner'] ?? '');
        requests.push(`${request.method} ${request.url} ${owner} ${region} ${body}`);
        const { status, body: text = '', date } = answering(requests.at(-1)!);
        response.writeHead(status, { 'content-type': 'application/xml', ...(date !== undefined && { date }) }).end(text);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    Object.assign(process.env, {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_MAX_ATTEMPTS: '3',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    });
  });
  beforeEach(() => {
    requests.length = 0;
  });
  afterAll(async () => {
    process.env = before;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  return {
    /** What was asked, since the test began. */
    requests,
    answerWith: (next: Answering) => {
      answering = next;
    },
  };
}

/** An error as the services with a query API send it. */
export function queryError(code: string, message: string): string {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
