import type { ServiceFamily } from '../execution-policy';

/** Create, read, change and remove what a service manages, and none of what it holds. */
const of = (service: string, ...what: readonly string[]): string[] => what.map((action) => `${service}:${action}`);

/**
 * What CloudFormation needs to deploy a data lake. Of the services that hold data only what manages them: no object,
 * secret value, message, log event or query result can be read by it.
 *
 * Action names as of the service authorization reference.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const SERVICE_FAMILIES: readonly ServiceFamily[] = [
  {
    family: 'Amazon S3',
    reason: 'Zones, log buckets, artifact and working buckets, access points; no object',
    actions: of('s3', '*AccessPoint*', '*Bucket*', '*Configuration', 'ListTagsForResource', 'TagResource', 'UntagResource'),
    passedTo: ['s3.amazonaws.com'],
  },
  {
    family: 'AWS KMS',
    reason: "The lake's keys and their aliases; their use only through the services that deployments encrypt for",
    actions: of(
      'kms',
      ...['CancelKeyDeletion', 'CreateAlias', 'CreateKey', 'DeleteAlias', 'Describe*', 'DisableKey*', 'EnableKey*', 'Get*', 'List*'],
      ...['Put*', 'ScheduleKeyDeletion', 'TagResource', 'UntagResource', 'Update*'],
    ),
  },
  {
    family: 'SSM parameters',
    reason: 'What stacks and teams tell each other',
    actions: of('ssm', '*Parameter*', '*Tags*Resource'),
  },
  {
    family: 'AWS Glue',
    reason: 'Data catalogue, crawlers, jobs, triggers, schema registry; starts no job',
    actions: of(
      'glue',
      '*Trigger',
      'Batch*',
      'Create*',
      'Delete*',
      'Get*',
      'List*',
      'Put*',
      'Register*',
      'TagResource',
      'Untag*',
      'Update*',
    ),
    passedTo: ['glue.amazonaws.com'],
  },
  {
    family: 'Amazon Athena',
    reason: 'Work groups, named queries, catalogues; no query',
    actions: of(
      'athena',
      '*DataCatalog*',
      '*NamedQuer*',
      '*PreparedStatement*',
      '*TagsForResource',
      '*WorkGroup*',
      'TagResource',
      'UntagResource',
    ),
  },
  {
    family: 'AWS Lake Formation',
    reason: 'Who may use which part of the lake; vends no credentials',
    actions: of('lakeformation', '*DataCellsFilter*', '*DataLakeSettings', '*LFTag*', '*Permissions', '*Resource*'),
    // No service-linked role: Lake Formation would have the deployment write its policies. Register locations with a role.
    passedTo: ['lakeformation.amazonaws.com'],
  },
  {
    family: 'AWS Lambda',
    reason: 'Functions; custom resources are invoked by the deployment itself',
    actions: of('lambda', '*'),
    passedTo: ['lambda.amazonaws.com'],
  },
  {
    family: 'CloudWatch Logs',
    reason: 'Log groups, filters, retention; reads no event',
    actions: of('logs', '*sociateKmsKey', 'Create*', 'Delete*', 'Describe*', 'List*', 'Put*', 'Tag*', 'Untag*'),
  },
  {
    family: 'CloudWatch',
    reason: 'Alarms and dashboards',
    actions: of('cloudwatch', '*Alarm*', '*Dashboard*', '*TagsForResource', 'TagResource', 'UntagResource'),
  },
  {
    family: 'EventBridge and its scheduler',
    reason: 'What starts when',
    actions: [...of('events', '*'), ...of('scheduler', '*')],
    passedTo: ['events.amazonaws.com', 'scheduler.amazonaws.com'],
  },
  {
    family: 'Secrets Manager',
    reason: 'Secrets, their policies and rotation; reads no value',
    actions: of(
      'secretsmanager',
      ...['*ResourcePolicy', '*RotateSecret', 'CreateSecret', 'DeleteSecret', 'DescribeSecret', 'GetRandomPassword', 'List*'],
      ...['PutSecretValue', 'TagResource', 'UntagResource', 'UpdateSecret*'],
    ),
  },
  {
    family: 'Amazon EC2',
    reason: 'Network, VPC endpoints, security groups, compute nodes',
    actions: of(
      'ec2',
      ...['*Address*', '*FlowLogs', '*Gateway*', '*Instance*', '*LaunchTemplate*', '*NetworkAcl*', '*PrefixList*', '*Route*'],
      ...['*SecurityGroup*', '*Subnet*', '*Tags', '*Volume*', '*Vpc*', 'Describe*'],
    ),
    passedTo: ['ec2.amazonaws.com', 'vpc-flow-logs.amazonaws.com'],
  },
  {
    family: 'EC2 Auto Scaling',
    reason: 'Compute nodes that replace themselves',
    actions: of('autoscaling', '*'),
    serviceLinkedRoles: ['autoscaling.amazonaws.com'],
  },
  {
    family: 'AWS CloudTrail',
    reason: 'The audit trail: made and changed, never stopped or deleted',
    actions: of('cloudtrail', '*Tags', '*Selectors', 'CreateTrail', 'DescribeTrails', 'GetTrail*', 'StartLogging', 'UpdateTrail'),
    passedTo: ['cloudtrail.amazonaws.com'],
  },
  {
    family: 'Amazon SNS',
    reason: 'Topics and their subscribers; publishes nothing',
    actions: of('sns', '*Permission', '*Subscri*', '*TagsForResource', '*Topic*', 'TagResource', 'UntagResource'),
  },
  {
    family: 'Amazon SQS',
    reason: 'Queues; neither sends nor receives',
    actions: of('sqs', '*Permission', '*Queue*'),
  },
  {
    family: 'AWS Step Functions',
    reason: 'State machines; starts none',
    actions: of('states', '*Activity', '*StateMachine*', '*TagsForResource', 'TagResource', 'UntagResource'),
    passedTo: ['states.amazonaws.com'],
  },
];
