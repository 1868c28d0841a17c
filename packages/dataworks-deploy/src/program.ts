import { createRequire } from 'node:module';
import { Command, CommanderError, Help, InvalidArgumentError } from 'commander';
import { version } from '../package.json';
import type { ApplyOptions } from './commands/apply';
import type { BootstrapOptions } from './commands/bootstrap';
import type { CommonOptions } from './commands/common-options';
import type { HistoryOptions } from './commands/history';
import type { LockOptions } from './commands/lock';
import type { PlanOptions } from './commands/plan';
import type { RollbackOptions } from './commands/rollback';
import type { UnlockOptions } from './commands/unlock';
import { DIGEST } from './plan/digest';
import { reportError } from './report-error';
import type { Terminal } from './terminal';

/** Loads the code of a command when that command runs: the CDK and the AWS SDK take longer than a whole `--help`. */
const load = createRequire(__filename);

const USAGE = 64;

/** Columns of every help, wherever it is read: the README shows it. */
const WIDTH = 100;

const EXIT_CODES = {
  0: 'done',
  1: 'failed',
  2: 'there are changes (plan and rollback with --detailed-exitcode), or there is drift (drift)',
  3: 'there are findings (doctor)',
  4: 'refused: stale, tampered, diverged, not approved, too old, out of order',
  5: 'the environment is locked',
  6: 'a deployment failed and was rolled back',
  7: 'it is not known how it is or how it ended: the message names the way out',
  64: 'these arguments are not known',
};

/** Run one command line; gives the exit code. */
export async function dataworks(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  let environment: string | undefined;
  try {
    await program(terminal, (result) => {
      code = result;
    })
      .hook('preAction', (_root, { args: [first] }) => {
        environment = first;
      })
      .parseAsync(args, { from: 'user' });
  } catch (error) {
    const json = args.includes('--json');
    if (!(error instanceof CommanderError)) return reportError(error, { terminal, json, environment });
    if (error.exitCode === 0) return 0;
    if (json) terminal.out(JSON.stringify({ error: { message: error.message.replace(/^error: /, '') } }, undefined, 2));
    return USAGE;
  }
  return code;
}

function program(terminal: Terminal, ended: (code: number) => void): Command {
  const root = new Command('dataworks')
    .description('Bootstrap, check and deploy the environments of dataworks.json.')
    .version(version)
    .exitOverride()
    .showHelpAfterError('See: dataworks --help')
    .configureHelp({ helpWidth: WIDTH })
    .configureOutput({
      writeOut: (text) => {
        terminal.out(text.trimEnd());
      },
      writeErr: (text) => {
        terminal.err(text.trimEnd());
      },
    })
    .addHelpText(
      'after',
      [
        examples({
          'dataworks plan dev --upload': 'what would change, stored under a digest',
          'dataworks approve dev 3f1c…': 'when its report is read',
          'dataworks apply dev 3f1c…': 'exactly that',
          'dataworks plan --help': 'options, examples and exit codes of a command',
        }),
        '\nExit codes:',
        ...Object.entries(EXIT_CODES).map(([code, meaning]) => `  ${code.padEnd(2)}  ${meaning}`),
        wrapped(
          'Environment: AWS credentials, AWS_PROFILE and AWS_ENDPOINT_URL as for every AWS tool; DATAWORKS_DEBUG=1 for stack traces.',
        ),
      ].join('\n'),
    );

  command(root, 'bootstrap')
    .summary('create or update what an environment needs: state backend, roles, CDK bootstrap')
    .description(
      "Creates, in the environment's account: the state bucket and lock table, the roles of the pipeline, and a hardened CDK bootstrap.\n" +
        'Shows what would change and for whom, and asks before it changes anything. Can be interrupted and run again at any point.',
    )
    .option('--yes', 'do not ask')
    .option('--rotate', "make a new external id; until the pipeline's context holds it, applies fail, also those under way")
    .option('--write-backend <file>', 'write the Terraform backend block to this file')
    .option('--destroy', 'remove all of it; refused in production, and while there are records, locks or state')
    .addHelpText(
      'after',
      examples({
        'dataworks bootstrap dev': 'create it, or bring it up to date',
        'dataworks bootstrap dev --yes --json': 'the same in a script: progress on stderr, the result on stdout',
        'dataworks bootstrap prod --rotate': 'a new external id',
        'dataworks bootstrap dev --write-backend backend.tf': 'also write the backend block for Terraform',
        'dataworks bootstrap dev --destroy': 'remove it again',
      }),
    )
    .action(async (environment: string, options: BootstrapOptions) => {
      const { bootstrap } = load('./commands/bootstrap') as typeof import('./commands/bootstrap');
      ended(await bootstrap(environment, options, terminal));
    });

  command(root, 'doctor')
    .summary("check an environment's account against what bootstrap made")
    .description(
      'Reads the state backend, the roles and the CDK bootstrap from the account, and says of each difference how to undo it. Changes nothing.',
    )
    .addHelpText(
      'after',
      `${examples({
        'dataworks doctor dev': 'a paragraph for each finding',
        'dataworks doctor prod --json': 'the findings as JSON',
      })}\n${wrapped('Exit code 3: there are findings.')}`,
    )
    .action(async (environment: string, options: CommonOptions) => {
      const { doctor } = load('./commands/doctor') as typeof import('./commands/doctor');
      ended(await doctor(environment, options, terminal));
    });

  command(root, 'plan')
    .summary('what an apply would change, as a bundle with a digest that can be approved')
    .description(
      'Synthesises the CDK application beside dataworks.json, and compares the stacks of the environment with what is deployed. Changes ' +
        'nothing in them, and needs no right to. What could lose data or allow more than before comes first.',
    )
    .option('--assembly <folder>', 'a cloud assembly that was synthesised before, instead of the application')
    .option('--out <folder>', 'write the bundle there: a new or empty folder, or one with an earlier bundle')
    .option('--report <file>', 'write the report there as well, as one HTML page')
    .option('--upload', 'store the bundle in the state bucket under its digest, where approve and apply find it')
    .option('--detailed-exitcode', 'exit code 2 when there are changes')
    .addHelpText(
      'after',
      `${examples({
        'dataworks plan dev': 'show what would change',
        'dataworks plan dev --upload': 'and store it, to be approved and applied by its digest',
        'dataworks plan dev --report plan.html': 'and look at it in a browser',
        'dataworks plan dev --out plan --json': 'the bundle in the folder `plan`; changes, risks and digest as JSON',
        'dataworks plan dev --assembly cdk.out --detailed-exitcode': 'from an assembly; 2 when there are changes',
      })}\n${wrapped('Exit code 2: there are changes, with --detailed-exitcode.')}`,
    )
    .action(async (environment: string, options: PlanOptions) => {
      const { plan } = load('./commands/plan') as typeof import('./commands/plan');
      ended(await plan(environment, options, terminal));
    });

  command(root, 'show')
    .argument('<plan>', 'digest of an uploaded plan, or a folder or .tgz with its bundle')
    .summary('read a plan again, after it was verified')
    .description('Verifies every file of the bundle against its digest, then prints what `dataworks plan` printed. Changes nothing.')
    .addHelpText(
      'after',
      `${examples({
        'dataworks show dev 3f1c…': 'one that was uploaded',
        'dataworks show dev plan --json': 'plan.json of the bundle in the folder `plan`',
      })}\n${wrapped('Exit code 4: the bundle was changed after it was planned, or is none.')}`,
    )
    .action(async (environment: string, plan: string, options: CommonOptions) => {
      const { show } = load('./commands/show') as typeof import('./commands/show');
      ended(await show(environment, plan, options, terminal));
    });

  command(root, 'approve')
    .argument('<digest>', 'of the plan, 64 hexadecimal digits', wholeDigest)
    .summary('approve a plan that was uploaded')
    .description(
      'Verifies the plan in the state bucket and writes down that you approve exactly this digest: who, when, from which job.\n' +
        'Read its report first. Planning again renews the plan, and approvals from before do not count any more.',
    )
    .addHelpText(
      'after',
      `${examples({
        'dataworks approve prod 3f1c…': 'approve it',
        'dataworks approve prod 3f1c… --json': 'the approval as JSON',
      })}\n${wrapped('Exit code 4: the bundle was changed after it was planned, or is for another environment.')}`,
    )
    .action(async (environment: string, digest: string, options: CommonOptions) => {
      const { approve } = load('./commands/approve') as typeof import('./commands/approve');
      ended(await approve(environment, digest, options, terminal));
    });

  command(root, 'apply')
    .argument('<plan>', 'digest of an uploaded plan, or a folder with its bundle')
    .summary('apply a plan that is approved: exactly that, and nothing else')
    .description(
      'Verifies the plan, takes the lock, refuses when anything has changed since it was planned, makes the change sets, refuses whatever ' +
        'was not approved, executes, and records. Can be interrupted and run again at any point.',
    )
    .option('--lock-timeout <seconds>', 'how long to wait for whoever holds the lock', wholeNumber, 300)
    .addHelpText(
      'after',
      `${examples({
        'dataworks apply dev 3f1c…': 'apply it',
        'dataworks apply dev plan --json': 'the bundle in the folder `plan`; its digest must be approved; the record on stdout',
        'dataworks apply prod 3f1c… --lock-timeout 0': 'do not wait for the lock',
      })}\n${wrapped(
        'Exit code 4: refused (stale, tampered, diverged, not approved, too old, out of order). 5: locked. 6: a deployment failed and was ' +
          'rolled back. 7: it is not known how it ended; the lock is left: run the same command again. Also 7: the rollback failed; ' +
          'the message names the way out.',
      )}`,
    )
    .action(async (environment: string, plan: string, options: ApplyOptions) => {
      const { apply } = load('./commands/apply') as typeof import('./commands/apply');
      ended(await apply(environment, plan, options, terminal));
    });

  command(root, 'status')
    .summary('what was applied last, and who holds the lock')
    .description('Reads the deployment record and both halves of the lock. Changes nothing.')
    .addHelpText('after', examples({ 'dataworks status dev': 'in words', 'dataworks status dev --json': 'record and holders as JSON' }))
    .action(async (environment: string, options: CommonOptions) => {
      const { status } = load('./commands/status') as typeof import('./commands/status');
      ended(await status(environment, options, terminal));
    });

  command(root, 'history')
    .summary('what was applied, and which locks were broken or unlocked; the newest first')
    .description('Reads the history of an environment. It is immutable: failed applies and applies without changes are in it too.')
    .option('--limit <number>', 'how many records, and how many locks', oneOrMore, 20)
    .addHelpText(
      'after',
      examples({ 'dataworks history prod': 'a line each', 'dataworks history prod --limit 100 --json': 'the whole records' }),
    )
    .action(async (environment: string, options: HistoryOptions) => {
      const { history } = load('./commands/history') as typeof import('./commands/history');
      ended(await history(environment, options, terminal));
    });

  command(root, 'drift')
    .summary('what was changed behind the back of CloudFormation')
    .description(
      'Lets CloudFormation compare the resources of every stack that was applied last, and of their nested stacks, with its templates. ' +
        'Needs rights to read the configuration of the resources, as an administrator has them. Changes nothing.',
    )
    .addHelpText(
      'after',
      `${examples({
        'dataworks drift dev': 'what differs, and what cannot be checked',
        'dataworks drift prod --json': 'every resource, as JSON',
      })}\n${wrapped('Exit code 1: a stack could not be checked completely. 2: all could, and something has drifted. What CloudFormation cannot compare is named, and no reason for an exit code.')}`,
    )
    .action(async (environment: string, options: CommonOptions) => {
      const { drift } = load('./commands/drift') as typeof import('./commands/drift');
      ended(await drift(environment, options, terminal));
    });

  command(root, 'rollback')
    .summary('plan what brings back an earlier record of the history')
    .description(
      'Takes the assembly that was applied under a serial out of the state bucket, verifies it, and plans it against what is deployed ' +
        'now. The plan is stored; it has to be approved and applied like any other. Data that was deleted does not come back.',
    )
    .requiredOption('--to <serial>', 'of the record to go back to, as `dataworks history` shows it', wholeNumber)
    .option('--detailed-exitcode', 'exit code 2 when there are changes')
    .addHelpText(
      'after',
      `${examples({
        'dataworks rollback dev --to 41': 'plan it, show it, and store the plan to be approved and applied',
        'dataworks rollback prod --to 41 --json': 'changes, risks and digest as JSON',
      })}\n${wrapped('Exit code 2: there are changes, with --detailed-exitcode. 4: the bundle of that serial was changed.')}`,
    )
    .action(async (environment: string, options: RollbackOptions) => {
      const { rollback } = load('./commands/rollback') as typeof import('./commands/rollback');
      ended(await rollback(environment, options, terminal));
    });

  command(root, 'lock')
    .summary('hold the lock by hand, for maintenance')
    .description(
      'Takes the lock and leaves it: no apply and no Terraform run of this environment begins, until somebody unlocks it by its ID.\n' +
        'It has no heartbeat, and is never broken automatically.',
    )
    .requiredOption('--reason <text>', 'why; shown to whoever it keeps waiting', words)
    .option('--lock-timeout <seconds>', 'how long to wait for whoever holds it', wholeNumber, 0)
    .addHelpText(
      'after',
      `${examples({ 'dataworks lock prod --reason "moving the network"': 'prints its ID' })}\n${wrapped('Exit code 5: somebody else holds it, or an operation on a stack is in progress.')}`,
    )
    .action(async (environment: string, options: LockOptions) => {
      const { lock } = load('./commands/lock') as typeof import('./commands/lock');
      ended(await lock(environment, options, terminal));
    });

  command(root, 'unlock')
    .argument('<id>', 'ID of the lock, as `dataworks status` shows it')
    .summary("end a lock by its ID, ours or Terraform's")
    .description(
      'Deletes the item and the object of exactly this lock, and records it. To be used when its holder is known to be dead: a Terraform ' +
        'run that lives goes on without a lock; an apply that lives executes nothing more.',
    )
    .option('--reason <text>', 'why; recorded in the history', words, 'by hand')
    .addHelpText(
      'after',
      `${examples({
        'dataworks unlock dev 6ba7b810-9dad-11d1-80b4-00c04fd430c8 --reason "job 4711 was cancelled"': 'end it',
      })}\n${wrapped('Exit code 5: it was released, or taken by somebody else, in this moment.')}`,
    )
    .action(async (environment: string, id: string, options: UnlockOptions) => {
      const { unlock } = load('./commands/unlock') as typeof import('./commands/unlock');
      ended(await unlock(environment, id, options, terminal));
    });

  command(root, 'release-own')
    .summary('release what an earlier step of this CI job left locked')
    .description(
      'For a step that always runs, also after a failure. Does nothing when this job holds no lock; keeps the lock while a stack is in ' +
        'progress, for CloudFormation goes on without the job.',
    )
    .addHelpText(
      'after',
      `${examples({ 'dataworks release-own dev': 'in a step with `when: always`' })}\n${wrapped('Exit code 5: a stack is in progress.')}`,
    )
    .action(async (environment: string, options: CommonOptions) => {
      const { releaseOwn } = load('./commands/release-own') as typeof import('./commands/release-own');
      ended(await releaseOwn(environment, options, terminal));
    });

  for (const one of root.commands) refuseTwice(one);
  return root;
}

/** Of an option that is given twice, the last would win without a word. */
function refuseTwice(one: Command): void {
  for (const option of one.options) {
    let isGiven = false;
    one.on(`option:${option.name()}`, () => {
      if (isGiven) one.error(`error: option '${option.flags}' stands here more than once`);
      isGiven = true;
    });
  }
}

function wholeDigest(value: string): string {
  if (!DIGEST.test(value)) throw new InvalidArgumentError('Allowed: the whole digest, 64 hexadecimal digits.');
  return value;
}

function words(value: string): string {
  if (value.trim() === '') throw new InvalidArgumentError('Allowed: words.');
  return value;
}

function wholeNumber(value: string): number {
  if (!/^\d{1,5}$/.test(value)) throw new InvalidArgumentError('Allowed: a whole number, 0 to 99999.');
  return Number(value);
}

function oneOrMore(value: string): number {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('Allowed: a whole number, 1 to 99999.');
  return Number(value);
}

/** A command for one environment, with what all of them understand. */
function command(root: Command, name: string): Command {
  return root
    .command(name)
    .showHelpAfterError(`See: dataworks ${name} --help`)
    .argument('<environment>', 'its name in dataworks.json')
    .option('--config <file>', 'the dataworks.json (default: in this directory or above, or packages/dataworks-app/dataworks.json there)')
    .option('--json', 'print the result as one JSON document on stdout, everything else on stderr');
}

/** Command lines, each with what it is for: beside it or, when one of them would become too long, below. */
function examples(lines: Readonly<Record<string, string>>): string {
  const widest = Math.max(...Object.keys(lines).map(({ length }) => length));
  const beside = Object.entries(lines).map(([line, meaning]) => `  ${line.padEnd(widest)}  ${meaning}`);
  const below = Object.entries(lines).map(([line, meaning]) => `  ${line}\n      ${meaning}`);
  return ['\nExamples:', ...(beside.some(({ length }) => length > WIDTH) ? below : beside)].join('\n');
}

/** What commander does not wrap, as it wraps the rest. */
function wrapped(text: string): string {
  return `\n${new Help().boxWrap(text, WIDTH)}`;
}
