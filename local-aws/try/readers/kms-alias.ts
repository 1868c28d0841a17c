import { DescribeKeyCommand, paginateListAliases, type KMSClient } from '@aws-sdk/client-kms';
import { given } from '../json';
import type { Reader } from './reader';

/** An alias has no API of its own: the key says its ARN when asked by the alias, and is asked for its aliases then. */
export function kmsAliasReader(kms: KMSClient): Reader {
  return {
    async read({ physicalId }) {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: physicalId }));
      const names: Array<string | undefined> = [];
      for await (const { Aliases = [] } of paginateListAliases({ client: kms }, { KeyId: KeyMetadata?.KeyId })) {
        names.push(...Aliases.map(({ AliasName }) => AliasName));
      }
      return given({ AliasName: names.find((name) => name === physicalId), TargetKeyId: KeyMetadata?.Arn });
    },
  };
}
