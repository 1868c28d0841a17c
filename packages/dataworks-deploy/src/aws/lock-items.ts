import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { clientSettings, raisesFaults } from './client-settings';
import { isPlace } from '../apply/place';
import { Fault } from '../fault';
import { LOCK_FAULTS } from '../lock/faults';
import type { Counted, LockItem, LockItems } from '../lock/lock-services';

type Attributes = Readonly<Record<string, AttributeValue | undefined>>;

export interface LockItemsPlace {
  readonly region: string;
  readonly table: string;
  readonly lockId: string;
  readonly fenceId: string;
}

/** The item of one lock in DynamoDB. Every write has a condition; `Info` is in each, for it is unique to its holder. */
export function lockItemsIn({ region, table, lockId, fenceId }: LockItemsPlace): LockItems {
  const client = new DynamoDBClient(clientSettings(region));
  client.middlewareStack.use(raisesFaults);
  const at = { TableName: table, Key: { LockID: { S: lockId } } };
  const counter = { TableName: table, Key: { LockID: { S: fenceId } } };

  return {
    read: async () => {
      const { Item } = await client.send(new GetItemCommand({ ...at, ConsistentRead: true }));
      return itemOf(Item);
    },
    create: async (item) => {
      try {
        await client.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...at.Key, ...attributesOf(item) },
            ConditionExpression: 'attribute_not_exists(LockID)',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return undefined;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return itemOf(error.Item) ?? {};
        throw error;
      }
    },
    replace: (item, seen) =>
      held(
        client.send(
          new PutItemCommand({
            TableName: table,
            Item: { ...at.Key, ...attributesOf(item) },
            ...same({ Info: text(seen.info), Heartbeat: number(seen.heartbeat) }),
          }),
        ),
      ),
    renew: (info, heartbeat, fence) =>
      held(
        client.send(
          new UpdateItemCommand({
            ...at,
            UpdateExpression: `SET Heartbeat = :heartbeat${fence === undefined ? '' : ', Fence = :fence'}`,
            ConditionExpression: 'Info = :info AND Heartbeat <= :heartbeat',
            ExpressionAttributeValues: {
              ':info': { S: info },
              ':heartbeat': { N: String(heartbeat) },
              ...(fence !== undefined && { ':fence': { N: String(fence) } }),
            },
          }),
        ),
      ),
    remove: (info) => held(client.send(new DeleteItemCommand({ ...at, ...same({ Info: text(info) }, 'attribute_exists(LockID)') }))),
    nextFence: async (stacks) => {
      const some = stacks.length > 0; // DynamoDB has no empty set
      const counted = client.send(
        new UpdateItemCommand({
          ...counter,
          UpdateExpression: `ADD Fence :one${some ? ', Stacks :stacks' : ''}`,
          ExpressionAttributeValues: { ':one': { N: '1' }, ...(some && { ':stacks': { SS: [...new Set(stacks)] } }) },
          ReturnValues: 'ALL_NEW',
        }),
      );
      const { Attributes } = await counted.catch((error: unknown) => {
        // The expression is right: an attribute that is there is of another type.
        throw error instanceof Error && error.name === 'ValidationException' ? malformed(fenceId, error.message) : error;
      });
      const { fence, stacks: remembered } = countedOf(Attributes);
      if (!Number.isSafeInteger(fence) || fence < 1) throw malformed(fenceId, `Fence is ${Attributes?.Fence.N}`);
      return { fence, stacks: remembered };
    },
    raiseFence: async (fence) => {
      await held(
        client.send(
          new UpdateItemCommand({
            ...counter,
            UpdateExpression: 'SET Fence = :fence',
            ConditionExpression: 'attribute_not_exists(Fence) OR Fence < :fence',
            ExpressionAttributeValues: { ':fence': { N: String(fence) } },
          }),
        ),
      );
    },
    forgetStacks: async (fence) => {
      await held(
        client.send(
          new UpdateItemCommand({
            ...counter,
            UpdateExpression: 'REMOVE Stacks',
            ConditionExpression: 'Fence = :fence',
            ExpressionAttributeValues: { ':fence': { N: String(fence) } },
          }),
        ),
      );
    },
  };
}

/** A condition on attributes as they were seen: the same value, or none. */
function same(
  seen: Attributes,
  ...further: string[]
): { ConditionExpression: string; ExpressionAttributeValues?: Record<string, AttributeValue> } {
  const names = Object.keys(seen);
  const values = Object.fromEntries(names.flatMap((name) => (seen[name] ? [[`:${name}`, seen[name]]] : [])));
  const conditions = names.map((name) => (seen[name] ? `${name} = :${name}` : `attribute_not_exists(${name})`));
  return {
    ConditionExpression: [...further, ...conditions].join(' AND '),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }), // DynamoDB refuses an empty one
  };
}

async function held(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

const text = (value: string | undefined): AttributeValue | undefined => (value === undefined ? undefined : { S: value });
const number = (value: number | undefined): AttributeValue | undefined => (value === undefined ? undefined : { N: String(value) });

function attributesOf({ info, lease, heartbeat, fence, job, stacks }: LockItem): Record<string, AttributeValue> {
  const attributes: Attributes = {
    Info: text(info),
    Lease: number(lease),
    Heartbeat: number(heartbeat),
    Fence: number(fence),
    Job: text(job),
    Stacks: stacks && { L: stacks.map((S) => ({ S })) },
  };
  return Object.fromEntries(Object.entries(attributes).filter((entry): entry is [string, AttributeValue] => entry[1] !== undefined));
}

function malformed(fenceId: string, reason: string): Fault {
  return new Fault(LOCK_FAULTS.counterMalformed, { received: `${fenceId}: ${reason.replace(/\.$/, '')}` });
}

function countedOf({ Fence, Stacks }: Attributes = {}): Counted {
  return { fence: Number(Fence?.N), stacks: (Stacks?.SS ?? []).filter(isPlace) };
}

/** What somebody else wrote may have any form: an attribute of another type counts as missing. */
function itemOf(attributes: Attributes | undefined): LockItem | undefined {
  if (!attributes) return undefined;
  const { Info, Lease, Heartbeat, Fence, Job, Stacks } = attributes;
  const item = {
    info: Info?.S,
    lease: Lease?.N === undefined ? undefined : Number(Lease.N),
    heartbeat: Heartbeat?.N === undefined ? undefined : Number(Heartbeat.N),
    fence: Fence?.N === undefined ? undefined : Number(Fence.N),
    job: Job?.S,
    stacks: Stacks?.L?.flatMap(({ S }) => (S !== undefined && isPlace(S) ? [S] : [])),
  };
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== undefined));
}
