import { spawnSync } from 'node:child_process';

/** The binary of Terraform or OpenTofu; undefined on a machine that has neither. */
export const TERRAFORM = ['terraform', 'tofu'].find((name) => spawnSync(name, ['-version'], { stdio: 'ignore' }).status === 0);

/** Arguments of every run. */
export const UNATTENDED = ['-no-color', '-input=false'];

/** Environment variables of every run. */
export const QUIET = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };
