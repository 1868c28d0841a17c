import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ListTagsOfResourceCommand,
  type DynamoDBClient,
  type SSEDescription,
} from '@aws-sdk/client-dynamodb';
import { given, type JsonObject } from '../json';
import type { Reader } from './reader';
import { ownTags } from './tags';

/** How long DynamoDB keeps backups when nobody says. */
const DEFAULT_RECOVERY_DAYS = 35;

export function dynamoDbTableReader(dynamodb: DynamoDBClient): Reader {
  return {
    async read({ physicalId: TableName, properties }) {
      const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
      const [{ ContinuousBackupsDescription }, { TimeToLiveDescription: living }, { Tags }] = await Promise.all([
        dynamodb.send(new DescribeContinuousBackupsCommand({ TableName })),
        dynamodb.send(new DescribeTimeToLiveCommand({ TableName })),
        dynamodb.send(new ListTagsOfResourceCommand({ ResourceArn: Table?.TableArn })),
      ]);
      const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
      const perRequest = Table?.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST';
      const { ReadCapacityUnits, WriteCapacityUnits } = Table?.ProvisionedThroughput ?? {};
      return given({
        AttributeDefinitions: Table?.AttributeDefinitions?.map(({ AttributeName, AttributeType }) =>
          given({ AttributeName, AttributeType }),
        ),
        BillingMode: perRequest ? 'PAY_PER_REQUEST' : undefined,
        DeletionProtectionEnabled: Table?.DeletionProtectionEnabled === true ? true : undefined,
        KeySchema: Table?.KeySchema?.map(({ AttributeName, KeyType }) => given({ AttributeName, KeyType })),
        PointInTimeRecoverySpecification:
          recovery?.PointInTimeRecoveryStatus === 'ENABLED'
            ? given({
                PointInTimeRecoveryEnabled: true,
                RecoveryPeriodInDays: recovery.RecoveryPeriodInDays === DEFAULT_RECOVERY_DAYS ? undefined : recovery.RecoveryPeriodInDays,
              })
            : undefined,
        ProvisionedThroughput: perRequest ? undefined : given({ ReadCapacityUnits, WriteCapacityUnits }),
        // With the key that AWS owns a table has no description of its encryption.
        SSESpecification: Table?.SSEDescription && given({ SSEEnabled: true, KMSMasterKeyId: ownKey(properties, Table.SSEDescription) }),
        TableClass: Table?.TableClassSummary?.TableClass === 'STANDARD' ? undefined : Table?.TableClassSummary?.TableClass,
        // A name that CloudFormation made is nobody's claim.
        TableName: 'TableName' in properties ? Table?.TableName : undefined,
        Tags: ownTags(Tags),
        TimeToLiveSpecification:
          living?.TimeToLiveStatus === 'ENABLED' ? given({ AttributeName: living.AttributeName, Enabled: true }) : undefined,
      });
    },
  };
}

/** The key that a template names; that of AWS's own for DynamoDB has an ARN too, and nobody claims it. */
function ownKey({ SSESpecification }: JsonObject, { KMSMasterKeyArn }: SSEDescription): string | undefined {
  return SSESpecification && 'KMSMasterKeyId' in (SSESpecification as JsonObject) ? KMSMasterKeyArn : undefined;
}
