import { circleci, DependencyType, type Project } from 'projen';
import { check } from './check';
import type { Config } from './config';
import { commands, jobs } from './jobs';
import { report } from './problem';
import type { Configuration } from '../../packages/dataworks-deploy/src';
import { VERSIONS } from '../versions';
import { workflows } from './workflows';

/** The whole pipeline of these environments. */
export function pipelineOf(configuration: Configuration): Config {
  return { version: 2.1, commands, jobs: jobs(configuration), workflows: workflows(configuration) };
}

/** `.circleci/config.yml`. projen's types know no commands, serial groups or requirements by status, so it gets the finished data. */
export class Pipeline extends circleci.Circleci {
  constructor(project: Project, configuration: Configuration) {
    super(project);
    const config = pipelineOf(configuration);
    const problems = check(config);
    if (problems.length > 0) throw new Error(report(problems));
    this.file.addDeletionOverride('orbs');
    for (const [key, value] of Object.entries(config)) this.file.addOverride(key, value);

    // The tests read the file back and hold it against CircleCI's JSON schema.
    for (const dependency of [`ajv@${VERSIONS.ajv}`, `yaml@${VERSIONS.yaml}`]) project.deps.addDependency(dependency, DependencyType.BUILD);
  }
}
