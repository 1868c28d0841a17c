import type { Case } from '../case';
import type { Check } from '../check';
import { CONTROLS } from '../controls';
import { list } from '../json';
import { statementsOf } from '../statements';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
const REPLICATION = [
  's3:getobjectversionacl',
  's3:getobjectversionforreplication',
  's3:getobjectversiontagging',
  's3:getreplicationconfiguration',
  's3:listbucket',
  's3:replicatedelete',
  's3:replicateobject',
  's3:replicatetags',
  'kms:decrypt',
  'kms:encrypt',
  'kms:generatedatakey',
];

/** One bucket, all objects of one bucket, or one key. */
const isNamed = (resource: string): boolean => !/[*?]/.test(resource.replace(/^(?!arn:[^:]+:kms:)(.+)\/\*$/, '$1'));

const ofReplication =
  (fault: (resource: Case) => string | undefined): Check['fault'] =>
  (resource) =>
    resource.intent.replication ? fault(resource) : undefined;

export const REPLICATION_ROLE: readonly Check[] = [
  {
    id: 'DataWorks-IAM-ReplicationTrust',
    type: 'AWS::IAM::Role',
    rule: 'Only S3 takes the role that replicates a bucket.',
    consequence: 'Somebody else could read every object of the bucket with it.',
    fix: 'make a role of its own for whoever needs one',
    controls: CONTROLS.leastPrivilege,
    fault: ofReplication((role) => {
      const trusted = statementsOf(role.property('AssumeRolePolicyDocument'))
        .filter(({ effect }) => effect !== 'Deny')
        .flatMap(({ principals, services, inverted }) => [...principals, ...services, ...(inverted ? ['everybody but some'] : [])]);
      const others = trusted.filter((principal) => principal !== 's3.amazonaws.com');
      return others.length === 0 ? undefined : others.join(', ');
    }),
  },
  {
    id: 'DataWorks-IAM-ReplicationPolicies',
    type: 'AWS::IAM::Role',
    rule: 'The role that replicates a bucket has the policy of the construct, and no other.',
    consequence: 'S3 acts with these rights for whoever may change the replication.',
    fix: 'make a role of its own for whoever needs one',
    controls: CONTROLS.leastPrivilege,
    fault: ofReplication((role) => {
      const others = ['ManagedPolicyArns', 'Policies'].filter((property) => list(role.property(property)).length > 0);
      const own = role.template.policiesOfRole(role.logicalId).length;
      return [...others.map((property) => `${property} given`), ...(own === 1 ? [] : [`${own} policies`])].join(', ') || undefined;
    }),
  },
  {
    id: 'DataWorks-IAM-ReplicationRights',
    type: 'AWS::IAM::Policy',
    rule: 'The role that replicates a bucket may do no more than S3 asks for, on named resources.',
    consequence: 'S3 acts with these rights for whoever may change the replication.',
    fix: 'leave the policy of the role as the construct wrote it',
    controls: CONTROLS.leastPrivilege,
    fault: ofReplication((policy) => {
      const allowed = statementsOf(policy.property('PolicyDocument')).filter(({ effect }) => effect !== 'Deny');
      const excess = allowed.flatMap(({ actions, resources, inverted }) => [
        ...actions.filter((action) => !REPLICATION.includes(action)),
        ...resources.filter((resource) => !isNamed(resource)),
        ...(inverted ? ['everything but some'] : []),
      ]);
      return excess.length === 0 ? undefined : excess.join(', ');
    }),
  },
];
