import type { CommonOptions } from './common-options';
import { openBundle, refuseOtherEnvironment } from '../apply/bundle-source';
import { Buckets } from '../aws/s3';
import { targetOf } from '../config/target';
import { coloured } from '../plan/report/coloured';
import { terminalReport } from '../plan/report/report';
import type { Terminal } from '../terminal';

/** `dataworks show <environment> <digest|folder>`. */
export async function show(name: string, source: string, { config, json = false }: CommonOptions, terminal: Terminal): Promise<number> {
  const { environment, names } = targetOf(name, config);
  const bundle = await openBundle(source, new Buckets(environment.region, environment.account), names);
  try {
    refuseOtherEnvironment(bundle.plan, environment);
    terminal.out(json ? JSON.stringify(bundle.plan, undefined, 2) : coloured(terminalReport(bundle.plan)));
    return 0;
  } finally {
    bundle.dispose();
  }
}
