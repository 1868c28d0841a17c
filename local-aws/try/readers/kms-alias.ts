import { DescribeKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { given } from '../json';
import type { Reader } from './reader';

/** An alias has no API of its own that answers its target's ARN; asking for the key by its alias does. */
export function kmsAliasReader(kms: KMSClient): Reader {
  return {
    async read({ physicalId: AliasName }) {
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: AliasName }));
      return given({ AliasName, TargetKeyId: KeyMetadata?.Arn });
    },
  };
}
