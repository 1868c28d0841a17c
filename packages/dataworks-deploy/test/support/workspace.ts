/** An application with environments in accounts of the embedded AWS, and the command run on it as its users run it. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
  type CloudFormationClientConfig,
} from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { synthesiseSmall, type SmallStack } from './assembly';
import { configuration, dataworks, REGION, writeConfiguration, type Ended, type Place } from './command-line';
import { targetOf } from '../../src/config/target';
import type { Plan } from '../../src/plan/plan';
import type { DeploymentRecord } from '../../src/record/record';

/** One environment of a workspace. */
export class Workplace {
  public readonly clients;
  public readonly names;

  /** @param settings of the clients that judge; by default those of the account's owner */
  public constructor(
    public readonly place: Place,
    settings: CloudFormationClientConfig & S3ClientConfig & DynamoDBClientConfig = {
      endpoint: place.url,
      region: REGION,
      credentials: { accessKeyId: place.account, secretAccessKey: 'test' },
    },
  ) {
    this.clients = {
      cloudFormation: new CloudFormationClient(settings),
      dynamoDb: new DynamoDBClient(settings),
      s3: new S3Client({ ...settings, forcePathStyle: true }),
    };
    this.names = targetOf(place.name, join(place.folder, 'dataworks.json')).names;
  }

  public run(...args: string[]): Promise<Ended> {
    return dataworks(this.place, args);
  }

  /** Plan these stacks and upload the plan. */
  public async plan(stacks: readonly SmallStack[]): Promise<Plan['digest']> {
    const assembly = join(this.place.folder, 'cdk.out');
    rmSync(assembly, { recursive: true, force: true });
    synthesiseSmall(assembly, this.place.account, stacks);
    return this.planOf(assembly);
  }

  public async planOf(assembly: string, ...options: string[]): Promise<Plan['digest']> {
    const { name } = this.place;
    const planned = await this.run('plan', name, '--assembly', assembly, '--upload', '--json', ...options);
    if (planned.code !== 0) throw new Error(planned.err);
    return (JSON.parse(planned.out) as { digest: string }).digest;
  }

  /** Plan these stacks, and approve the plan. */
  public async approved(stacks: readonly SmallStack[]): Promise<Plan['digest']> {
    const digest = await this.plan(stacks);
    const { code, err } = await this.run('approve', this.place.name, digest);
    if (code !== 0) throw new Error(err);
    return digest;
  }

  public apply(plan: string, ...options: string[]): Promise<Ended> {
    return this.run('apply', this.place.name, plan, ...options);
  }

  /** The current record, as the bucket has it. */
  public async record(): Promise<DeploymentRecord | undefined> {
    const text = await this.object(this.names.recordKey);
    return text === undefined ? undefined : (JSON.parse(text) as DeploymentRecord);
  }

  public async object(key: string): Promise<string | undefined> {
    if (!(await this.keys(key)).includes(key)) return undefined;
    const { Body } = await this.clients.s3.send(new GetObjectCommand({ Bucket: this.names.stateBucket, Key: key }));
    return Body!.transformToString();
  }

  public async bytes(key: string): Promise<Uint8Array> {
    const { Body } = await this.clients.s3.send(new GetObjectCommand({ Bucket: this.names.stateBucket, Key: key }));
    return Body!.transformToByteArray();
  }

  public async keys(prefix: string): Promise<string[]> {
    const { Contents = [] } = await this.clients.s3.send(new ListObjectsV2Command({ Bucket: this.names.stateBucket, Prefix: prefix }));
    return Contents.map(({ Key }) => Key!);
  }

  /** ID of whoever holds the lock, by the item or by the object. */
  public async holder(): Promise<string | undefined> {
    const { Item } = await this.clients.dynamoDb.send(
      new GetItemCommand({ TableName: this.names.stateTable, Key: { LockID: { S: this.names.lockId } } }),
    );
    const info = Item?.Info.S ?? (await this.object(this.names.lockFileKey));
    return info === undefined ? undefined : (JSON.parse(info) as { ID: string }).ID;
  }

  /** Tokens of the operations on a stack that were carried out, oldest first. */
  public async operations(stack: string): Promise<string[]> {
    try {
      const { StackEvents = [] } = await this.clients.cloudFormation.send(new DescribeStackEventsCommand({ StackName: stack }));
      return StackEvents.filter(
        ({ LogicalResourceId, ResourceStatus }) => LogicalResourceId === stack && /^(CREATE|UPDATE)_IN_PROGRESS$/.test(ResourceStatus!),
      )
        .map(({ ClientRequestToken = '' }) => ClientRequestToken)
        .reverse();
    } catch {
      return [];
    }
  }

  public async status(stack: string): Promise<string | undefined> {
    try {
      return (await this.clients.cloudFormation.send(new DescribeStacksCommand({ StackName: stack }))).Stacks![0].StackStatus;
    } catch {
      return undefined;
    }
  }

  /** Names of the change sets that could still be executed. */
  public async changeSets(stack: string): Promise<string[]> {
    const { Summaries = [] } = await this.clients.cloudFormation.send(new ListChangeSetsCommand({ StackName: stack }));
    return Summaries.filter(({ ExecutionStatus }) => ExecutionStatus === 'AVAILABLE').map(({ ChangeSetName }) => ChangeSetName!);
  }
}

/** A git repository with a dataworks.json for these accounts: dev, test, prod. */
export function workspace(folder: string, accounts: readonly string[], url: string): Workplace[] {
  mkdirSync(folder, { recursive: true });
  writeConfiguration(folder, configuration(accounts));
  writeFileSync(join(folder, '.gitignore'), 'cdk.out\n');
  commit(folder);
  return ['dev', 'test', 'prod']
    .slice(0, accounts.length)
    .map((name, index) => new Workplace({ name, account: accounts[index], folder, url }));
}

/** Commit what is in a folder. */
export function commit(folder: string): void {
  const git = (...args: string[]) => execFileSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
  git('init', '--quiet');
  git('add', '--all');
  git('-c', 'user.name=test', '-c', 'user.email=test@example.com', 'commit', '--quiet', '--allow-empty', '--message', 'test');
}
