import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeAt } from '../cli/paths';
import type { ServerRecord } from '../cli/record';
import { startServer, stopServer, type StartOptions } from '../cli/server';
import { useEnvironment } from '../try/use-environment';

/** What a test file has to itself. */
export interface OwnServer {
  /** Empty at first but for the server's data. */
  readonly folder: string;
  /** From the first `beforeAll` on. */
  readonly server: ServerRecord;
  readonly url: string;
}

/** A local AWS and a folder for the tests of one file. Both are gone after the last test, and the environment is as it was. */
export function ownServer(options: Pick<StartOptions, 'authorization'> = {}): OwnServer {
  const folder = mkdtempSync(join(tmpdir(), 'dataworks-test-'));
  const home = homeAt(join(folder, 'home'));
  const caller = { ...process.env };
  let server: ServerRecord;
  beforeAll(async () => {
    ({ server } = await startServer({ home, tied: true, ...options }));
  });
  afterAll(async () => {
    await stopServer({ home });
    rmSync(folder, { recursive: true });
    useEnvironment({ ...Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined])), ...caller });
  });
  return {
    folder,
    get server() {
      return server;
    },
    get url() {
      return server.url;
    },
  };
}
