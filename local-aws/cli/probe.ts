import { get } from 'node:http';

/** Whether the server on this port is the one named `instance`, and ready. */
export async function isReady(port: number, instance: string): Promise<boolean> {
  const health = await ask(port, '/_ministack/health');
  if (health?.status !== 200 || !health.body.includes(JSON.stringify(instance))) return false;
  return (await ask(port, '/_ministack/ready'))?.status === 200;
}

/** Undefined when nobody answers within two seconds. */
function ask(port: number, path: string): Promise<{ status: number | undefined; body: string } | undefined> {
  return new Promise((resolve) => {
    // An agent of its own: the global one may be set to go through a proxy.
    const request = get({ host: '127.0.0.1', port, path, agent: false, timeout: 2000 }, (response) => {
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
