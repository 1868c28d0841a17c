/** `parameter-stacks.js <stacks>`: stacks with 100 SSM parameters each, for the account that the AWS environment variables name. */
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, DefaultStackSynthesizer, Stack } from 'aws-cdk-lib/core';

const PARAMETERS = 100;

const app = new App({ defaultStackSynthesizer: new DefaultStackSynthesizer({ qualifier: 'dataworks' }) });
const env = { account: process.env.AWS_ACCESS_KEY_ID, region: process.env.AWS_REGION };
for (let number = 1; number <= Number(process.argv[2]); number += 1) {
  const stack = new Stack(app, `stack${number}`, { env });
  for (let parameter = 1; parameter <= PARAMETERS; parameter += 1) {
    new StringParameter(stack, `parameter${parameter}`, { parameterName: `/bench/${number}/${parameter}`, stringValue: 'value' });
  }
}
app.synth();
