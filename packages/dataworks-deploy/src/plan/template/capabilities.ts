import { isObject, type Json, type StackTemplate } from './stack-template';

/** Types whose creation CloudFormation wants acknowledged, with the property that names them. */
const IDENTITIES: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
};

/** Those without a name of their own. */
const UNNAMED = ['AWS::IAM::AccessKey', 'AWS::IAM::Policy', 'AWS::IAM::UserToGroupAddition'];

/**
 * What CloudFormation has to be allowed for a stack with these templates, its nested ones included; no more than that.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html
 */
export function capabilitiesOf(templates: readonly StackTemplate[]): string[] {
  const resources = templates.flatMap(({ Resources }) => Object.values(Resources));
  const identities = resources.filter(({ Type }) => IDENTITIES[Type] !== undefined || UNNAMED.includes(Type));
  const named = identities.some(({ Type, Properties = {} }) => (Properties[IDENTITIES[Type] ?? ''] as Json | undefined) !== undefined);
  const expands = templates.some(({ Transform, Resources }) => Transform !== undefined || usesMacro(Resources as unknown as Json));
  const iam = identities.length === 0 ? [] : [named ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM'];
  return [...(expands ? ['CAPABILITY_AUTO_EXPAND'] : []), ...iam];
}

function usesMacro(value: Json): boolean {
  if (Array.isArray(value)) return value.some(usesMacro);
  if (!isObject(value)) return false;
  return Object.entries(value).some(([key, member]) => key === 'Fn::Transform' || usesMacro(member));
}
