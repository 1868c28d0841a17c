/** By what somebody is allowed more than before, apart from policy documents: `broadening.ts` compares these. */
import type { KnownRisks, Rule, Rules } from './known-risks';
import {
  another,
  anotherOrNone,
  anyBut,
  fewer,
  changed,
  further,
  gone,
  isComputed,
  NEW,
  off,
  ofOld,
  on,
  type Before,
  type Worse,
} from './worse';
import { isObject } from '../template/stack-template';

/** What a grant is, beyond what stands in policy documents: a resource of this type allows something by being there. */
export const GRANTS: Readonly<Record<string, string | undefined>> = {
  'AWS::Cognito::IdentityPoolRoleAttachment': 'gives roles to the identities of a pool',
  'AWS::EC2::EIPAssociation': 'gives something a public address',
  'AWS::EC2::SecurityGroupEgress': 'opens a way out of a security group',
  'AWS::EC2::SecurityGroupIngress': 'opens a way into a security group',
  'AWS::EC2::VPCGatewayAttachment': 'connects a network with the outside',
  'AWS::EC2::VPCPeeringConnection': 'connects a network with another one',
  'AWS::EKS::AccessEntry': 'gives rights in a cluster',
  'AWS::EKS::PodIdentityAssociation': 'gives a role to the pods of a cluster',
  'AWS::IAM::AccessKey': 'makes a permanent access key',
  'AWS::IAM::InstanceProfile': 'gives a role to instances',
  'AWS::IAM::OIDCProvider': 'trusts an identity provider',
  'AWS::IAM::SAMLProvider': 'trusts an identity provider',
  'AWS::IAM::ServiceLinkedRole': 'lets a service act in the account',
  'AWS::IAM::UserToGroupAddition': 'gives users the policies of a group',
  'AWS::LakeFormation::DataCellsFilter': 'decides which rows and columns a grant is of',
  'AWS::LakeFormation::Permissions': 'grants data of the lake',
  'AWS::LakeFormation::PrincipalPermissions': 'grants data of the lake',
  'AWS::LakeFormation::TagAssociation': 'gives data the tags by which it is granted',
  'AWS::Lambda::LayerVersionPermission': 'lets others use a layer',
  'AWS::Lambda::Permission': 'lets others call a function',
  'AWS::Lambda::Url': 'makes a function callable by URL',
  'AWS::RAM::Permission': 'decides what a share allows',
  'AWS::RAM::ResourceShare': 'shares resources with others',
  'AWS::Redshift::EndpointAuthorization': 'lets another account reach a cluster',
  'AWS::SSO::Assignment': 'gives people a permission set',
  'AWS::SSO::PermissionSet': 'decides what people of a permission set may do',
};

/** What ends with a resource of this type, and was no permission but a limit. */
export const BOUNDS: Readonly<Record<string, string | undefined>> = {
  'AWS::EC2::SnapshotBlockPublicAccess': 'no longer blocks public snapshots',
  'AWS::EC2::VPCBlockPublicAccessOptions': 'no longer blocks ways between networks and the internet',
  'AWS::Organizations::Policy': 'no longer limits what accounts may do',
  'AWS::WAFv2::WebACLAssociation': 'no longer filters who calls',
};

/** Types where no policy means that everything is allowed. */
export const OPEN_WITHOUT_POLICY: Readonly<Record<string, string | undefined>> = { 'AWS::EC2::VPCEndpoint': 'PolicyDocument' };

/** Properties that hold a policy document, though their names do not say so. */
export const DOCUMENTS: Readonly<Record<string, string | undefined>> = {
  'AWS::Organizations::Policy': 'Content',
  'AWS::Organizations::ResourcePolicy': 'Content',
};

const PUBLIC_ACCESS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** Since April 2023 a new bucket has all four when it says nothing; an existing one that says nothing any more has none of them. */
const lessBlocked: Worse = (before, after) => {
  const isOn = (value: Before, name: string) => isObject(value) && (value[name] === true || value[name] === 'true');
  const wasOn = (name: string) => before === NEW || before === undefined || isComputed(before) || isOn(before, name);
  return PUBLIC_ACCESS.some((name) => wasOn(name) && !isOn(after, name));
};

const AUTHORIZED = ['AWS_IAM', 'AWS_LAMBDA', 'AMAZON_COGNITO_USER_POOLS', 'COGNITO_USER_POOLS', 'CUSTOM', 'JWT', 'OPENID_CONNECT'];

const CALLED: Rule = [anyBut(AUTHORIZED), 'can be called by everybody'];
const CALLED_BY_KEY: Rule = [anyBut(AUTHORIZED), 'can be called by everybody, or by a key alone'];

const anyRule = (names: readonly string[], worse: Worse, words: string): Rules =>
  Object.fromEntries(names.map((name) => [name, [worse, words]]));

/** Names of the role, or the profile with one, that a resource acts by. */
const ROLES = [
  'AccessRole',
  'AccessRoleArn',
  'AdministrationRoleARN',
  'AgentResourceRoleArn',
  'ComputeRoleArn',
  'DataAccessRole',
  'DataAccessRoleArn',
  'ExecutionRole',
  'ExecutionRoleArn',
  'ExecutionRoleName',
  'IAMRoleARN',
  'IamInstanceProfile',
  'IamRole',
  'IamRoleArn',
  'InstanceProfileArn',
  'InstanceRole',
  'InstanceRoleArn',
  'JobFlowRole',
  'JobRoleArn',
  'NodeRole',
  'NodeRoleArn',
  'PodExecutionRoleArn',
  'Role',
  'RoleARN',
  'RoleArn',
  'RuntimeRoleArn',
  'ServiceAccessRoleArn',
  'ServiceExecutionRoleArn',
  'ServiceRole',
  'ServiceRoleArn',
  'TaskRoleArn',
];

const internetEndpoint = { Scheme: [anyBut(['internal'], 'bad'), 'can be reached from the internet'] } as const satisfies Rules;

const identityPolicy = {
  Groups: [further(), 'applies to a further group'],
  Roles: [further(), 'applies to a further role'],
  Users: [further(), 'applies to a further user'],
} as const satisfies Rules;

const managedPolicies = { ManagedPolicyArns: [further(), 'gets a managed policy'] } as const satisfies Rules;

const sharedView = { Permissions: [further(), 'is shared with others'] } as const satisfies Rules;

export const ACCESS: KnownRisks = {
  anywhere: {
    ...anyRule(ROLES, another, 'acts by another role'),
    AccessControl: [
      anyBut(['Private', 'LogDeliveryWrite', 'BucketOwnerFullControl', 'BucketOwnerRead'], 'good'),
      'has an ACL that lets others in',
    ],
    AssignPublicIp: [anyBut(['DISABLED', 'false'], 'good'), 'gets a public address'],
    AssociateCarrierIpAddress: [on('good'), 'gets an address of the carrier'],
    AssociatePublicIpAddress: [on(), 'gets a public address'],
    MapPublicIpOnLaunch: [on('good'), 'gives public addresses'],
    PermissionsBoundary: [anotherOrNone, 'loses or changes its permissions boundary'],
    PublicAccessBlockConfiguration: [lessBlocked, 'does not block public access completely'],
    PubliclyAccessible: [on(), 'can be reached from the internet'],
  },
  ofType: {
    'AWS::ApiGateway::Method': {
      ApiKeyRequired: [ofOld(off('bad')), 'needs no key any more'],
      AuthorizationScopes: [fewer, 'asks for fewer scopes'],
      AuthorizationType: [anyBut(AUTHORIZED, 'bad'), 'can be called by everybody'],
      AuthorizerId: [anotherOrNone, 'is guarded by another authorizer'],
    },
    'AWS::ApiGateway::RestApi': {
      Body: [changed, 'is defined otherwise, and so who may call it'],
      BodyS3Location: [changed, 'is defined otherwise, and so who may call it'],
      'EndpointConfiguration.Types': [ofOld(further(['EDGE'])), 'can be reached from elsewhere'],
      Policy: [gone, 'has no policy any more'],
    },
    'AWS::ApiGatewayV2::Api': {
      Body: [changed, 'is defined otherwise, and so who may call it'],
      BodyS3Location: [changed, 'is defined otherwise, and so who may call it'],
    },
    'AWS::ApiGatewayV2::ApiGatewayManagedOverrides': {
      'Route.AuthorizationType': CALLED,
    },
    'AWS::ApiGatewayV2::Route': {
      AuthorizationScopes: [fewer, 'asks for fewer scopes'],
      AuthorizationType: [anyBut(AUTHORIZED, 'bad'), 'can be called by everybody'],
      AuthorizerId: [anotherOrNone, 'is guarded by another authorizer'],
    },
    'AWS::AppSync::Api': {
      'EventConfig.AuthProviders': [further(), 'can be called in a further way'],
      'EventConfig.ConnectionAuthModes[].AuthType': CALLED_BY_KEY,
      'EventConfig.DefaultPublishAuthModes[].AuthType': CALLED_BY_KEY,
      'EventConfig.DefaultSubscribeAuthModes[].AuthType': CALLED_BY_KEY,
    },
    'AWS::AppSync::ChannelNamespace': { 'PublishAuthModes[].AuthType': CALLED_BY_KEY, 'SubscribeAuthModes[].AuthType': CALLED_BY_KEY },
    'AWS::AppSync::GraphQLApi': {
      AdditionalAuthenticationProviders: [further(), 'can be called in a further way'],
      AuthenticationType: CALLED_BY_KEY,
      Visibility: [anyBut(['PRIVATE'], 'bad'), 'can be reached from the internet'],
    },
    'AWS::Cognito::IdentityPool': { AllowUnauthenticatedIdentities: [on(), 'gives roles to whoever asks'] },
    'AWS::Cognito::UserPool': {
      'AdminCreateUserConfig.AllowAdminCreateUserOnly': [off('bad'), 'lets everybody sign up'],
      MfaConfiguration: [anyBut(['ON']), 'asks for no second factor'],
    },
    'AWS::DMS::ReplicationInstance': { PubliclyAccessible: [on('bad'), 'can be reached from the internet'] },
    'AWS::EC2::EIP': { InstanceId: [another, 'gives an instance a public address'] },
    'AWS::EC2::SecurityGroup': {
      // A new group without any has one to everywhere; what an update leaves in the place of the last one is not documented.
      SecurityGroupEgress: [further('everything'), 'opens a way out of the security group'],
      SecurityGroupIngress: [further(), 'opens a way into the security group'],
    },
    'AWS::EC2::SnapshotBlockPublicAccess': { State: [anyBut(['block-all-sharing']), 'no longer blocks public snapshots'] },
    'AWS::EC2::VPCBlockPublicAccessOptions': {
      InternetGatewayBlockMode: [anyBut(['block-bidirectional']), 'no longer blocks ways between networks and the internet'],
    },
    'AWS::EC2::VPCEndpointService': { AcceptanceRequired: [off(), 'accepts everybody who asks'] },
    'AWS::EC2::VPCEndpointServicePermissions': { AllowedPrincipals: [further(), 'lets others connect to an endpoint service'] },
    'AWS::ECS::Service': { EnableExecuteCommand: [on('good'), 'lets people run commands in it'] },
    'AWS::ECS::TaskDefinition': { 'ContainerDefinitions[].Privileged': [on('good'), 'runs with all rights of its host'] },
    'AWS::EFS::FileSystem': { FileSystemPolicy: [gone, 'allows everything: it has no policy any more'] },
    'AWS::EKS::Cluster': {
      'ResourcesVpcConfig.EndpointPublicAccess': [on('bad'), 'can be reached from the internet'],
      'ResourcesVpcConfig.PublicAccessCidrs': [ofOld(further(['0.0.0.0/0'])), 'can be reached from further addresses'],
    },
    'AWS::ElasticLoadBalancing::LoadBalancer': internetEndpoint,
    'AWS::ElasticLoadBalancingV2::LoadBalancer': internetEndpoint,
    'AWS::Elasticsearch::Domain': {
      'AdvancedSecurityOptions.Enabled': [ofOld(off('bad')), 'has no fine-grained access control any more'],
      VPCOptions: [gone, 'leaves its network'],
    },
    'AWS::IAM::Group': managedPolicies,
    'AWS::IAM::GroupPolicy': { GroupName: [another, 'applies to another group'] },
    'AWS::IAM::ManagedPolicy': identityPolicy,
    'AWS::IAM::Policy': identityPolicy,
    'AWS::IAM::Role': managedPolicies,
    'AWS::IAM::RolePolicy': { RoleName: [another, 'applies to another role'] },
    'AWS::IAM::User': {
      ...managedPolicies,
      Groups: [further(), 'joins a group'],
      LoginProfile: [another, 'may sign in with a password'],
    },
    'AWS::IAM::UserPolicy': { UserName: [another, 'applies to another user'] },
    'AWS::IoT::DomainConfiguration': { AuthenticationType: [another, 'lets devices in by something else'] },
    'AWS::LakeFormation::DataLakeSettings': {
      Admins: [further(), 'has a further administrator'],
      AllowExternalDataFiltering: [on('good'), 'lets engines from elsewhere read filtered data'],
      AllowFullTableExternalDataAccess: [on('good'), 'lets engines from elsewhere read whole tables'],
      AuthorizedSessionTagValueList: [further(), 'trusts the sessions of further engines'],
      CreateDatabaseDefaultPermissions: [further('unknown'), 'grants new databases to further principals'],
      CreateTableDefaultPermissions: [further('unknown'), 'grants new tables to further principals'],
      ExternalDataFilteringAllowList: [further(), 'lets a further account read filtered data'],
      Parameters: [changed, 'has other settings of sharing'],
      ReadOnlyAdmins: [further(), 'has a further administrator who may read all permissions'],
      TrustedResourceOwners: [further(), 'trusts a further account with who its users are'],
    },
    'AWS::LakeFormation::Resource': {
      HybridAccessEnabled: [on('good'), 'lets permissions of IAM suffice'],
      WithFederation: [on('good'), 'federates data from elsewhere'],
    },
    'AWS::Lambda::Url': { AuthType: CALLED },
    'AWS::MSK::Cluster': {
      'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type': [anyBut(['DISABLED'], 'good'), 'can be reached from the internet'],
      'ClientAuthentication.Unauthenticated.Enabled': [on('good'), 'lets in who does not say who he is'],
    },
    'AWS::MWAA::Environment': { WebserverAccessMode: [anyBut(['PRIVATE_ONLY'], 'good'), 'can be reached from the internet'] },
    'AWS::OpenSearchService::Domain': {
      'AdvancedSecurityOptions.Enabled': [ofOld(off('bad')), 'has no fine-grained access control any more'],
      VPCOptions: [gone, 'leaves its network'],
    },
    'AWS::Organizations::Policy': { TargetIds: [fewer, 'no longer limits what an account may do'] },
    'AWS::QuickSight::Analysis': sharedView,
    'AWS::QuickSight::Dashboard': sharedView,
    'AWS::QuickSight::DataSet': {
      ...sharedView,
      ColumnLevelPermissionRules: [anotherOrNone, 'shows other columns'],
      RowLevelPermissionDataSet: [anotherOrNone, 'shows other rows'],
      RowLevelPermissionTagConfiguration: [anotherOrNone, 'shows other rows'],
    },
    'AWS::QuickSight::DataSource': sharedView,
    'AWS::RDS::DBCluster': { AssociatedRoles: [further(), 'may act by a further role'] },
    'AWS::RDS::DBInstance': { AssociatedRoles: [further(), 'may act by a further role'] },
    'AWS::Redshift::Cluster': { IamRoles: [further(), 'may act by a further role'] },
    'AWS::RedshiftServerless::Namespace': { IamRoles: [further(), 'may act by a further role'] },
    'AWS::S3::Bucket': {
      'OwnershipControls.Rules[].ObjectOwnership': [anyBut(['BucketOwnerEnforced']), 'takes ACLs'],
      'ReplicationConfiguration.Rules[].Destination': [another, 'copies what it holds to another place'],
    },
    'AWS::SNS::TopicPolicy': { Topics: [further(), 'applies to a further topic'] },
    'AWS::SQS::QueuePolicy': { Queues: [further(), 'applies to a further queue'] },
    'AWS::SageMaker::NotebookInstance': { DirectInternetAccess: [anyBut(['Disabled'], 'bad'), 'reaches the internet'] },
    'AWS::SecretsManager::ResourcePolicy': { BlockPublicPolicy: [ofOld(off('bad')), 'does not block a public policy'] },
    'AWS::Serverless::Function': { 'FunctionUrlConfig.AuthType': CALLED },
    'AWS::Transfer::Server': { EndpointType: [anyBut(['VPC', 'VPC_ENDPOINT'], 'bad'), 'can be reached from the internet'] },
    'AWS::VpcLattice::Service': { AuthType: CALLED },
    'AWS::VpcLattice::ServiceNetwork': { AuthType: CALLED },
  },
};
