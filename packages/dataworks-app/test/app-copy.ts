import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

/** The app's sources in a folder of their own, to be run with another configuration, or with code beside them. */
export class AppCopy {
  public readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'dataworks-app-')));

  public constructor() {
    cpSync(join(__dirname, '../src'), join(this.folder, 'src'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(this.folder, 'node_modules'));
    // As in the other tests: the packages' sources, which need no build.
    const paths = Object.fromEntries(
      ['constructs', 'deploy'].map((name) => [`@dataworks/${name}`, [join(ROOT, `packages/dataworks-${name}/src/index.ts`)]]),
    );
    this.write('tsconfig.json', JSON.stringify({ compilerOptions: { paths, module: 'CommonJS', esModuleInterop: true } }));
  }

  public write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text);
  }

  public run(entry: string) {
    return spawnSync(join(ROOT, 'node_modules/.bin/tsx'), [`src/${entry}.ts`], { cwd: this.folder, encoding: 'utf8' });
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
