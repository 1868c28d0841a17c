import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  GetResourcePolicyCommand,
  paginateScan,
  PolicyNotFoundException,
  ResourceNotFoundException,
  UpdateTableCommand,
  type TableDescription,
} from '@aws-sdk/client-dynamodb';
import { clientSettings, raisesFaults } from './client-settings';
import { untilDone } from './until-done';

export interface Table {
  /** `name:type` of the partition key, then of a sort key. */
  readonly key: readonly string[];
  readonly deletionProtection: boolean;
  /** Encrypted by a key in the account's KMS, rather than by one that AWS owns. */
  readonly ownKey: boolean;
  /** Paid per request. */
  readonly onDemand: boolean;
}

/** An item of a lock table. */
export interface LockItem {
  readonly id: string;
  /** Terraform's JSON about the holder. */
  readonly info?: string;
}

/** Tables of DynamoDB. */
export class Tables {
  private readonly client: DynamoDBClient;

  public constructor(region: string) {
    this.client = new DynamoDBClient(clientSettings(region));
    this.client.middlewareStack.use(raisesFaults);
  }

  public async find(name: string): Promise<Table | undefined> {
    const table = await this.describe(name);
    if (!table || table.TableStatus === 'DELETING') return undefined;
    const attributes = table.AttributeDefinitions ?? [];
    const typeOf = (attribute?: string) => attributes.find(({ AttributeName }) => AttributeName === attribute)?.AttributeType;
    return {
      key: (table.KeySchema ?? []).map(({ AttributeName }) => `${AttributeName}:${typeOf(AttributeName)}`),
      deletionProtection: table.DeletionProtectionEnabled ?? false,
      ownKey: table.SSEDescription?.Status === 'ENABLED',
      onDemand: table.BillingModeSummary?.BillingMode === 'PAY_PER_REQUEST',
    };
  }

  /** Whether the table can be restored to any point of the last days. */
  public async isRecoverable(name: string): Promise<boolean> {
    const { ContinuousBackupsDescription: backups } = await this.client.send(new DescribeContinuousBackupsCommand({ TableName: name }));
    return backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus === 'ENABLED';
  }

  /** The resource policy of a table that exists; undefined when it has none. */
  public async policy(name: string): Promise<string | undefined> {
    const table = await this.describe(name);
    try {
      return (await this.client.send(new GetResourcePolicyCommand({ ResourceArn: table?.TableArn }))).Policy;
    } catch (error) {
      if (error instanceof PolicyNotFoundException) return undefined;
      throw error;
    }
  }

  /** An item of a lock table, as it is now. */
  public async lock(name: string, id: string): Promise<LockItem | undefined> {
    const { Item } = await this.client.send(new GetItemCommand({ TableName: name, Key: { LockID: { S: id } }, ConsistentRead: true }));
    const item: Partial<typeof Item> = Item;
    return item && { id, info: item.Info?.S };
  }

  /** Ids of all items of a lock table. */
  public async lockIds(name: string): Promise<string[]> {
    const ids: string[] = [];
    const pages = paginateScan({ client: this.client }, { TableName: name, ProjectionExpression: 'LockID', ConsistentRead: true });
    for await (const { Items = [] } of pages) ids.push(...Items.map(({ LockID }) => LockID.S!));
    return ids;
  }

  /** Delete a table, also a protected one, and wait until it is gone. */
  public async remove(name: string): Promise<void> {
    const table = await this.describe(name);
    if (!table) return;
    if (table.DeletionProtectionEnabled) {
      await this.client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
      await untilDone(async () => (await this.describe(name))?.TableStatus !== 'UPDATING');
    }
    if (table.TableStatus !== 'DELETING') await this.client.send(new DeleteTableCommand({ TableName: name }));
    await untilDone(async () => (await this.describe(name)) === undefined);
  }

  private async describe(name: string): Promise<TableDescription | undefined> {
    try {
      return (await this.client.send(new DescribeTableCommand({ TableName: name }))).Table;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }
}
