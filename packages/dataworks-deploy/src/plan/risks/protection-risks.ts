/** By what data is protected less than before: against deletion, by backups and versions, by encryption, by logs. */
import type { KnownRisks, Rule, Rules } from './known-risks';
import {
  another,
  anotherOrNone,
  anyBut,
  changed,
  fewer,
  gone,
  isComputed,
  less,
  more,
  NEW,
  off,
  on,
  type Before,
  type Worse,
} from './worse';
import { isObject } from '../template/stack-template';

/** What ends with a resource of this type, though it holds no data. */
export const GUARDS: Readonly<Record<string, string | undefined>> = {
  'AWS::AccessAnalyzer::Analyzer': 'no longer looks for access from outside',
  'AWS::Backup::BackupPlan': 'makes no backups any more',
  'AWS::Backup::BackupSelection': 'makes no backups of these resources any more',
  'AWS::CloudTrail::Trail': 'logs no calls any more',
  'AWS::Config::ConfigurationRecorder': 'records no configuration any more',
  'AWS::DLM::LifecyclePolicy': 'makes no snapshots any more',
  'AWS::EC2::FlowLog': 'logs no traffic any more',
  'AWS::GuardDuty::Detector': 'looks for no attacks any more',
  'AWS::Macie::Session': 'looks for no sensitive data any more',
  'AWS::SecretsManager::RotationSchedule': 'rotates the secret no more',
  'AWS::SecurityHub::Hub': 'collects no findings any more',
};

const anyRule = (names: readonly string[], rule: Rule): Rules => Object.fromEntries(names.map((name) => [name, rule]));

/** Names of the key of KMS that a resource encrypts by. */
const KEYS = [
  'AWSKMSKeyARN',
  'CustomerEncryptionKeyArn',
  'DataVolumeKMSKeyId',
  'EncryptionKey',
  'EncryptionKeyArn',
  'KMSKey',
  'KMSKeyArn',
  'KMSKeyID',
  'KMSKeyId',
  'KMSMasterKeyID',
  'KMSMasterKeyId',
  'KmsEncryptionKey',
  'KmsKey',
  'KmsKeyArn',
  'KmsKeyId',
  'KmsKeyIdentifier',
  'KmsMasterKeyId',
  'ReplicaKmsKeyID',
  'ServerSideEncryptionKmsKeyId',
  'SseAwsKmsKeyId',
  'SseKmsKeyId',
  'VolumeKmsKeyId',
];

const ENCRYPTED = ['AtRestEncryptionEnabled', 'Encrypted', 'SSEEnabled', 'StorageEncrypted', 'TransitEncryptionEnabled'];

const domain = {
  'DomainEndpointOptions.EnforceHTTPS': [off(), 'takes calls that are not encrypted'],
  'EncryptionAtRestOptions.Enabled': [off(), 'is not encrypted'],
  'NodeToNodeEncryptionOptions.Enabled': [off(), 'is not encrypted between its nodes'],
} as const satisfies Rules;

const key = {
  Enabled: [off('good'), 'can decrypt nothing'],
  PendingWindowInDays: [less(30), 'can be saved for a shorter time when somebody deletes it'],
} as const satisfies Rules;

/** Days of the default retention; without one, nothing is locked. */
const lockedShorter: Worse = (before, after) => {
  const days = (value: Before): number => {
    if (value === undefined || value === NEW) return 0;
    if (!isObject(value) || isComputed(value)) return NaN;
    return 'Years' in value ? 365 * Number(value.Years) : Number(value.Days ?? 0);
  };
  const [old, next] = [days(before), days(after)];
  return Number.isNaN(old) || Number.isNaN(next) ? undefined : next < old;
};

/** From weak to strong. */
function weaker(order: readonly string[]): Worse {
  const strength = (value: Before) => (value === undefined || value === NEW ? 0 : typeof value === 'string' ? order.indexOf(value) : -1);
  return (before, after) => {
    const [old, next] = [strength(before), strength(after)];
    return old < 0 || next < 0 ? undefined : next < old;
  };
}

const MODE: Rule = [weaker(['', 'GOVERNANCE', 'COMPLIANCE']), 'can be unlocked by more people'];

export const PROTECTION: KnownRisks = {
  anywhere: {
    ...anyRule(KEYS, [anotherOrNone, 'is encrypted by another key, or by none of yours']),
    ...anyRule(ENCRYPTED, [off(), 'is not encrypted']),
    AutomatedSnapshotRetentionPeriod: [less(1), 'keeps backups for a shorter time'],
    AutomaticBackupRetentionDays: [less(NaN), 'keeps backups for a shorter time'],
    BackupRetentionPeriod: [less(1), 'keeps backups for a shorter time'],
    DeletionProtection: [anyBut(['true', 'ACTIVE', 'ENABLED', 'prevent-all-deletion']), 'can be deleted by one call'],
    DeletionProtectionEnabled: [off(), 'can be deleted by one call'],
    PointInTimeRecoveryEnabled: [off(), 'cannot be brought back to any time'],
    SnapshotRetentionLimit: [less(0), 'keeps backups for a shorter time'],
    TerminationProtectionEnabled: [off(), 'can be deleted by one call'],
  },
  ofType: {
    'AWS::Athena::WorkGroup': {
      RecursiveDeleteOption: [on('good'), 'is deleted with its queries'],
      'WorkGroupConfiguration.EnforceWorkGroupConfiguration': [off(), 'lets a query choose where its result goes, and its encryption'],
      'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration': [anotherOrNone, 'encrypts results otherwise'],
    },
    'AWS::Backup::BackupPlan': {
      'BackupPlan.BackupPlanRule': [fewer, 'makes backups otherwise'],
      'BackupPlan.BackupPlanRule[].Lifecycle.DeleteAfterDays': [less(Infinity), 'keeps backups for a shorter time'],
    },
    'AWS::Backup::BackupSelection': { BackupSelection: [changed, 'makes backups of other resources'] },
    'AWS::Backup::BackupVault': {
      LockConfiguration: [gone, 'is not locked any more'],
      'LockConfiguration.MinRetentionDays': [less(0), 'lets backups be deleted earlier'],
    },
    'AWS::Backup::LogicallyAirGappedBackupVault': { MinRetentionDays: [less(0), 'lets backups be deleted earlier'] },
    'AWS::CloudTrail::EventDataStore': {
      AdvancedEventSelectors: [anotherOrNone, 'keeps other events'],
      IngestionEnabled: [off('good'), 'takes no events any more'],
    },
    'AWS::CloudTrail::Trail': {
      AdvancedEventSelectors: [changed, 'logs other calls'],
      EnableLogFileValidation: [off(), 'cannot prove that nobody changed its files'],
      EventSelectors: [changed, 'logs other calls'],
      IncludeGlobalServiceEvents: [off('good'), 'logs no calls of global services'],
      IsLogging: [off(), 'logs no calls any more'],
      IsMultiRegionTrail: [off(), 'logs one region alone'],
      IsOrganizationTrail: [off(), 'logs one account alone'],
      S3BucketName: [another, 'logs to another bucket'],
    },
    'AWS::Config::ConfigurationRecorder': { RecordingGroup: [changed, 'records other resources'] },
    'AWS::DLM::LifecyclePolicy': {
      PolicyDetails: [changed, 'makes snapshots otherwise'],
      State: [anyBut(['ENABLED']), 'makes no snapshots any more'],
    },
    'AWS::DocDB::DBCluster': { EnableCloudwatchLogsExports: [fewer, 'writes fewer logs'] },
    'AWS::DynamoDB::GlobalTable': { Replicas: [fewer, 'loses or changes a replica'] },
    'AWS::DynamoDB::Table': {
      'PointInTimeRecoverySpecification.RecoveryPeriodInDays': [less(35), 'can be brought back to a shorter time'],
    },
    'AWS::EC2::Instance': {
      'BlockDeviceMappings[].Ebs.DeleteOnTermination': [on(), 'loses its volume when it ends'],
      DisableApiTermination: [off(), 'can be ended by one call'],
    },
    'AWS::ECR::Repository': { ImageTagMutability: [anyBut(['IMMUTABLE']), 'lets a tag be given to another image'] },
    'AWS::EFS::FileSystem': {
      'BackupPolicy.Status': [anyBut(['ENABLED']), 'makes no backups any more'],
      ReplicationConfiguration: [anotherOrNone, 'is not copied as it was'],
    },
    'AWS::Elasticsearch::Domain': domain,
    'AWS::Glue::Crawler': { CrawlerSecurityConfiguration: [anotherOrNone, 'encrypts otherwise, or not'] },
    'AWS::Glue::DataCatalogEncryptionSettings': {
      'DataCatalogEncryptionSettings.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted': [
        off(),
        'gives passwords that are not encrypted',
      ],
      'DataCatalogEncryptionSettings.EncryptionAtRest.CatalogEncryptionMode': [
        anyBut(['SSE-KMS', 'SSE-KMS-WITH-SERVICE-ROLE']),
        'does not encrypt the catalog',
      ],
    },
    'AWS::Glue::Job': { SecurityConfiguration: [anotherOrNone, 'encrypts otherwise, or not'] },
    'AWS::KMS::Key': {
      ...key,
      EnableKeyRotation: [off('bad'), 'is not rotated'],
      RotationPeriodInDays: [more(365), 'is rotated more rarely'],
    },
    'AWS::KMS::ReplicaKey': key,
    'AWS::Kinesis::Stream': { StreamEncryption: [gone, 'is not encrypted'] },
    'AWS::Logs::LogGroup': { DataProtectionPolicy: [anotherOrNone, 'masks other data'] },
    'AWS::MSK::Cluster': {
      'EncryptionInfo.EncryptionInTransit.ClientBroker': [
        weaker(['PLAINTEXT', 'TLS_PLAINTEXT', 'TLS']),
        'takes calls that are not encrypted',
      ],
      'EncryptionInfo.EncryptionInTransit.InCluster': [off('good'), 'is not encrypted between its brokers'],
    },
    'AWS::MemoryDB::Cluster': { TLSEnabled: [off('good'), 'takes calls that are not encrypted'] },
    'AWS::OpenSearchService::Domain': domain,
    'AWS::RDS::DBCluster': {
      BacktrackWindow: [less(0), 'can be brought back to a shorter time'],
      EnableCloudwatchLogsExports: [fewer, 'writes fewer logs'],
    },
    'AWS::RDS::DBInstance': {
      DeleteAutomatedBackups: [on('bad'), 'is deleted with its backups'],
      EnableCloudwatchLogsExports: [fewer, 'writes fewer logs'],
    },
    'AWS::Redshift::Cluster': {
      LoggingProperties: [anotherOrNone, 'writes logs elsewhere, or none'],
      ManualSnapshotRetentionPeriod: [changed, 'keeps snapshots for another time'],
    },
    'AWS::RedshiftServerless::Namespace': { LogExports: [fewer, 'writes fewer logs'] },
    'AWS::S3::Bucket': {
      'BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.SSEAlgorithm': [
        weaker(['AES256', 'aws:kms', 'aws:kms:dsse']),
        'is encrypted by a key that is not yours',
      ],
      LoggingConfiguration: [anotherOrNone, 'logs who reads it elsewhere, or nowhere'],
      ObjectLockConfiguration: [gone, 'locks no new objects'],
      'ObjectLockConfiguration.Rule.DefaultRetention': [lockedShorter, 'locks new objects for a shorter time'],
      'ObjectLockConfiguration.Rule.DefaultRetention.Mode': MODE,
      ObjectLockEnabled: [off(), 'locks no objects'],
      'ReplicationConfiguration.Rules': [fewer, 'is not copied as it was'],
      'VersioningConfiguration.Status': [anyBut(['Enabled']), 'keeps no version of what is overwritten or deleted'],
    },
    'AWS::SQS::Queue': {
      RedrivePolicy: [gone, 'keeps no messages that nobody could process'],
      SqsManagedSseEnabled: [off(), 'is not encrypted'],
    },
    'AWS::VerifiedPermissions::PolicyStore': { 'DeletionProtection.Mode': [anyBut(['ENABLED']), 'can be deleted by one call'] },
    'AWS::SecretsManager::Secret': { ReplicaRegions: [fewer, 'loses or changes a replica'] },
  },
};
