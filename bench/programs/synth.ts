/** `synth.js <data-works|hand-written> <lakes>`: one stack per lake, as one process that a user would wait for. */
import { App, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

type AddLake = (scope: Construct, id: string, environment: string) => void;

/** Only what is measured is loaded. */
const LAKES: Readonly<Record<string, () => Promise<AddLake>>> = {
  'data-works': async () => (await import('./data-works-lake')).dataWorksLake,
  'hand-written': async () => {
    const { HandWrittenLake } = await import('./hand-written-lake');
    return (scope, id, environment) => new HandWrittenLake(scope, id, environment);
  },
};

async function main([kind, lakes]: readonly string[]): Promise<void> {
  const addLake = await LAKES[kind]();
  const app = new App();
  for (let lake = 1; lake <= Number(lakes); lake++) addLake(new Stack(app, `Lake${lake}`), 'Lake', `dev-${lake}`);
  app.synth();
}

void main(process.argv.slice(2));
