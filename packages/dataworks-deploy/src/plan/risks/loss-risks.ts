/** By which of its own properties what holds data deletes what is in it, sooner or later. */
import { expiresEarlier } from './expiry';
import type { KnownRisks } from './known-risks';
import { another, anyBut, changed, fewerDays, less, on } from './worse';

const timeToLive = {
  'TimeToLiveSpecification.AttributeName': [another, 'deletes what is older than another attribute says'],
  'TimeToLiveSpecification.Enabled': [on('good'), 'deletes what its attribute calls old'],
} as const;

export const LOSS: KnownRisks = {
  anywhere: {},
  ofType: {
    'AWS::Cassandra::Table': { DefaultTimeToLive: [another, 'deletes what is old'] },
    'AWS::CloudTrail::EventDataStore': { RetentionPeriod: [less(NaN), 'keeps events for a shorter time'] },
    'AWS::DynamoDB::GlobalTable': timeToLive,
    'AWS::DynamoDB::Table': timeToLive,
    'AWS::ECR::Repository': { 'LifecyclePolicy.LifecyclePolicyText': [another, 'deletes other images'] },
    'AWS::Events::Archive': { RetentionDays: [fewerDays, 'keeps events for a shorter time'] },
    'AWS::Glue::Crawler': {
      'SchemaChangePolicy.DeleteBehavior': [anyBut(['LOG', 'DEPRECATE_IN_DATABASE'], 'good'), 'deletes tables of what it does not find'],
    },
    'AWS::Glue::TableOptimizer': {
      TableOptimizerConfiguration: [changed, 'may delete other files and snapshots'],
      Type: [changed, 'may delete other files and snapshots'],
    },
    'AWS::Kinesis::Stream': { RetentionPeriodHours: [less(24), 'keeps records for a shorter time'] },
    'AWS::Logs::LogGroup': { RetentionInDays: [less(Infinity), 'keeps log events for a shorter time'] },
    'AWS::OpenSearchServerless::LifecyclePolicy': { Policy: [changed, 'may keep indexes for a shorter time'] },
    'AWS::S3::Bucket': { 'LifecycleConfiguration.Rules': [expiresEarlier, 'deletes objects that it kept, or earlier'] },
    'AWS::S3Tables::TableBucket': { UnreferencedFileRemoval: [another, 'deletes unreferenced files at other times'] },
    'AWS::SQS::Queue': { MessageRetentionPeriod: [less(345600), 'keeps messages for a shorter time'] },
    // By which the CDK sets it for the log groups of functions.
    'Custom::LogRetention': { RetentionInDays: [less(Infinity), 'keeps log events for a shorter time'] },
    'AWS::Timestream::Table': {
      'RetentionProperties.MagneticStoreRetentionPeriodInDays': [less(73000), 'keeps data for a shorter time'],
    },
  },
};
