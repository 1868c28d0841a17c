import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { used, type Usage } from './measure';
import { APP, ROOT } from './programs';
import { clientEnvironment } from '../local-aws/cli/environment';

const DEPLOY = join(ROOT, 'packages/dataworks-deploy');
const DATAWORKS = join(DEPLOY, 'lib/cli.js');
const CDK = join(ROOT, 'node_modules/aws-cdk/bin/cdk');

/** Of the app's environments, the one that is deployed, and the one that is synthesised, on both sides. */
const ENVIRONMENT = 'dev';

/** What `dataworks plan` tells the application by itself. */
const ONE_ENVIRONMENT = [`${ENVIRONMENT}/*`, '--context', `dataworks:environment=${ENVIRONMENT}`];

const MAIN = `const { createApp } = require(${JSON.stringify(join(APP, 'app.js'))});
const { loadConfiguration } = require(${JSON.stringify(DEPLOY)});
createApp({}, loadConfiguration('dataworks.json')).synth();
`;

/** The part of a dataworks.json that is changed here. */
interface Configuration {
  readonly environments: ReadonlyArray<{ readonly name: string; readonly region: string; readonly zones?: object }>;
}

/** The compiled app of this repository as its users run it: from a repository of its own, by the `app` of its cdk.json. */
export class Lake {
  /** One for an account, in which nothing was done but `dataworks bootstrap`. */
  public static inAccount(account: string, { folder, url }: { readonly folder: string; readonly url: string }): Lake {
    const configuration = configurationFor(account);
    const { context } = readJson(join(ROOT, 'packages/dataworks-app/cdk.json')) as { context: object };
    mkdirSync(folder);
    write(folder, {
      'app.js': MAIN,
      'cdk.json': { app: 'node app.js', context },
      'dataworks.json': configuration,
      '.gitignore': 'cdk.out\n',
    });
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', folder, '-c', 'user.name=bench', '-c', 'user.email=bench@localhost', ...args]);
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'app');
    const [{ region }] = configuration.environments;
    const env = { ...process.env, ...clientEnvironment({ url, account, region }, process.env), CDK_VALIDATION: 'false' };
    const lake = new Lake(folder, env, configuration);
    lake.answer('bootstrap', ENVIRONMENT, '--yes');
    return lake;
  }

  private changes = 0;

  private constructor(
    private readonly folder: string,
    public readonly env: NodeJS.ProcessEnv,
    private readonly configuration: Configuration,
  ) {}

  /** Give one bucket a setting that it has not had before. */
  public change(): void {
    this.changes += 1;
    const zones = { raw: { noncurrentDays: 100 + this.changes } };
    const environments = this.configuration.environments.map((one) => (one.name === ENVIRONMENT ? { ...one, zones } : one));
    write(this.folder, { 'dataworks.json': { ...this.configuration, environments } });
  }

  /** Plan and approve what the app says now; gives the digest. */
  public approvedPlan(): string {
    const { digest } = JSON.parse(this.answer('plan', ENVIRONMENT, '--upload', '--json')) as { digest: string };
    this.answer('approve', ENVIRONMENT, digest);
    return digest;
  }

  public plan(...options: string[]): Usage {
    return this.used(DATAWORKS, 'plan', ENVIRONMENT, ...options);
  }

  public apply(digest: string): Usage {
    return this.used(DATAWORKS, 'apply', ENVIRONMENT, digest);
  }

  public cdkDiff(): Usage {
    return this.used(CDK, 'diff', ...ONE_ENVIRONMENT, '--no-notices');
  }

  public cdkDeploy(): Usage {
    return this.used(CDK, 'deploy', ...ONE_ENVIRONMENT, '--method=direct', '--require-approval=never', '--no-notices');
  }

  private used(...args: string[]): Usage {
    return used({ args, cwd: this.folder, env: this.env });
  }

  private answer(...args: string[]): string {
    return execFileSync(process.execPath, [DATAWORKS, ...args], { cwd: this.folder, env: this.env, encoding: 'utf8', stdio: 'pipe' });
  }
}

/** The app's own, with another account, and names that no other account of the embedded AWS has taken. CircleCI's ids are placeholders in it. */
function configurationFor(account: string): Configuration {
  const own = readJson(join(ROOT, 'packages/dataworks-app/dataworks.json')) as Configuration;
  const changes = { account, administrators: [`arn:aws:iam::${account}:role/platform-admin`] };
  const environments = own.environments.map((one) => (one.name === ENVIRONMENT ? { ...one, ...changes } : one));
  return { ...own, circleci: undefined, stateNameSuffix: `s${account}`, environments } as Configuration;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function write(folder: string, files: Readonly<Record<string, string | object>>): void {
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
}
