import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Lake } from './lake';
import { homeAt } from '../local-aws/cli/paths';
import { startServer, stopServer } from '../local-aws/cli/server';

/** The embedded AWS that all comparisons share, started when the first one asks for it; each gets accounts of its own. */
export class LocalAws {
  public readonly folder = mkdtempSync(join(tmpdir(), 'dataworks-bench-'));
  private readonly home = homeAt(join(this.folder, 'home'));
  private accounts = 0;
  private deployed?: Promise<Lake>;

  private async url(): Promise<string> {
    return (await startServer({ home: this.home, tied: true })).server.url;
  }

  /** The app in a repository of its own, for an account in which `dataworks bootstrap` was run and nothing else. */
  public async newLake(): Promise<Lake> {
    const account = String(710000000000 + (this.accounts += 1));
    return Lake.inAccount(account, { folder: join(this.folder, account), url: await this.url() });
  }

  /** One that is deployed, as the app says. Both sides of a comparison work on it in turns. */
  public deployedLake(): Promise<Lake> {
    this.deployed ??= (async () => {
      const lake = await this.newLake();
      lake.apply(lake.approvedPlan());
      return lake;
    })();
    return this.deployed;
  }

  public async stop(): Promise<void> {
    await stopServer({ home: this.home });
    rmSync(this.folder, { recursive: true });
  }
}
