/** AWS's own DynamoDB Local, from Maven Central: a second opinion on conditional writes, beside the embedded AWS. */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface DynamoDbLocal {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Whether this machine has the JDK and the Maven that it needs. */
export function hasJavaAndMaven(): boolean {
  try {
    execFileSync('javac', ['-version'], { stdio: 'ignore' });
    execFileSync('mvn', ['-version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Start one, on a free port of 127.0.0.1; it ends with this process, however that ends. */
export async function startDynamoDbLocal(folder: string): Promise<DynamoDbLocal> {
  copyFileSync(join(__dirname, 'pom.xml'), join(folder, 'pom.xml'));
  const libraries = join(folder, 'lib');
  execFileSync('mvn', ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${libraries}`], { cwd: folder, stdio: 'ignore' });
  const child = spawn('java', [`-Djava.library.path=${libraries}`, '-cp', `${libraries}/*`, join(__dirname, 'Local.java')], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /^port (\d+)$/.exec(line)?.[1];
    if (port === undefined) continue;
    const stop = () => {
      child.stdin.end();
      return ended;
    };
    return { url: `http://127.0.0.1:${port}`, stop };
  }
  throw new Error('DynamoDB Local ended before it listened');
}
