import { createRequire } from 'node:module';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { ApplyOptions } from './commands/apply';
import type { BootstrapOptions } from './commands/bootstrap';
import type { CommonOptions } from './commands/common-options';
import { reportError } from './report-error';
import type { Terminal } from './terminal';

/** Loads the code of a command when that command runs: the CDK and the AWS SDK take longer than a whole `--help`. */
const load = createRequire(__filename);

const USAGE = 64;

const COMMON_HELP = 'Exit codes: 0 done, 1 failed, 64 these arguments are not known.';

/** Run one command line; gives the exit code. */
export async function dataworks(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  try {
    await program(terminal, (result) => {
      code = result;
    }).parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
    return reportError(error, { terminal, json: args.includes('--json') });
  }
  return code;
}

function program(terminal: Terminal, ended: (code: number) => void): Command {
  const root = new Command('dataworks')
    .description('Bootstrap, check and deploy the environments of dataworks.json.')
    .exitOverride()
    .configureHelp({ helpWidth: 100 }) // the same everywhere: the README shows it
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
      `\n${COMMON_HELP}\nEnvironment: AWS credentials, AWS_PROFILE and AWS_ENDPOINT_URL as for every AWS tool; DATAWORKS_DEBUG=1 for stack traces.`,
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
      })}\n\nExit code 3: there are findings.`,
    )
    .action(async (environment: string, options: CommonOptions) => {
      const { doctor } = load('./commands/doctor') as typeof import('./commands/doctor');
      ended(await doctor(environment, options, terminal));
    });

  command(root, 'approve')
    .argument('<digest>', 'of the plan, 64 hexadecimal digits')
    .summary('approve a plan that was uploaded')
    .description(
      'Verifies the plan in the state bucket and writes down that you approve exactly this digest: who, when, from which job.\n' +
        'Read its report first. Planning again renews the plan, and approvals from before do not count any more.',
    )
    .addHelpText(
      'after',
      examples({ 'dataworks approve prod 3f1c…': 'approve it', 'dataworks approve prod 3f1c… --json': 'the approval as JSON' }),
    )
    .action(async (environment: string, digest: string, options: CommonOptions) => {
      const { approve } = load('./commands/approve') as typeof import('./commands/approve');
      ended(await approve(environment, digest, options, terminal));
    });

  command(root, 'apply')
    .argument('<plan>', 'digest of an uploaded plan, or a folder with its bundle')
    .summary('apply a plan that is approved: exactly that, and nothing else')
    .description(
      'Verifies the plan, takes the lock, refuses when anything has changed since it was planned, makes the change sets, refuses whatever\n' +
        'was not approved, executes, and records. Can be interrupted and run again at any point.',
    )
    .option('--lock-timeout <seconds>', 'how long to wait for whoever holds the lock', seconds, 300)
    .addHelpText(
      'after',
      `${examples({
        'dataworks apply dev 3f1c…': 'apply it',
        'dataworks apply dev plan --json': 'the bundle in the folder `plan`; its digest must be approved; the record on stdout',
        'dataworks apply prod 3f1c… --lock-timeout 0': 'do not wait for the lock',
      })}\n\n` +
        'Exit code 4: refused (stale, tampered, diverged, not approved, too old, out of order). 5: locked. 6: a deployment failed and was\n' +
        'rolled back. 7: it is not known how it ended; the lock is left: run the same command again.',
    )
    .action(async (environment: string, plan: string, options: ApplyOptions) => {
      const { apply } = load('./commands/apply') as typeof import('./commands/apply');
      ended(await apply(environment, plan, options, terminal));
    });

  return root;
}

function seconds(value: string): number {
  if (!/^\d{1,5}$/.test(value)) throw new InvalidArgumentError('Allowed: whole seconds, 0 to 99999.');
  return Number(value);
}

/** A command for one environment, with what all of them understand. */
function command(root: Command, name: string): Command {
  return root
    .command(name)
    .argument('<environment>', 'its name in dataworks.json')
    .option('--config <file>', 'the dataworks.json (default: in this directory or above, or packages/dataworks-app/dataworks.json there)')
    .option('--json', 'print the result as one JSON document on stdout, everything else on stderr');
}

function examples(lines: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(lines).map(({ length }) => length));
  return ['\nExamples:', ...Object.entries(lines).map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`)].join('\n');
}
