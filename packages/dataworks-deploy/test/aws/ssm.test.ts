/** Values of the parameter store, as the API documents its answer. */
import { Parameters } from '../../src/aws/ssm';
import { answeringServer } from '../support/answering-server';

const { requests, answerWith } = answeringServer();

test('a value is found by what it was asked for: a name, an ARN, a version, a label', async () => {
  const arn = 'arn:aws:ssm:eu-central-1:111122223333:parameter/x';
  const found = [
    { Name: '/x', ARN: arn, Value: 'newest' },
    { Name: '/x', ARN: arn, Value: 'third', Selector: ':3' },
    { Name: '/x', ARN: arn, Value: 'labelled', Selector: 'live' },
  ];
  answerWith(() => ({ status: 200, body: JSON.stringify({ Parameters: found }) }));
  expect(await new Parameters('eu-central-1').values(['/x', '/x:3', '/x:live', `${arn}:3`, '/none'])).toEqual({
    '/x': 'newest',
    '/x:3': 'third',
    '/x:live': 'labelled',
    [arn]: 'newest',
    [`${arn}:3`]: 'third',
    [`${arn}:live`]: 'labelled',
  });
  expect(requests).toHaveLength(1);
});
