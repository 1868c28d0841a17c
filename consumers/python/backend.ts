import { App } from 'aws-cdk-lib/core';
import { BackendParameter, BackendStack, ToolkitStack } from '@dataworks/backend-bootstrap';

/** The same as backend.py, which must give the same templates. */
export function backend(): unknown {
  const app = new App();
  const environment = {
    env: { account: '222222222222', region: 'eu-central-1' },
    project: 'dataworks',
    environment: 'test',
    production: false,
  };
  const { names } = new BackendStack(app, 'Backend', {
    ...environment,
    owner: 'data-platform',
    circleCi: {
      organizationId: '3f0c7a52-1d0e-4b6e-9a3e-0d4c9d6a7b11',
      projectId: '8a6f2c0d-52c3-4f6e-8a0e-7c1f3b9d2e44',
      repository: 'github.com/acme/lake',
    },
    after: { environment: 'dev', account: '111111111111' },
    recordReaders: [{ environment: 'prod', account: '333333333333' }],
    administrators: ['arn:aws:iam::222222222222:role/platform-admin'],
  });
  const toolkit = new ToolkitStack(app, 'Toolkit', environment);
  toolkit.templateOptions.metadata = { StateBucket: names.parameter(BackendParameter.STATE_BUCKET) };
  return Object.fromEntries(app.synth().stacks.map(({ id, template }) => [id, template as unknown]));
}
