import { GetParameterCommand, ListTagsForResourceCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { given } from '../json';
import type { Reader } from './reader';
import { ownTags } from './tags';

export function ssmParameterReader(ssm: SSMClient): Reader {
  return {
    async read({ physicalId: Name }) {
      const [{ Parameter }, { TagList }] = await Promise.all([
        ssm.send(new GetParameterCommand({ Name })),
        ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: Name })),
      ]);
      return given({
        Name: Parameter?.Name,
        Type: Parameter?.Type,
        Value: Parameter?.Value,
        Tags: ownTags(TagList),
      });
    },
  };
}
