/**
 * The gate, by answers of DescribeChangeSet as CloudFormation documents them.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-changesets-samples.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChangeDetail.html
 */
import type { Change, DescribeChangeSetOutput, Parameter, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { changeDivergences, inputDivergences, nestedInputDivergences, type ApprovedStack } from '../../src/apply/diverged';
import { passedTo } from '../../src/apply/passed-parameters';
import { madeChangeSet } from '../../src/aws/change-sets';
import { change, deployedState, plannedStack } from '../support/planned';

const isStateful = (type: string) => type === 'AWS::S3::Bucket' || type === 'AWS::RDS::DBInstance';

function described(changes: Change[], rest: Partial<DescribeChangeSetOutput> = {}) {
  return madeChangeSet({
    ChangeSetId: 'arn:aws:cloudformation:eu-central-1:111122223333:changeSet/dataworks-9-abababababab/1',
    StackId: deployedState().stackId,
    Status: 'CREATE_COMPLETE',
    Changes: changes,
    ...rest,
  });
}

const resource = (LogicalResourceId: string, ResourceType: string, rest: object): Change => ({
  Type: 'Resource',
  ResourceChange: { LogicalResourceId, ResourceType, ...rest },
});

const property = (Name: string, RequiresRecreation: 'Never' | 'Conditionally' | 'Always') =>
  ({ Attribute: 'Properties', Name, RequiresRecreation }) as const;

type Row = readonly [what: string, approved: Partial<ApprovedStack>, changes: Change[], refusal?: RegExp];

// "Directly updating a stack" of the samples: an instance with a new type.
const INSTANCE = 'AWS::EC2::Instance';
const direct = (recreation: 'Never' | 'Conditionally' | 'Always', name = 'InstanceType'): ResourceChangeDetail => ({
  Target: property(name, recreation),
  Evaluation: 'Static',
  ChangeSource: 'DirectModification',
});
const instance = (Replacement: 'True' | 'False' | 'Conditional', ...Details: ResourceChangeDetail[]) =>
  resource('Web', INSTANCE, { Action: 'Modify', Replacement, Scope: ['Properties'], Details });
const webType = (replacement: 'never' | 'conditional' | 'always') => ({
  changes: [change('Web', INSTANCE, { replacement, properties: ['/Properties/InstanceType'] })],
});

// "Modifying an input parameter value": CloudFormation knows the parameter's value (Static), and lists the property a second time.
const byParameter = (recreation: 'Never' | 'Always', parameter = 'KeyPairName'): ResourceChangeDetail[] => [
  { Target: property('KeyName', recreation), Evaluation: 'Dynamic', ChangeSource: 'DirectModification' },
  { Target: property('KeyName', recreation), Evaluation: 'Static', ChangeSource: 'ParameterReference', CausingEntity: parameter },
];
const keyParameter = { changedParameters: ['KeyPairName'] } as const;

// A resource that refers to one that changes.
const byReference = (
  CausingEntity: string,
  recreation: 'Never' | 'Conditionally' | 'Always',
  Evaluation: 'Static' | 'Dynamic' = 'Dynamic',
): ResourceChangeDetail => ({
  Target: property('Bucket', recreation),
  Evaluation,
  ChangeSource: CausingEntity.includes('.') ? 'ResourceAttribute' : 'ResourceReference',
  CausingEntity,
});
const policy = (Replacement: 'True' | 'False' | 'Conditional', ...Details: ResourceChangeDetail[]) =>
  resource('Policy', 'AWS::S3::BucketPolicy', { Action: 'Modify', Replacement, Scope: ['Properties'], Details });
const policyDocument = change('Policy', 'AWS::S3::BucketPolicy', { properties: ['/Properties/PolicyDocument'] });
const changedBucket = {
  changes: [change('Data', 'AWS::S3::Bucket', { stateful: true, properties: ['/Properties/VersioningConfiguration'] })],
} as const;
const replacedBucket = {
  changes: [
    change('Data', 'AWS::S3::Bucket', { replacement: 'always', stateful: true, deletes: true, properties: ['/Properties/BucketName'] }),
  ],
} as const;

// A database that is encrypted with a key whose policy changes: its ARN stays, which CloudFormation does not know before.
const KEY = 'AWS::KMS::Key';
const keyPolicy = change('Key', KEY, { properties: ['/Properties/KeyPolicy'], stateful: true });
const byAttribute = (CausingEntity: string, changes: Partial<ResourceChangeDetail> = {}): ResourceChangeDetail => ({
  Target: property('KmsKeyId', 'Always'),
  Evaluation: 'Dynamic',
  ChangeSource: 'ResourceAttribute',
  CausingEntity,
  ...changes,
});
const INGRESS = 'AWS::EC2::SecurityGroupIngress';
const ingress = (...Details: ResourceChangeDetail[]) =>
  resource('Way', INGRESS, { Action: 'Modify', Replacement: 'False', Scope: ['Properties'], Details });
const database = (Replacement: 'True' | 'Conditional', ...Details: ResourceChangeDetail[]) =>
  resource('Db', 'AWS::RDS::DBInstance', { Action: 'Modify', Replacement, Scope: ['Properties'], Details });
const dbTag: ResourceChangeDetail = { Target: { Attribute: 'Tags', RequiresRecreation: 'Never' }, Evaluation: 'Static' };
const taggedDb = change('Db', 'AWS::RDS::DBInstance', { properties: ['/Properties/Tags/0/Value'], stateful: true });

// The stack's own tags: no ChangeSource.
const tagged = (Attribute: 'Tags' = 'Tags'): ResourceChangeDetail => ({
  Target: { Attribute, RequiresRecreation: 'Never' },
  Evaluation: 'Static',
});
const stackTags = { otherChanges: [{ what: 'tags', names: ['owner'] }] } as const;

// What reads a resource, and what reads that.
const FUNCTION = 'AWS::Lambda::Function';
const PERMISSION = 'AWS::Lambda::Permission';
const reads = (CausingEntity: string, recreation: 'Never' | 'Always' = 'Never'): ResourceChangeDetail => ({
  Target: property('Read', recreation),
  Evaluation: 'Dynamic',
  ChangeSource: 'ResourceAttribute',
  CausingEntity,
});
const fn = (Replacement: 'True' | 'False', ...Details: ResourceChangeDetail[]) =>
  resource('Fn', FUNCTION, { Action: 'Modify', Replacement, Details });
const permission = (Replacement: 'False' | 'Conditional', ...Details: ResourceChangeDetail[]) =>
  resource('Permission', PERMISSION, { Action: 'Modify', Replacement, Details });

// A nested stack: what is in it, its own change set tells.
const automatic: ResourceChangeDetail = {
  Target: { Attribute: 'Properties', Name: 'TemplateURL', RequiresRecreation: 'Never' },
  Evaluation: 'Dynamic',
  ChangeSource: 'Automatic',
};
const nestedStack = (ChangeSetId?: string, ...Details: ResourceChangeDetail[]) =>
  resource('Inner', 'AWS::CloudFormation::Stack', { Action: 'Modify', Replacement: 'False', Scope: ['Properties'], Details, ChangeSetId });

const ROWS: readonly Row[] = [
  // As approved
  ['nothing', {}, []],
  [
    'an approved addition',
    { changes: [change('Topic', 'AWS::SNS::Topic', { action: 'add' })] },
    [resource('Topic', 'AWS::SNS::Topic', { Action: 'Add' })],
  ],
  [
    'an approved removal',
    { changes: [change('Topic', 'AWS::SNS::Topic', { action: 'remove' })] },
    [resource('Topic', 'AWS::SNS::Topic', { Action: 'Remove' })],
  ],
  ['an approved change', webType('never'), [instance('False', direct('Never'))]],
  ['fewer changes than approved', webType('always'), []],
  ['an update where a replacement was approved', webType('always'), [instance('False', direct('Never'))]],
  ['an approved replacement', webType('always'), [instance('True', direct('Always'))]],
  [
    'a part of a property that was approved as a whole',
    { changes: [change('Web', INSTANCE, { properties: ['/Properties'] })] },
    [instance('False', direct('Never'))],
  ],

  [
    'an approved addition, of which nothing more is asked',
    { changes: [change('Topic', 'AWS::SNS::Topic', { action: 'add' })] },
    [resource('Topic', 'AWS::SNS::Topic', { Action: 'Add', Details: [direct('Never', 'TopicName')] })],
  ],
  [
    'an update of which no replacement is told',
    webType('never'),
    [resource('Web', INSTANCE, { Action: 'Modify', Details: [direct('Never')] })],
  ],
  [
    'metadata beside what was approved',
    webType('never'),
    [instance('False', direct('Never'), { Target: { Attribute: 'Metadata', RequiresRecreation: 'Never' }, Evaluation: 'Static' })],
  ],

  // Beyond
  ['a resource that nobody planned', {}, [resource('Door', 'AWS::IAM::User', { Action: 'Add' })], /IAM::User Door: add is not in the plan/],
  ['a removal that nobody planned', {}, [resource('Data', 'AWS::S3::Bucket', { Action: 'Remove' })], /remove is not in the plan/],
  ['a change that nobody planned', {}, [instance('False', direct('Never'))], /Web: modify is not in the plan/],
  ['a replacement instead of an update', webType('never'), [instance('True', direct('Always'))], /replacement True, planned was never/],
  ['a removal instead of an update', webType('never'), [resource('Web', INSTANCE, { Action: 'Remove' })], /remove, planned was modify/],
  [
    'another type',
    webType('never'),
    [resource('Web', 'AWS::EC2::Fleet', { Action: 'Modify', Replacement: 'False' })],
    /planned was a AWS::EC2::Instance/,
  ],
  [
    'another property',
    webType('never'),
    [instance('False', direct('Never'), direct('Never', 'UserData'))],
    /changes Properties\.UserData too/,
  ],
  [
    'a property whose name begins like the approved one',
    { changes: [change('Web', INSTANCE, { properties: ['/Properties/Tag'] })] },
    [instance('False', direct('Never', 'TagSpecifications'))],
    /TagSpecifications too/,
  ],
  [
    'a property with whose name the approved one begins',
    { changes: [change('Web', INSTANCE, { properties: ['/Properties/InstanceTypes'] })] },
    [instance('False', direct('Never'))],
    /InstanceType too/,
  ],
  [
    'another attribute',
    webType('never'),
    [instance('False', direct('Never'), { Target: { Attribute: 'DeletionPolicy' }, Evaluation: 'Static' })],
    /DeletionPolicy too/,
  ],
  [
    'an import',
    { changes: [change('Data', 'AWS::S3::Bucket', { action: 'add' })] },
    [resource('Data', 'AWS::S3::Bucket', { Action: 'Import' })],
    /import, planned was add/,
  ],
  ['an action that is not known yet', webType('never'), [resource('Web', INSTANCE, { Action: 'Dynamic' })], /dynamic, planned was modify/],
  ['a change without details', {}, [resource('Web', INSTANCE, { Action: 'Modify', Replacement: 'False' })], /not in the plan/],

  [
    'a removal that nobody planned, whatever its details',
    {},
    [resource('Web', INSTANCE, { Action: 'Remove', Details: [{ Target: { Attribute: 'Metadata' }, Evaluation: 'Static' }] })],
    /remove is not in the plan/,
  ],
  ['a change that CloudFormation makes by itself', {}, [instance('False', automatic)], /not in the plan/],
  [
    'more than the metadata',
    {},
    [instance('False', direct('Never'), { Target: { Attribute: 'Metadata', RequiresRecreation: 'Never' }, Evaluation: 'Static' })],
    /not in the plan/,
  ],

  [
    'a replacement of what the CDK says of itself',
    { changes: [change('CDKMetadata', 'AWS::CDK::Metadata', { properties: ['/Properties/Analytics'] })] },
    [
      resource('CDKMetadata', 'AWS::CDK::Metadata', {
        Action: 'Modify',
        Replacement: 'Conditional',
        Details: [direct('Always', 'Analytics')],
      }),
    ],
  ],

  // A replacement that was planned as conditional
  ['conditional, as it was planned', webType('conditional'), [instance('Conditional', direct('Conditionally'))]],
  ['conditional, and it becomes certain', webType('conditional'), [instance('True', direct('Always'))]],
  ['conditional, and it becomes an update', webType('conditional'), [instance('False', direct('Never'))]],
  [
    'conditional, and it becomes certain for what holds data',
    { changes: [change('Db', 'AWS::RDS::DBInstance', { replacement: 'conditional', stateful: true, properties: ['/Properties/Engine'] })] },
    [resource('Db', 'AWS::RDS::DBInstance', { Action: 'Modify', Replacement: 'True', Details: [direct('Always', 'Engine')] })],
    /replacement True, planned was conditional, and it holds data/,
  ],
  [
    'conditional, and it becomes certain for what holds data and is said to hold none',
    { changes: [change('Db', 'AWS::RDS::DBInstance', { replacement: 'conditional', properties: ['/Properties/Engine'] })] },
    [resource('Db', 'AWS::RDS::DBInstance', { Action: 'Modify', Replacement: 'True', Details: [direct('Always', 'Engine')] })],
    /replacement True, planned was conditional, and it holds data/,
  ],
  [
    'conditional, and it becomes certain for what the plan alone says to hold data',
    { changes: [change('Web', INSTANCE, { replacement: 'conditional', stateful: true, properties: ['/Properties/InstanceType'] })] },
    [instance('True', direct('Always'))],
    /planned was conditional, and it holds data/,
  ],
  [
    'conditional, for what holds data, as it was planned',
    { changes: [change('Db', 'AWS::RDS::DBInstance', { replacement: 'conditional', stateful: true, properties: ['/Properties/Engine'] })] },
    [
      resource('Db', 'AWS::RDS::DBInstance', {
        Action: 'Modify',
        Replacement: 'Conditional',
        Details: [direct('Conditionally', 'Engine')],
      }),
    ],
  ],
  [
    'an update that may become a replacement by itself',
    webType('never'),
    [instance('Conditional', direct('Conditionally'))],
    /replacement Conditional, planned was never/,
  ],

  // By reference
  ['follows from an approved change', changedBucket, [policy('False', byReference('Data', 'Never'))]],
  ['follows from an attribute of it', changedBucket, [policy('False', byReference('Data.Arn', 'Never'))]],
  ['may be replaced because of it', changedBucket, [policy('Conditional', byReference('Data', 'Always'))]],
  [
    'an approved change that may become a replacement because of it',
    { changes: [...changedBucket.changes, policyDocument] },
    [policy('Conditional', direct('Never', 'PolicyDocument'), byReference('Data', 'Always'))],
  ],
  ['is certainly replaced because of it', changedBucket, [policy('True', byReference('Data', 'Always'))], /would replace it/],
  ['is known to change', changedBucket, [policy('False', byReference('Data', 'Never', 'Static'))], /not in the plan/],
  ['follows from something that nobody planned', changedBucket, [policy('False', byReference('Other', 'Never'))], /not in the plan/],
  ['follows from a name that begins alike', changedBucket, [policy('False', byReference('DataCopy.Arn', 'Never'))], /not in the plan/],
  [
    'follows, and changes by itself too',
    changedBucket,
    [policy('False', byReference('Data', 'Never'), direct('Never', 'PolicyDocument'))],
    /not in the plan/,
  ],
  [
    'what holds data may be replaced because of it',
    changedBucket,
    [resource('Copy', 'AWS::S3::Bucket', { Action: 'Modify', Replacement: 'Conditional', Details: [byReference('Data', 'Always')] })],
    /would replace it/,
  ],
  [
    'is decided later, and nobody says by what',
    changedBucket,
    [instance('False', { ...direct('Never'), Evaluation: 'Dynamic' })],
    /not in the plan/,
  ],

  [
    'an approved update that becomes a certain replacement because of it',
    { changes: [...changedBucket.changes, policyDocument] },
    [policy('True', byReference('Data', 'Always'))],
    /replacement True, planned was never/,
  ],
  [
    'follows from it, and from something that nobody planned',
    changedBucket,
    [policy('False', byReference('Data', 'Never'), byReference('Other', 'Never'))],
    /not in the plan/,
  ],
  [
    'follows from it, and another property is decided later',
    changedBucket,
    [policy('False', byReference('Data', 'Never'), { ...direct('Never', 'PolicyDocument'), Evaluation: 'Dynamic' })],
    /not in the plan/,
  ],
  [
    'an approved change that may become a replacement, decided later because of something that nobody planned',
    { changes: [change('Policy', 'AWS::S3::BucketPolicy', { properties: ['/Properties/Bucket'] })] },
    [policy('Conditional', { ...direct('Always', 'Bucket'), Evaluation: 'Dynamic' }, byReference('Other', 'Never'))],
    /replacement Conditional, planned was never/,
  ],

  // By reference to what may move: the plan shows who reads it, and nobody else does
  [
    'reads what is replaced, as the plan shows',
    {
      changes: [
        ...replacedBucket.changes,
        change('Policy', 'AWS::S3::BucketPolicy', { replacement: 'always', properties: ['/Properties/Bucket'] }),
      ],
    },
    [policy('True', byReference('Data', 'Always', 'Static'))],
  ],
  [
    'may be replaced by what it reads of a replacement, where the plan shows a change',
    { changes: [...replacedBucket.changes, change('Policy', 'AWS::S3::BucketPolicy', { properties: ['/Properties/Bucket'] })] },
    [policy('Conditional', byReference('Data', 'Always'))],
  ],
  ['reads what is replaced, and no plan shows it', replacedBucket, [policy('False', byReference('Data', 'Never'))], /not in the plan/],
  [
    'reads an attribute of what is replaced, and no plan shows it',
    replacedBucket,
    [policy('False', byReference('Data.Arn', 'Never'))],
    /not in the plan/,
  ],
  [
    'may be replaced by what is replaced, and no plan shows it',
    replacedBucket,
    [policy('Conditional', byReference('Data', 'Always'))],
    /not in the plan/,
  ],
  [
    'reads what is replaced, and the plan shows another change of it',
    { changes: [...replacedBucket.changes, policyDocument] },
    [policy('Conditional', direct('Never', 'PolicyDocument'), byReference('Data', 'Always'))],
    /changes Properties\.Bucket too/,
  ],
  [
    'a way in at a port that moves, which no plan shows: the template that makes it is not that of the bundle',
    { changes: [change('Db', 'AWS::RDS::DBInstance', { properties: ['/Properties/Port'] })] },
    [ingress(byAttribute('Db.Endpoint.Port', { Target: property('FromPort', 'Never') }))],
    /SecurityGroupIngress Way: modify is not in the plan/,
  ],
  [
    'a way in at a port that moves, as the plan shows',
    {
      changes: [
        change('Db', 'AWS::RDS::DBInstance', { properties: ['/Properties/Port'] }),
        change('Way', INGRESS, { properties: ['/Properties/FromPort'] }),
      ],
    },
    [ingress(byAttribute('Db.Endpoint.Port', { Target: property('FromPort', 'Never') }))],
  ],
  [
    'what reads another attribute of what has another port',
    { changes: [change('Db', 'AWS::RDS::DBInstance', { properties: ['/Properties/Port'] })] },
    [ingress(byAttribute('Db.Endpoint.Address', { Target: property('Description', 'Never') }))],
  ],
  [
    'reads what a custom resource gives anew, and no plan shows it',
    { changes: [change('Own', 'Custom::Name', { replacement: 'conditional', properties: ['/Properties/Name'] })] },
    [policy('False', byReference('Own.Name', 'Never'))],
    /not in the plan/,
  ],

  // What holds data, by an attribute of what changes in place
  ['what holds data reads what stays', { changes: [keyPolicy] }, [database('Conditional', byAttribute('Key.Arn'))]],
  [
    'what holds data reads what stays, and the property is listed once more as decided later',
    { changes: [keyPolicy] },
    [database('Conditional', { ...direct('Always', 'KmsKeyId'), Evaluation: 'Dynamic' }, byAttribute('Key.Arn'))],
  ],
  [
    'what holds data reads what stays, and another property is decided later',
    { changes: [keyPolicy] },
    [database('Conditional', { ...direct('Always', 'Engine'), Evaluation: 'Dynamic' }, byAttribute('Key.Arn'))],
    /modify is not in the plan, and would replace it/,
  ],
  [
    'what holds data changes as it was approved, and reads what stays',
    { changes: [keyPolicy, taggedDb] },
    [database('Conditional', dbTag, byAttribute('Key.Arn'))],
  ],
  [
    'what holds data changes as it was approved, and reads what may move',
    { changes: [change('Other', 'AWS::RDS::DBInstance', { properties: ['/Properties/Port'] }), taggedDb] },
    [database('Conditional', dbTag, byAttribute('Other.Endpoint.Port'))],
    /replacement Conditional, planned was never, and it holds data/,
  ],
  [
    'what holds data changes as it was approved, and is replaced for another reason as well',
    { changes: [keyPolicy, taggedDb] },
    [database('Conditional', dbTag, byAttribute('Key.Arn'), direct('Conditionally', 'Engine'))],
    /replacement Conditional, planned was never, and it holds data/,
  ],
  [
    'what holds data changes as it was approved, and is certainly replaced',
    { changes: [keyPolicy, taggedDb] },
    [database('True', dbTag, byAttribute('Key.Arn'))],
    /replacement True, planned was never, and it holds data/,
  ],
  ...(
    [
      ['what holds data is certainly replaced because of what stays', [keyPolicy], byAttribute('Key.Arn'), 'True'],
      ['what holds data reads what nobody planned', [keyPolicy], byAttribute('Other.Arn')],
      ['what holds data reads what is replaced', [{ ...keyPolicy, replacement: 'always' }], byAttribute('Key.Arn')],
      ['what holds data reads what may be replaced', [{ ...keyPolicy, replacement: 'conditional' }], byAttribute('Key.Arn')],
      ['what holds data reads what is added', [{ ...keyPolicy, action: 'add' }], byAttribute('Key.Arn')],
      ['what holds data reads what changes', [{ ...keyPolicy, properties: ['/Properties/Arn'] }], byAttribute('Key.Arn')],
      [
        'what holds data reads what moves without a property of its name',
        [change('Table', 'AWS::DynamoDB::Table', { properties: ['/Properties/StreamSpecification'] })],
        byAttribute('Table.StreamArn'),
      ],
      ['what holds data reads a custom resource', [change('Key', 'Custom::Key')], byAttribute('Key.Arn')],
      ['what holds data reads a nested stack', [change('Inner', 'AWS::CloudFormation::Stack')], byAttribute('Inner.Outputs.Arn')],
      ['what holds data reads what is known to change', [keyPolicy], byAttribute('Key.Arn', { Evaluation: 'Static' })],
      ['what holds data refers to what may be another', [keyPolicy], byAttribute('Key', { ChangeSource: 'ResourceReference' })],
      ['what holds data is edited', [keyPolicy], byAttribute('Key.Arn', { ChangeSource: 'DirectModification', CausingEntity: undefined })],
    ] as const
  ).map(([what, changes, detail, replacement]): Row => [
    what,
    { changes },
    [database(replacement ?? 'Conditional', detail)],
    /modify is not in the plan, and would replace it/,
  ]),
  [
    'what holds data reads what stays, and what nobody planned',
    { changes: [keyPolicy] },
    [database('Conditional', byAttribute('Key.Arn'), byAttribute('Other.Arn'))],
    /would replace it/,
  ],
  [
    'what holds data may be replaced, and no property says why',
    { changes: [keyPolicy] },
    [database('Conditional', byAttribute('Key.Arn', { Target: property('KmsKeyId', 'Never') }))],
    /would replace it/,
  ],

  // Parameters
  ['follows from an approved parameter', keyParameter, [instance('False', ...byParameter('Never'))]],
  [
    'follows from a parameter with the name of a tag that changes',
    { otherChanges: [{ what: 'tags', names: ['KeyPairName'] }] },
    [instance('False', ...byParameter('Never'))],
    /not in the plan/,
  ],
  [
    'follows from a parameter that an earlier stack makes, and which the plan does not call changed',
    {
      ssmParameters: { KeyPairName: { name: '/lake/key' } },
      waits: [{ kind: 'parameter', name: '/lake/key', madeBy: 'other' }],
    },
    [instance('False', ...byParameter('Never'))],
    /not in the plan/,
  ],
  ['follows from a parameter that does not change', keyParameter, [instance('False', ...byParameter('Never', 'Other'))], /not in the plan/],
  [
    'follows from a parameter of which only the declaration changes',
    { otherChanges: [{ what: 'parameters', names: ['KeyPairName'] }] },
    [instance('False', ...byParameter('Never'))],
    /not in the plan/,
  ],
  ['is certainly replaced by a parameter', keyParameter, [instance('True', ...byParameter('Always'))], /would replace it/],

  // Tags of the stack, and metadata
  ['the tags of the stack change', stackTags, [instance('False', tagged())]],
  [
    'the tags of the stack change beside what was approved',
    { ...webType('never'), ...stackTags },
    [instance('False', tagged(), direct('Never'))],
  ],
  ['tags that nobody planned', {}, [instance('False', tagged())], /not in the plan/],
  [
    'tags that were planned for the resource',
    { changes: [change('Web', INSTANCE, { properties: ['/Properties/Tags/0/Value'] })] },
    [instance('False', tagged())],
  ],
  [
    'tags of the stack that replace what has them',
    stackTags,
    [instance('Conditional', { ...tagged(), Target: { Attribute: 'Tags', RequiresRecreation: 'Always' } })],
    /not in the plan/,
  ],
  ['more than the tags', stackTags, [instance('False', tagged(), direct('Never'))], /not in the plan/],
  [
    'tags of the stack, and what reads a resource that has them, also by another one',
    stackTags,
    [instance('False', tagged()), fn('False', tagged(), reads('Web.Arn')), permission('Conditional', reads('Fn.Arn', 'Always'))],
  ],
  [
    'tags of the stack, and what reads a version of what has them',
    stackTags,
    [instance('False', tagged()), fn('False', reads('Web.LatestVersionNumber'))],
    /Fn: modify is not in the plan/,
  ],
  [
    'tags of the stack that may replace what has them, and what reads that',
    stackTags,
    [
      instance('Conditional', { ...tagged(), Target: { Attribute: 'Tags', RequiresRecreation: 'Conditionally' } }),
      fn('False', reads('Web.Arn')),
    ],
    /Fn: modify is not in the plan/,
  ],
  [
    'tags of the stack, and what reads a custom resource that is said to have them',
    stackTags,
    [resource('Web', 'Custom::Web', { Action: 'Modify', Replacement: 'False', Details: [tagged()] }), fn('False', reads('Web.Arn'))],
    /Fn: modify is not in the plan/,
  ],
  ['tags that nobody planned, and what reads what has them', {}, [fn('False', reads('Web.Arn'))], /not in the plan/],

  // What follows from what follows
  [
    'reads what only reads what stays',
    { changes: [keyPolicy] },
    [
      resource('Last', PERMISSION, { Action: 'Modify', Replacement: 'False', Details: [reads('Permission.Id')] }),
      permission('Conditional', reads('Fn.Arn', 'Always')),
      fn('False', reads('Key.Arn')),
    ],
  ],
  [
    'reads what reads what stays, and changes by itself',
    { changes: [keyPolicy] },
    [permission('Conditional', reads('Fn.Arn', 'Always')), fn('False', reads('Key.Arn'), direct('Never', 'Timeout'))],
    /Permission: modify is not in the plan\n.*Fn: modify is not in the plan/,
  ],
  [
    'reads what a parameter changes, and no plan shows it',
    keyParameter,
    [instance('False', ...byParameter('Never')), fn('False', reads('Web.PublicIp'))],
    /Fn: modify is not in the plan/,
  ],
  [
    'reads what is certainly replaced by what stays',
    { changes: [keyPolicy] },
    [permission('Conditional', reads('Fn.Arn', 'Always')), fn('True', reads('Key.Arn', 'Always'))],
    /Permission: modify is not in the plan\n.*Fn: modify is not in the plan, and would replace it/,
  ],
  [
    'read each other, and nothing that was approved',
    {},
    [fn('False', reads('Permission.Id')), permission('False', reads('Fn.Arn'))],
    /not in the plan/,
  ],

  [
    'metadata, which the template has',
    {},
    [instance('False', { Target: { Attribute: 'Metadata', RequiresRecreation: 'Never' }, Evaluation: 'Static' })],
  ],

  // Nested stacks
  ['a nested stack that has a change set of its own', {}, [nestedStack('arn:nested', automatic)]],
  [
    'what reads an output of a nested stack that has one',
    {},
    [nestedStack('arn:nested', automatic), policy('False', byReference('Inner.Outputs.Name', 'Never'))],
  ],
  [
    'what is certainly replaced because of one',
    {},
    [nestedStack('arn:nested', automatic), policy('True', byReference('Inner.Outputs.Name', 'Always'))],
    /would replace it/,
  ],
  ['a nested stack that has none', {}, [nestedStack(undefined, automatic)], /Inner: what it does in there has no change set/],
  [
    'a nested stack that has none, where a change of it was approved',
    { changes: [change('Inner', 'AWS::CloudFormation::Stack', { properties: ['/Properties/TemplateURL'] })] },
    [nestedStack(undefined, direct('Never', 'TemplateURL'))],
    /has no change set/,
  ],
  [
    'a new nested stack that has none',
    { changes: [change('Inner', 'AWS::CloudFormation::Stack', { action: 'add' })] },
    [resource('Inner', 'AWS::CloudFormation::Stack', { Action: 'Add' })],
    /has no change set/,
  ],
  [
    'a nested stack that goes',
    { changes: [change('Inner', 'AWS::CloudFormation::Stack', { action: 'remove' })] },
    [resource('Inner', 'AWS::CloudFormation::Stack', { Action: 'Remove' })],
  ],
  ['a nested stack that changes by itself', {}, [nestedStack('arn:nested', automatic, direct('Never', 'Parameters'))], /not in the plan/],
];

test.each(ROWS.map(([what, ...row]) => ({ what, row })))('$what', ({ row: [approved, changes, refusal] }) => {
  const found = changeDivergences(plannedStack(approved), described(changes).changes, isStateful);
  if (refusal) expect(found.join('\n')).toMatch(refusal);
  else expect(found).toEqual([]);
});

test('everything that was not approved is named at once', () => {
  const changes = [instance('False', direct('Never')), resource('Door', 'AWS::IAM::User', { Action: 'Add' })];
  expect(changeDivergences(plannedStack(), described(changes).changes, isStateful)).toHaveLength(2);
});

describe('in a nested stack', () => {
  const inner = change('Topic', 'AWS::SNS::Topic', { nested: ['Inner'], action: 'add' });
  const added = described([resource('Topic', 'AWS::SNS::Topic', { Action: 'Add' })]).changes;

  test('what was approved there passes', () => {
    expect(changeDivergences(plannedStack({ changes: [inner] }), added, isStateful, ['Inner'])).toEqual([]);
  });
  test.each([
    ['in the stack around it', []],
    ['in another nested stack', ['Other']],
  ])('what was approved there is refused %s', (_where, nested) => {
    const found = changeDivergences(plannedStack({ changes: [inner] }), added, isStateful, nested);
    expect(found).toEqual([`AWS::SNS::Topic ${[...nested, 'Topic'].join('/')}: add is not in the plan`]);
  });
  const byKey = described([instance('False', ...byParameter('Never'))]).changes;
  const nestedParameters = [{ nested: ['Inner'], parameters: {}, ssmParameters: {}, changedParameters: ['KeyPairName'] }];
  test('a parameter of which the plan says that it changes may change what refers to it', () => {
    expect(changeDivergences(plannedStack({ nestedParameters }), byKey, isStateful, ['Inner'])).toEqual([]);
  });
  test.each<[string, Partial<ApprovedStack>, string[]]>([
    ['of which it does not', {}, ['Inner']],
    ['that changes in another nested stack', { nestedParameters }, ['Other']],
    ['that changes in the stack around it', keyParameter, ['Inner']],
  ])('a parameter %s may not', (_which, approved, nested) => {
    const found = changeDivergences(plannedStack(approved), byKey, isStateful, nested);
    expect(found).toEqual([expect.stringMatching(/modify is not in the plan/)]);
  });
  test('a parameter may that is passed an attribute of a planned change', () => {
    const passed = (value: unknown) => passedTo({ TemplateURL: 'x', Parameters: { Fixed: 'Data', KeyPairName: value } }, new Set(['Data']));
    const attributes = [{ Ref: 'Data' }, { 'Fn::GetAtt': ['Data', 'Arn'] }, { 'Fn::GetAtt': 'Data.Arn' }, { 'Fn::Sub': 'x${Data.Arn}' }];
    const inside = [{ 'Fn::Join': ['', ['x', { Ref: 'Data' }]] }, { 'Fn::Sub': ['${Name}', { Name: { Ref: 'Data' } }] }];
    for (const value of [...attributes, ...inside, { 'Fn::Sub': ['${Data.Arn}', {}] }]) {
      expect(changeDivergences(plannedStack(), byKey, isStateful, ['Inner'], passed(value))).toEqual([]);
    }
    for (const value of ['Data', { Ref: 'DataCopy' }, { 'Fn::Sub': '${DataCopy.Arn}' }]) {
      expect(changeDivergences(plannedStack(), byKey, isStateful, ['Inner'], passed(value))).toHaveLength(1);
    }
  });
});

describe('the parameters of a nested stack', () => {
  const template = {
    Parameters: {
      Size: { Type: 'Number' },
      Secret: { Type: 'String', NoEcho: 'true' },
      Bucket: { Type: 'String' },
      Key: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/lake/key' },
    },
  };
  const known = (value?: string) => ({
    nested: ['Inner'],
    parameters: { Size: '3' },
    ssmParameters: { Key: { name: '/lake/key', ...(value !== undefined && { value }) } },
    changedParameters: [],
  });
  const PARAMETERS = {
    Size: { value: '3' },
    Secret: { value: '****' },
    Bucket: { value: 'known when it is there' },
    Key: { value: '/lake/key', resolved: 'arn:key' },
  };
  const divergences = (made: object, approved: Partial<ApprovedStack> = { nestedParameters: [known('arn:key')] }) =>
    nestedInputDivergences(plannedStack(approved), ['Inner'], template, { ...PARAMETERS, ...made });

  test('as approved', () => {
    expect(divergences({})).toEqual([]);
  });
  test.each<[string, object, string]>([
    ['a value', { Size: { value: '4' } }, 'Inner: parameter Size is 4, planned was 3'],
    ['one that does not show', { Size: { value: '****' } }, 'Inner: parameter Size is ****, planned was 3'],
    ['one that the template does not have', { More: { value: 'x' } }, 'Inner: parameter More is x, planned was undefined'],
    ['the name of a stored one', { Key: { value: '/other' } }, 'Inner: parameter Key is /other, planned was /lake/key'],
    [
      'the value of a stored one',
      { Key: { value: '/lake/key', resolved: 'arn:other' } },
      'Inner: parameter Key (/lake/key of the parameter store) is arn:other, planned was arn:key',
    ],
    [
      'one from the store of which the plan shows nothing',
      { Bucket: { value: '/lake/bucket', resolved: 'x' } },
      'Inner: parameter Bucket (the parameter store) is x, planned was undefined',
    ],
  ])('%s differs', (_what, made, problem) => {
    expect(divergences(made)).toEqual([problem]);
  });
  test('a stored value that nobody planned is refused, unless an earlier stack of the plan makes it', () => {
    const nestedParameters = [known()];
    expect(divergences({}, { nestedParameters })).toHaveLength(1);
    expect(divergences({}, { nestedParameters, waits: [{ kind: 'parameter', name: '/lake/key', madeBy: 'other' }] })).toEqual([]);
    expect(divergences({}, { nestedParameters, waits: [{ kind: 'parameter', name: '/lake/other', madeBy: 'other' }] })).toHaveLength(1);
    expect(divergences({}, { nestedParameters, waits: [{ kind: 'export', name: '/lake/key', madeBy: 'other' }] })).toHaveLength(1);
  });
});

describe('the input', () => {
  const template = {
    Parameters: {
      Size: { Type: 'Number', Default: 3 },
      Secret: { Type: 'String', NoEcho: true },
      Key: { Type: 'AWS::SSM::Parameter::Value<String>' },
    },
    Resources: {},
  };
  const approved = plannedStack({
    deployed: deployedState({ parameters: { Secret: '****' } }),
    ssmParameters: { Key: { name: '/lake/key', value: 'arn:key' } },
    tags: { owner: 'data' },
    capabilities: ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM'],
  });
  const PARAMETERS: Parameter[] = [
    { ParameterKey: 'Size', ParameterValue: '3' },
    { ParameterKey: 'Secret', ParameterValue: '****' },
    { ParameterKey: 'Key', ParameterValue: '/lake/key', ResolvedValue: 'arn:key' },
  ];
  const made = (changes: Partial<DescribeChangeSetOutput> = {}) =>
    described([], {
      Parameters: PARAMETERS,
      Tags: [{ Key: 'owner', Value: 'data' }],
      Capabilities: ['CAPABILITY_NAMED_IAM', 'CAPABILITY_IAM'],
      ...changes,
    });
  const parameters = (key: string, value: object) => ({
    Parameters: [...PARAMETERS.filter(({ ParameterKey }) => ParameterKey !== key), { ParameterKey: key, ...value }],
  });

  test('as approved', () => {
    expect(inputDivergences(approved, template, made(), template)).toEqual([]);
  });

  test.each<[string, Partial<DescribeChangeSetOutput>, string]>([
    ['a parameter', parameters('Size', { ParameterValue: '4' }), 'parameter Size is 4, planned was 3'],
    [
      'a parameter that the template does not have',
      parameters('More', { ParameterValue: 'x' }),
      'parameter More is x, planned was undefined',
    ],
    [
      'the name of a parameter in the store',
      parameters('Key', { ParameterValue: '/other', ResolvedValue: 'arn:key' }),
      'parameter Key is /other, planned was /lake/key',
    ],
    [
      'its value',
      parameters('Key', { ParameterValue: '/lake/key', ResolvedValue: 'arn:other' }),
      'parameter Key (/lake/key of the parameter store) is arn:other, planned was arn:key',
    ],
    [
      'one parameter less',
      { Parameters: PARAMETERS.filter(({ ParameterKey }) => ParameterKey !== 'Size') },
      'parameter Size is undefined, planned was 3',
    ],
    ['one tag less', { Tags: [] }, 'tag owner is undefined, planned was data'],
    ['a tag', { Tags: [{ Key: 'owner', Value: 'me' }] }, 'tag owner is me, planned was data'],
    [
      'one more tag',
      {
        Tags: [
          { Key: 'owner', Value: 'data' },
          { Key: 'x', Value: 'y' },
        ],
      },
      'tag x is y, planned was undefined',
    ],
    [
      'a capability',
      { Capabilities: ['CAPABILITY_IAM'] },
      'capabilities CAPABILITY_IAM, planned were CAPABILITY_IAM, CAPABILITY_NAMED_IAM',
    ],
    ['the stack', { StackId: 'arn:other' }, `the change set is for arn:other, planned was ${deployedState().stackId}`],
  ])('%s differs', (_what, changes, problem) => {
    expect(inputDivergences(approved, template, made(changes), template)).toEqual([problem]);
  });

  test('a parameter keeps the value that the stack has, and a secret shows none', () => {
    const kept = { Parameters: { ...template.Parameters, Size: { Type: 'Number' } }, Resources: {} };
    const there = { ...approved, deployed: deployedState({ parameters: { Size: '3' } }) };
    expect(inputDivergences(there, kept, made(), kept)).toEqual([]);
    expect(inputDivergences({ ...there, deployed: deployedState() }, kept, made(), kept)).toEqual([
      'parameter Size is 3, planned was undefined',
    ]);
  });

  test('the template differs, by whatever', () => {
    const other = { ...template, Resources: { Door: { Type: 'AWS::IAM::User' } } };
    expect(inputDivergences(approved, template, made(), other)).toEqual(['the template is not that of the plan']);
  });

  describe('a value that an earlier stack of the plan makes', () => {
    const waits = [{ kind: 'parameter', name: '/lake/key', madeBy: 'other' }] as const;
    const divergences = (value: string | undefined, ResolvedValue: string) => {
      const stored = { name: '/lake/key', ...(value !== undefined && { value }) };
      const changes = parameters('Key', { ParameterValue: '/lake/key', ResolvedValue });
      return inputDivergences({ ...approved, ssmParameters: { Key: stored }, waits }, template, made(changes), template);
    };

    test('is compared when its template writes it out', () => {
      expect(divergences('arn:new', 'arn:new')).toEqual([]);
      expect(divergences('arn:new', 'arn:other')).toEqual([
        'parameter Key (/lake/key of the parameter store) is arn:other, planned was arn:new',
      ]);
    });
    test('is not when only its deployment tells', () => {
      expect(divergences(undefined, 'arn:whatever')).toEqual([]);
    });
  });

  test('a value that does not show is refused where the template makes no secret of it', () => {
    expect(inputDivergences(approved, template, made(parameters('Size', { ParameterValue: '****' })), template)).toEqual([
      'parameter Size is ****, planned was 3',
    ]);
  });
});
