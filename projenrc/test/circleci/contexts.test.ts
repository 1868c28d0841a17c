/** What `dataworks bootstrap` prints for the contexts is what the jobs take from them. */
import { resolve } from 'node:path';
import { OURS } from './configurations';
import { contextsOf } from '../../../packages/dataworks-deploy/src/bootstrap/handover';
import { targetOf } from '../../../packages/dataworks-deploy/src/config/target';
import type { WorkflowJob } from '../../circleci/config';
import { pipelineOf } from '../../circleci/pipeline';

const FILE = resolve(__dirname, '../../../packages/dataworks-app/dataworks.json');
const { jobs, workflows } = pipelineOf(OURS);
const calls = workflows.deliver.jobs.flatMap((call) => Object.entries<WorkflowJob>(call));

/** Variables of a job without which a step of it fails and names docs/pipeline.md. */
function variablesOf(job: string): string[] {
  return [...JSON.stringify(jobs[job].steps).matchAll(/\$\{(\w+):\?missing in the context/g)].map(([, name]) => name).sort();
}

test.each(OURS.environments.map(({ name }) => name))('%s', (name) => {
  const printed = contextsOf(targetOf(name, FILE));
  const [plan, apply] = ['plan', 'apply'].map(
    (job) => calls.find(([called, { environment }]) => called === job && environment === name)![1],
  );
  expect(Object.keys(printed)).toEqual([plan.context, apply.context]);
  expect(Object.keys(printed[plan.context as string])).toEqual(variablesOf('plan'));
  // The secret one is told apart from these, once.
  expect([...Object.keys(printed[apply.context as string]), 'DEPLOYER_EXTERNAL_ID'].sort()).toEqual(variablesOf('apply'));
});
