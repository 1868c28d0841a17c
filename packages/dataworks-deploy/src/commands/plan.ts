import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import type { CommonOptions } from './common-options';
import { nextSteps } from './next-steps';
import { environmentIn } from '../config/environment-in';
import { findConfiguration } from '../config/find';
import { loadConfiguration } from '../config/load';
import { findApp } from '../plan/assembly/cdk-json';
import { synthesiseApp } from '../plan/assembly/synthesise';
import { prepare } from '../plan/bundle/out-folder';
import { commitOf } from '../plan/git';
import { refuseInside } from '../plan/report/report-file';
import { scratchFolder } from '../scratch';
import { answerSignals, exitBy } from '../signals';
import type { Terminal } from '../terminal';

export interface PlanOptions extends CommonOptions {
  readonly assembly?: string;
  readonly out?: string;
  readonly report?: string;
  readonly upload?: boolean;
  readonly detailedExitcode?: boolean;
}

const load = createRequire(__filename);

const CHANGES = 2;

/** `dataworks plan <environment>`. */
export async function plan(name: string, options: PlanOptions, terminal: Terminal): Promise<number> {
  const { assembly, out, report, json = false, upload = false, detailedExitcode = false } = options;
  const file = options.config ?? findConfiguration(process.cwd());
  const configuration = loadConfiguration(file);
  const environment = environmentIn(configuration, name, file);
  if (out !== undefined && report !== undefined) refuseInside(out, report);
  const app = assembly === undefined ? findApp(file, process.cwd()) : undefined;
  if (out !== undefined) prepare(out); // before the application takes its time
  const { path: scratch, remove } = scratchFolder('plan');
  const stop = new AbortController();
  // The application runs beside everything that does not need its assembly: git, credentials, the record, and the loading of code.
  const synthesis = app
    ? synthesiseApp({
        app,
        scratch,
        place: environment,
        environment: name,
        qualifier: configuration.qualifier,
        progress: terminal.err,
        signal: stop.signal,
      })
    : Promise.resolve(resolve(assembly!));
  let interruption: NodeJS.Signals | undefined;
  /** The application writes into the scratch folder as long as it runs. */
  const end = async (): Promise<void> => {
    stop.abort();
    await synthesis.catch(() => {}); // the plan has said why, or it was ended
    if (interruption) exitBy(interruption);
  };
  const handBack = answerSignals((signal) => {
    if (interruption) exitBy(signal); // nobody waits twice
    interruption = signal;
    void end();
  });
  try {
    const outputs = [out, report].filter((path) => path !== undefined);
    const commit = commitOf(app?.folder ?? process.cwd(), outputs);
    const { planEnvironment } = load('../plan/plan-environment') as typeof import('../plan/plan-environment');
    const {
      document,
      report: text,
      isChanged,
    } = await planEnvironment({
      name,
      configuration: file,
      assembly: synthesis,
      commit,
      ...(!app && { assemblyGiven: true }),
      scratch,
      out,
      report,
      upload,
      tell: terminal.err,
    });
    const next = upload ? nextSteps(name, document.digest) : 'It is not stored where it could be approved: that is what --upload does.';
    terminal.out(json ? JSON.stringify(document, undefined, 2) : `${text}\n\n${next}`);
    return detailedExitcode && isChanged ? CHANGES : 0;
  } finally {
    await end();
    handBack();
    remove();
  }
}
