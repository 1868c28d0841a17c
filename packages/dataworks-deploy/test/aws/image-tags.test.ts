/** Whether a tag may be given to another image, by repositories that the embedded server does not have. */
import { hasMutableTags } from '../../src/aws/image-tags';
import { answeringServer } from '../support/answering-server';

const { requests, answerWith } = answeringServer();

const isMutable = (repository: object) => {
  answerWith(() => ({ status: 200, body: JSON.stringify({ repositories: [repository] }) }));
  return hasMutableTags({ location: 'cdk-assets:1.2-abc' }, 'eu-central-1', 'arn:aws:iam::111122223333:user/ada');
};

test.each<[string, boolean, object]>([
  ['immutable', false, { imageTagMutability: 'IMMUTABLE' }],
  ['mutable', true, { imageTagMutability: 'MUTABLE' }],
  ['of which nothing is told', true, {}],
  ['mutable, whatever is excluded', true, { imageTagMutability: 'MUTABLE_WITH_EXCLUSION', ...excluding('*') }],
  ['immutable but for nothing', false, { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION' }],
  ...(
    [
      ['*', true],
      ['1.2-*', true],
      ['*-abc', true],
      ['1*c', true],
      ['1.2-abc', true],
      ['latest', false],
      ['dev-*', false],
      ['1.2', false],
      ['2-abc', false],
      ['1.2.abc', false],
    ] as const
  ).map(([filter, found]): [string, boolean, object] => [
    `immutable but for ${filter}`,
    found,
    { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', ...excluding('latest', filter) },
  ]),
  [
    'immutable but for what nobody here knows',
    true,
    {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'PREFIX', filter: 'x' }],
    },
  ],
])('a repository that is %s: %s', async (_, expected, repository) => {
  expect(await isMutable(repository)).toBe(expected);
  expect(requests).toEqual([expect.stringContaining('{"repositoryNames":["cdk-assets"]}')]);
});

function excluding(...filters: readonly string[]): object {
  return { imageTagMutabilityExclusionFilters: filters.map((filter) => ({ filterType: 'WILDCARD', filter })) };
}
