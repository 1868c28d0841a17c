/** What the servers of an account hold. */
import { DescribeStacksCommand, GetTemplateCommand, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
import { paginateScan } from '@aws-sdk/client-dynamodb';
import { ListBucketsCommand, ListObjectVersionsCommand, type ListObjectVersionsCommandOutput, type S3Client } from '@aws-sdk/client-s3';
import type { Workplace } from '../support/workspace';

/** By name: every version of every object, every item of the lock table, every stack with its template and its change sets. */
export type Snapshot = ReadonlyMap<string, unknown>;

export async function snapshotOf(workplace: Workplace): Promise<Snapshot> {
  const parts = await Promise.all([objectsOf(workplace), itemsOf(workplace), stacksOf(workplace)]);
  return new Map(parts.flat());
}

type Entries = Array<readonly [name: string, content: unknown]>;

async function objectsOf({ clients: { s3 } }: Workplace): Promise<Entries> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand());
  const found = new Map<string, unknown[]>();
  for (const { Name: Bucket } of Buckets) {
    for await (const { Versions = [], DeleteMarkers = [] } of versionsIn(s3, Bucket!)) {
      for (const { Key, VersionId, ETag, IsLatest } of [...Versions, ...DeleteMarkers.map((marker) => ({ ...marker, ETag: 'deleted' }))]) {
        // Whoever asks for the lock holds the object for a moment.
        if (Key!.endsWith('.tflock') && (!IsLatest || ETag === 'deleted')) continue;
        const name = `s3://${Bucket}/${Key}`;
        found.set(name, [...(found.get(name) ?? []), [VersionId, ETag, IsLatest]]);
      }
    }
  }
  return [...found];
}

/** The SDK pages through keys, and not through versions. */
async function* versionsIn(s3: S3Client, Bucket: string): AsyncGenerator<ListObjectVersionsCommandOutput> {
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker }: Partial<ListObjectVersionsCommandOutput> = page ?? {};
    page = await s3.send(new ListObjectVersionsCommand({ Bucket, KeyMarker, VersionIdMarker }));
    yield page;
  } while (page.IsTruncated);
}

async function itemsOf({ clients: { dynamoDb }, names }: Workplace): Promise<Entries> {
  const found: Entries = [];
  for await (const { Items = [] } of paginateScan({ client: dynamoDb }, { TableName: names.stateTable })) {
    for (const { LockID, ...attributes } of Items) found.push([`dynamodb://${LockID.S}`, attributes]);
  }
  return found;
}

async function stacksOf({ clients: { cloudFormation } }: Workplace): Promise<Entries> {
  const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand());
  return Promise.all(
    Stacks.map(async ({ StackName, StackId, StackStatus, LastUpdatedTime, Tags, Parameters }) => {
      const { TemplateBody } = await cloudFormation.send(new GetTemplateCommand({ StackName }));
      const { Summaries } = await cloudFormation.send(new ListChangeSetsCommand({ StackName }));
      const changeSets = (Summaries ?? []).map(({ ChangeSetId, ExecutionStatus }) => [ChangeSetId, ExecutionStatus]);
      return [`stack ${StackName}`, { StackId, StackStatus, LastUpdatedTime, Tags, Parameters, TemplateBody, changeSets }] as const;
    }),
  );
}
