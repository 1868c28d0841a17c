import { spawn } from 'node:child_process';

/** Whether there is what builds images, with its daemon: Docker, or what `CDK_DOCKER` names in its place. */
export function canBuildImages(): Promise<boolean> {
  return new Promise((resolve) => {
    spawn(process.env.CDK_DOCKER ?? 'docker', ['version'], { stdio: 'ignore' })
      .on('error', () => {
        resolve(false);
      })
      .on('close', (code) => {
        resolve(code === 0);
      });
  });
}
