import { BackendNames } from '@dataworks/backend-bootstrap';
import { parseConfiguration } from '../../src';
import type { Target } from '../../src/config/target';

const REGION = 'eu-central-1';
export const ORGANIZATION = '11111111-2222-4333-8444-555555555555';

/** Environment `dev` of account 111122223333, with `test` behind it; `changes` are those of the file. */
export function targetWith(changes: object = {}): Target {
  const configuration = parseConfiguration(
    JSON.stringify({
      project: { name: 'sales', owner: 'sales-data' },
      repository: 'github.com/acme/lake',
      circleci: { organizationId: ORGANIZATION, projectId: '66666666-7777-4888-9999-000000000000' },
      environments: [
        { name: 'dev', account: '111122223333', region: REGION, administrators: ['arn:aws:iam::111122223333:role/admin'] },
        { name: 'test', account: '444455556666', region: REGION },
      ],
      ...changes,
    }),
  );
  const environment = configuration.environments[0];
  const { stateNameSuffix, qualifier, project } = configuration;
  const { name, account, region } = environment;
  return {
    configuration,
    environment,
    names: new BackendNames({ project: project.name, environment: name, account, region, stateNameSuffix, qualifier }),
  };
}
