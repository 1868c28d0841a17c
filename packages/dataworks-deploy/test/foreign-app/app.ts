/**
 * An application that knows nothing of DataWorks: no stages, a function with code, a nested stack, and a stack that uses another one.
 *
 * The context `inside` says what is in the nested stack: `note`, a value, and `more`, the name of a further parameter.
 */
import { basename, join } from 'node:path';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { App, CfnOutput, CfnParameter, NestedStack, Stack } from 'aws-cdk-lib/core';

const env = { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION };
const app = new App();
const inside = app.node.tryGetContext('inside') as { readonly note: string; readonly more?: string };

const base = new Stack(app, 'base', { stackName: 'foreign-base', env });
const topic = new Topic(base, 'Topic');
new StringParameter(base, 'Setting', { parameterName: '/dataworks/foreign/setting', stringValue: 'one' });
const nested = new NestedStack(base, 'Nested', { parameters: { Name: 'inner' } });
const name = new CfnParameter(nested, 'Name');
new Topic(nested, 'Inner', { displayName: name.valueAsString });
new StringParameter(nested, 'Note', { parameterName: '/dataworks/foreign/note', stringValue: inside.note });
if (inside.more !== undefined) new StringParameter(nested, basename(inside.more), { parameterName: inside.more, stringValue: 'more' });

const user = new Stack(app, 'user', { stackName: 'foreign-user', env });
new LambdaFunction(user, 'Function', {
  code: Code.fromAsset(join(process.cwd(), 'function')),
  handler: 'index.handler',
  runtime: Runtime.NODEJS_22_X,
  environment: {
    TOPIC: topic.topicArn,
    SETTING: StringParameter.valueForStringParameter(user, '/dataworks/foreign/setting'),
  },
});
new CfnOutput(user, 'Out', { value: 'out' });

app.synth();
