import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LocalAwsError } from './problem';

/** For a server on this machine, signed by an authority that signs nothing else. */
export interface Certificate {
  /** What the server shows: its certificate, and the authority's. */
  readonly chain: string;
  readonly key: string;
  /** What clients trust. */
  readonly authority: string;
}

/** Make a certificate for `localhost` in a directory that only this user can read; once. */
export async function ensureCertificate(python: string, directory: string): Promise<Certificate> {
  const certificate = {
    chain: join(directory, 'server.pem'),
    key: join(directory, 'server.key'),
    authority: join(directory, 'client.pem'),
  };
  if (existsSync(directory)) return certificate;

  const making = `${directory}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  try {
    await promisify(execFile)(python, ['-m', 'trustme', '-q', '-d', making, '-i', 'localhost', '127.0.0.1']);
  } catch (error) {
    throw new LocalAwsError(
      'DW6012',
      `No certificate could be made: ${(error as Error).message}`,
      'npx projen local:stop, remove local-aws/.home/venv, and try again.',
    );
  }
  // The server's own calls trust what it shows.
  appendFileSync(join(making, 'server.pem'), readFileSync(join(making, 'client.pem')));
  renameSync(making, directory);
  return certificate;
}
