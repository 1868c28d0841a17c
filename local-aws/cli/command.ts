import { parseArgs } from 'node:util';
import { clientEnvironment, DEFAULT_ACCOUNT, DEFAULT_REGION, shellLines } from './environment';
import { DEVELOPER_VENV, HOME, VENV, type Home, type Venv } from './paths';
import { describe, LocalAwsError } from './problem';
import { resetServer, runningServer, serverStatus, startServer, stopServer } from './server';
import { ensureVenv } from './venv';

/** Where a command works and where its words go. */
export interface Surroundings {
  readonly home: Home;
  readonly venv: Venv;
  readonly developerVenv: Venv;
  readonly env: NodeJS.ProcessEnv;
  /** Results, one line or paragraph at a time. */
  readonly out: (text: string) => void;
  /** Progress, warnings and errors. */
  readonly err: (text: string) => void;
}

interface Flags {
  readonly json: boolean;
  readonly account: string;
  readonly region: string;
}

interface Command {
  readonly does: string;
  readonly flags: readonly (keyof Flags)[];
  /** Gives the exit code. */
  readonly run: (flags: Flags, surroundings: Surroundings) => Promise<number>;
}

const FLAGS = {
  json: { type: 'boolean', default: false },
  account: { type: 'string', default: DEFAULT_ACCOUNT },
  region: { type: 'string', default: DEFAULT_REGION },
} as const;

const FORMS = {
  account: { pattern: /^\d{12}$/, allowed: '12 digits' },
  region: { pattern: /^[a-z]{2}(-[a-z]+)+-\d+$/, allowed: 'a region like eu-central-1' },
};

const COMMANDS: Readonly<Record<string, Command>> = {
  start: {
    does: 'start it, unless it runs; it stays until `stop`',
    flags: ['json'],
    run: async ({ json }, { home, venv, out, err }) => {
      const { server, started } = await startServer({ home, venv, progress: err });
      const { url, port, pid } = server;
      out(json ? toJson({ url, port, pid, started }) : `The local AWS ${started ? 'runs' : 'runs already'}: ${url} (process ${pid})`);
      return 0;
    },
  },
  stop: {
    does: 'stop it and wait until its state is written',
    flags: [],
    run: async (_flags, { home, out, err }) => {
      out((await stopServer({ home, progress: err })) ? 'The local AWS is stopped; its state is kept.' : 'No local AWS was running.');
      return 0;
    },
  },
  reset: {
    does: 'forget everything in it; start it again if it ran',
    flags: [],
    run: async (_flags, { home, venv, out, err }) => {
      const server = await resetServer({ home, venv, progress: err });
      out(`The local AWS is empty${server ? ` and runs: ${server.url} (process ${server.pid})` : '.'}`);
      return 0;
    },
  },
  status: {
    does: 'say whether it runs; exit code 3 when it does not, or does not answer',
    flags: ['json'],
    run: async ({ json }, { home, out }) => {
      const status = await serverStatus({ home });
      const ready = status.state === 'running' && status.ready;
      const { url, port, pid } = (status.state !== 'stopped' && status.server) || {};
      const words = {
        running: `The local AWS ${ready ? 'runs' : 'runs, and does not answer'}: ${url} (process ${pid})`,
        stale: 'The local AWS has ended without `local:stop`.',
        stopped: 'The local AWS does not run.',
      };
      out(json ? toJson({ state: status.state, ready, url, port, pid }) : words[status.state]);
      return ready ? 0 : 3;
    },
  },
  env: {
    does: 'print what makes clients use it, for `eval "$(…)" && …`; `false` when it does not run',
    flags: ['account', 'region', 'json'],
    run: async ({ account, region, json }, { home, env, out }) => {
      const { url } = await runningServer({ home });
      const changes = clientEnvironment({ url, account, region }, env);
      out(json ? toJson(Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, value ?? null]))) : shellLines(changes));
      return 0;
    },
  },
  venv: {
    does: 'make the Python environment of developers (linter, types, tests) and print its path',
    flags: [],
    run: async (_flags, { developerVenv, out, err }) => {
      await ensureVenv(developerVenv, err);
      out(developerVenv.directory);
      return 0;
    },
  },
};

const USAGE = [
  'Usage: main.ts <command> [options]     by task: npx projen local:<command> [options]',
  '',
  ...Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(8)}${does}`),
  '',
  '  --json              start, status, env: as JSON (env: null means unset)',
  `  --account <digits>  env: the account to be in (default ${DEFAULT_ACCOUNT}; by task: that of the first environment)`,
  `  --region <name>     env: the region to be in (default ${DEFAULT_REGION}; by task: that of the first environment)`,
  '  --help              this text',
  '',
  'Exit codes: 0 done, 1 failed, 3 status: not running, 64 wrong usage. By task, through npx projen: 0, or 1 for all others.',
].join('\n');

export function surroundings(): Surroundings {
  return {
    home: HOME,
    venv: VENV,
    developerVenv: DEVELOPER_VENV,
    env: process.env,
    out: (text) => void process.stdout.write(`${text}\n`),
    err: (text) => void process.stderr.write(`${text}\n`),
  };
}

/** Run one command line; gives the exit code. */
export async function runCommand(args: readonly string[], where: Surroundings): Promise<number> {
  let code = 1;
  try {
    code = await attempt(args, where);
  } finally {
    // A shell evaluates nothing to success: what follows the eval would then talk to the real AWS.
    if (code !== 0 && args[0] === 'env' && !args.includes('--json')) where.out('false');
  }
  return code;
}

async function attempt(args: readonly string[], where: Surroundings): Promise<number> {
  const parsed = parse(args);
  if ('help' in parsed) {
    where.out(USAGE);
    return 0;
  }
  if ('problems' in parsed) {
    where.err([...parsed.problems.map((problem) => `DW6010: ${problem}`), '', USAGE].join('\n'));
    return 64;
  }
  try {
    return await parsed.command.run(parsed.flags, where);
  } catch (error) {
    const message = messageOf(error);
    if (message === undefined) throw error;
    where.err(message);
    return 1;
  }
}

/** Undefined for a defect of ours, whose stack says more. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof LocalAwsError) return error.message;
  const { syscall, message } = error as NodeJS.ErrnoException;
  return syscall && describe('DW6011', `The operating system refused: ${message}.`, 'Make local-aws/.home writable, and free the disk.');
}

type Parsed = { readonly help: true } | { readonly problems: readonly string[] } | { readonly command: Command; readonly flags: Flags };

function parse(args: readonly string[]): Parsed {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: { ...FLAGS, help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
    strict: false, // reports only the first mistake, and throws it
    tokens: true,
  });
  if (values.help) return { help: true };

  const [name, ...extra] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const known = Object.keys(COMMANDS).join(', ');
  const problems = [
    ...(command ? [] : [`${name ? `unknown command ${JSON.stringify(name)}` : 'a command is missing'}; known: ${known}.`]),
    ...extra.map((argument) => `unexpected argument ${JSON.stringify(argument)}.`),
    ...tokens.flatMap((token) => (token.kind === 'option' ? optionProblems(token, name, command) : [])),
  ];
  return command && problems.length === 0 ? { command, flags: values as unknown as Flags } : { problems };
}

function optionProblems(option: { name: string; rawName: string; value?: string }, name: string, command: Command | undefined): string[] {
  const { rawName, value } = option;
  const flag = (Object.keys(FLAGS) as Array<keyof Flags>).find((known) => known === option.name);
  if (!flag) return [`unknown option ${rawName}.`];
  if (command && !command.flags.includes(flag)) return [`${name} takes no ${rawName}.`];
  if (flag === 'json') return value === undefined ? [] : [`${rawName} takes no value; received ${JSON.stringify(value)}.`];
  return FORMS[flag].pattern.test(value ?? '')
    ? []
    : [`${rawName} received ${JSON.stringify(value ?? '')}; allowed: ${FORMS[flag].allowed}.`];
}

function toJson(value: object): string {
  return JSON.stringify(value, undefined, 2);
}
