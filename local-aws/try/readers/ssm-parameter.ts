import { DescribeParametersCommand, GetParameterCommand, ListTagsForResourceCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { given } from '../json';
import type { Reader } from './reader';
import { ownTags } from './tags';

export function ssmParameterReader(ssm: SSMClient): Reader {
  return {
    async read({ physicalId: Name }) {
      const [{ Parameter }, { Parameters: described = [] }, { TagList }] = await Promise.all([
        ssm.send(new GetParameterCommand({ Name })),
        ssm.send(new DescribeParametersCommand({ ParameterFilters: [{ Key: 'Name', Values: [Name] }] })),
        ssm.send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: Name })),
      ]);
      const { Description, AllowedPattern } = described.at(0) ?? {};
      return given({
        AllowedPattern: AllowedPattern === '' ? undefined : AllowedPattern,
        Description: Description === '' ? undefined : Description,
        Name: Parameter?.Name,
        Type: Parameter?.Type,
        Value: Parameter?.Value,
        Tags: ownTags(TagList),
      });
    },
  };
}
