import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeAt, type Home, type Venv } from '../../cli/paths';

/** A new directory for each test. They are removed after the last one, when whatever works in them has been stopped. */
export function temporaryDirectory(): () => string {
  const directories: string[] = [];
  beforeEach(() => {
    directories.push(mkdtempSync(join(tmpdir(), 'local-aws-')));
  });
  afterAll(() => {
    for (const directory of directories) rmSync(directory, { recursive: true, force: true });
  });
  return () => directories.at(-1)!;
}

export function script(file: string, lines: string): string {
  writeFileSync(file, `#!/bin/sh\n${lines}\n`);
  chmodSync(file, 0o755);
  return file;
}

/** What the fake server does beside answering probes and saving at SIGTERM. */
type Behaviour = 'works' | 'crashes' | 'finds its port taken, once' | 'never answers' | 'ignores SIGTERM';

/**
 * A Python of a few lines of shell, first on the PATH: it makes virtual environments that hold
 * nothing but itself, counts what pip would install, and serves by a small Node.js program.
 */
export class FakePython {
  public readonly bin: string;
  public readonly home: Home;
  public readonly venv: Venv;
  private readonly pipCalls: string;
  private readonly server: string;

  constructor(directory: string) {
    this.bin = join(directory, 'bin');
    this.pipCalls = join(directory, 'pip-calls');
    this.server = join(directory, 'server.js');
    this.home = homeAt(join(directory, 'home'));
    this.venv = { directory: join(directory, 'venv'), requirements: [join(directory, 'requirements.lock')] };
    mkdirSync(this.bin);
    writeFileSync(this.venv.requirements[0], 'emulator==1.0\n');
    this.install();
    this.serve('works');
    process.env.PATH = `${this.bin}:/usr/bin:/bin`;
  }

  /** Put another Python in its place. */
  public install({ version = '3.11.2', pip = 'exit 0' } = {}): void {
    script(
      join(this.bin, 'python3'),
      [
        'for last; do :; done',
        'case "$*" in',
        `  *" -c "*) printf 'able|%s|${version}' "$0" ;;`,
        '  *"-m venv"*) mkdir -p "$last/bin"; cp "$0" "$last/bin/python" ;;',
        `  *"-m pip"*) echo "$last" >> '${this.pipCalls}'; sleep 0.1; ${pip} ;;`,
        `  *"-m overlay"*) exec '${process.execPath}' '${this.server}' ;;`,
        'esac',
      ].join('\n'),
    );
  }

  /** What pip was asked to install, in the order of its calls. */
  public installed(): string[] {
    return existsSync(this.pipCalls) ? readFileSync(this.pipCalls, 'utf8').trimEnd().split('\n') : [];
  }

  public serve(behaviour: Behaviour): void {
    writeFileSync(this.server, `const behaviour = ${JSON.stringify(behaviour)};\n${SERVER}`);
  }
}

const SERVER = `
const fs = require('node:fs');
const { env } = process;
setTimeout(() => process.exit(), 60000); // whatever becomes of the test
if (behaviour === 'crashes') {
  console.error('DW6102 The patch of something no longer fits');
  process.exit(1);
}
if (behaviour === 'finds its port taken, once' && !fs.existsSync(env.STATE_DIR + '/tried')) {
  fs.writeFileSync(env.STATE_DIR + '/tried', env.GATEWAY_PORT);
  console.error('ERROR: 127.0.0.1:' + env.GATEWAY_PORT + ' is already in use.');
  process.exit(1);
}
const stop = () => {
  fs.writeFileSync(env.STATE_DIR + '/saved.json', '{}');
  fs.rmSync(env.DATAWORKS_UNSAVED);
  process.exit(0);
};
process.on('SIGTERM', behaviour === 'ignores SIGTERM' ? () => {} : stop);
if (env.DATAWORKS_TIED) process.stdin.on('end', stop).resume();
const silent = () => behaviour === 'never answers' || fs.existsSync(env.TMPDIR + '/silent');
const health = () => JSON.stringify({ edition: silent() ? 'another' : env.MINISTACK_EDITION });
require('node:http')
  .createServer((request, response) => response.end(request.url === '/_ministack/health' ? health() : '{}'))
  .listen(Number(env.GATEWAY_PORT), env.BIND_HOST);
`;
