import {
  DescribeRepositoriesCommand,
  GetLifecyclePolicyCommand,
  GetRepositoryPolicyCommand,
  ListTagsForResourceCommand,
  type ECRClient,
} from '@aws-sdk/client-ecr';
import { given, type Json } from '../json';
import { ifAny, type Reader } from './reader';
import { ownTags } from './tags';

export function ecrRepositoryReader(ecr: ECRClient): Reader {
  return {
    writeOnly: { EmptyOnDelete: 'an instruction to CloudFormation, which the repository does not know' },
    async read({ physicalId: repositoryName, properties }) {
      const { repositories: [repository] = [] } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] }));
      const [policy, lifecycle, { tags }] = await Promise.all([
        ifAny(ecr.send(new GetRepositoryPolicyCommand({ repositoryName })), 'RepositoryPolicyNotFoundException'),
        ifAny(ecr.send(new GetLifecyclePolicyCommand({ repositoryName })), 'LifecyclePolicyNotFoundException'),
        ecr.send(new ListTagsForResourceCommand({ resourceArn: repository.repositoryArn })),
      ]);
      const { encryptionType, kmsKey } = repository.encryptionConfiguration ?? {};
      return given({
        // Without a claim ECR encrypts by AES256 all the same.
        EncryptionConfiguration:
          'EncryptionConfiguration' in properties ? given({ EncryptionType: encryptionType, KmsKey: kmsKey }) : undefined,
        ImageScanningConfiguration: repository.imageScanningConfiguration?.scanOnPush === true ? { ScanOnPush: true } : undefined,
        ImageTagMutability: repository.imageTagMutability === 'MUTABLE' ? undefined : repository.imageTagMutability,
        LifecyclePolicy: lifecycle && given({ LifecyclePolicyText: lifecycle.lifecyclePolicyText }),
        // A name that CloudFormation made is nobody's claim.
        RepositoryName: 'RepositoryName' in properties ? repository.repositoryName : undefined,
        RepositoryPolicyText: policy?.policyText === undefined ? undefined : (JSON.parse(policy.policyText) as Json),
        Tags: ownTags(tags),
      });
    },
  };
}
