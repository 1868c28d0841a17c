import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Comparison, Outcome } from '../comparison';
import { measured, pairs, TIME, timed } from '../measure';

const id = 'terraform';

/** Terraform asks nobody and waits for nobody. */
const UNATTENDED = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_REGISTRY_CLIENT_TIMEOUT: '5', TF_REGISTRY_DISCOVERY_RETRY: '0' };

/** The app beside a Terraform configuration of the same key and buckets, which has no SSM parameters. */
export const TERRAFORM: Comparison = {
  id,
  measure: async (aws): Promise<Outcome> => {
    if (spawnSync('terraform', ['-version']).error) return { skipped: 'terraform is not on PATH.' };
    const cwd = join(aws.folder, 'terraform');
    cpSync(join(__dirname, '../terraform'), cwd, { recursive: true });
    const { env: own } = await aws.newLake();
    const env = { ...own, ...UNATTENDED };
    const { status, stderr } = spawnSync('terraform', ['init', '-input=false', '-no-color'], { cwd, env, encoding: 'utf8' });
    if (status !== 0) return { skipped: `terraform init found no AWS provider (${firstLine(stderr)}).` };

    const terraform = (...args: string[]) => timed({ file: 'terraform', args: [...args, '-input=false', '-no-color'], cwd, env });
    const created = await pairs(
      async () => {
        const lake = await aws.newLake();
        return lake.apply(lake.approvedPlan());
      },
      () => terraform('apply', '-auto-approve'),
      { rounds: 1, warmUps: 0 }, // minutes
    );
    const lake = await aws.deployedLake();
    const planned = await pairs(
      () => lake.plan(),
      () => terraform('plan'),
      { rounds: 2, warmUps: 0 },
    );
    return [measured('plan / terraform plan', TIME, planned), measured('apply / terraform apply', TIME, created)];
  },
};

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .map((line) => line.replace(/^[│╷╵\s]+/, ''))
      .find((line) => line.startsWith('Error')) ?? text.trim().split('\n')[0]
  );
}
