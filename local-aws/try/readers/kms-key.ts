import {
  DescribeKeyCommand,
  GetKeyPolicyCommand,
  GetKeyRotationStatusCommand,
  ListResourceTagsCommand,
  type KMSClient,
} from '@aws-sdk/client-kms';
import { given, type Json } from '../json';
import type { Reader } from './reader';
import { ownTags } from './tags';

export function kmsKeyReader(kms: KMSClient): Reader {
  return {
    writeOnly: { PendingWindowInDays: 'KMS shows it only for a key whose deletion is scheduled' },
    async read({ physicalId: KeyId }) {
      const [{ KeyMetadata }, { Policy }, rotation, { Tags }] = await Promise.all([
        kms.send(new DescribeKeyCommand({ KeyId })),
        kms.send(new GetKeyPolicyCommand({ KeyId, PolicyName: 'default' })),
        kms.send(new GetKeyRotationStatusCommand({ KeyId })),
        kms.send(new ListResourceTagsCommand({ KeyId })),
      ]);
      return given({
        // KMS answers an empty text for a key without a description.
        Description: KeyMetadata?.Description === '' ? undefined : KeyMetadata?.Description,
        Enabled: KeyMetadata?.Enabled,
        EnableKeyRotation: rotation.KeyRotationEnabled,
        KeyPolicy: Policy === undefined ? undefined : (JSON.parse(Policy) as Json),
        KeySpec: KeyMetadata?.KeySpec,
        KeyUsage: KeyMetadata?.KeyUsage,
        MultiRegion: KeyMetadata?.MultiRegion,
        RotationPeriodInDays: rotation.RotationPeriodInDays,
        Tags: ownTags(Tags?.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }))),
      });
    },
  };
}
