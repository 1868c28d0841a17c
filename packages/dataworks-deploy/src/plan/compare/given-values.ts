/** One rule for everything that reads a resource: what a changed resource gives is a changed value. */
import type { ChangedValue } from './waits';
import type { ResourceChange } from '../plan';
import { NESTED_STACK } from '../template/nested-templates';

/** What of a change decides what its resource gives. */
export type GivingChange = Pick<ResourceChange, 'action' | 'logicalId' | 'properties' | 'replacement' | 'type'>;

/** Whether a reader gets another value than before; `moved`: perhaps the name of a new resource in the place of the same one. */
export type Certainty = 'certainly' | 'perhaps' | 'moved';

/** What becomes of what a resource gives; undefined when it stays as it is. Without an attribute, of what `Ref` gives. */
export type Gives = (logicalId: string, attribute?: string) => Certainty | undefined;

/** Types of AWS of which somebody else decides, with every change, what they give and whether they are replaced. */
const FOREIGN: readonly string[] = ['AWS::CloudFormation::CustomResource', 'AWS::ServiceCatalog::CloudFormationProvisionedProduct'];

/** Whether nobody at AWS knows what an update of this type does: the handler of a custom resource decides, or whoever registered the type. */
export function isForeign(type: string): boolean {
  return !type.startsWith('AWS::') || FOREIGN.includes(type);
}

/** What `Ref` gives, among attributes. */
const REF = 'Ref';

/** Attributes that a resource may give anew without being replaced, although no property is named like them; versions apart. */
const MOVING: Readonly<Record<string, readonly string[] | undefined>> = {
  'AWS::Batch::JobDefinition': [REF, 'JobDefinitionArn'], // with the revision
  'AWS::DynamoDB::GlobalTable': ['StreamArn'],
  'AWS::DynamoDB::Table': ['StreamArn'],
  'AWS::EC2::Instance': ['PublicDnsName', 'PublicIp'],
  'AWS::EC2::VPCEndpoint': ['DnsEntries', 'NetworkInterfaceIds'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['LoadBalancerArns'],
  'AWS::RDS::DBCluster': ['MasterUserSecret.SecretArn'],
  'AWS::RDS::DBInstance': ['MasterUserSecret.SecretArn'],
  'AWS::Redshift::Cluster': ['MasterPasswordSecretArn'],
};

/** Attributes that tell a version, which each change may make: `LatestVersionNumber`, `DefaultVersionId`, `StateMachineRevisionId`. */
const VERSION = /(?:Version|Revision)(?:Arn|Id|Number)?$/;

/** Attributes by which a resource is known: another one of them is still the resource, in the place of the one before. */
const NAME = /(?:ARN|Address|Arn|Endpoint|Host|Id|Name|URL|Url)$/;

/** Of a nested stack, by name; undefined for what is none. */
type ChangedOutputs = (logicalId: string) => ReadonlyMap<string, ChangedValue> | undefined;

/**
 * What the resources of one template give after their changes. One that is replaced gives everything anew. One that is changed in place
 * keeps what it is known by, and gives what its changed properties say: the `Value` of an SSM parameter, the outputs of a nested stack.
 *
 * @param changes of these resources, by logical id
 */
export function givenBy(changes: ReadonlyMap<string, GivingChange>, outputsOf: ChangedOutputs): Gives {
  return (logicalId, attribute) => {
    const found = changes.get(logicalId);
    const change = found?.action === 'remove' ? undefined : found;
    if (change?.action === 'add' || change?.replacement === 'always') return 'certainly';
    const [first, name] = attribute?.split('.') ?? [];
    const output = first === 'Outputs' ? outputsOf(logicalId)?.get(name) : undefined;
    // What another name of a resource in there brings with it, is told here.
    if (output) return output.certainty === 'certainly' ? 'certainly' : 'perhaps';
    if (!change) return undefined;
    if (isChangedAttribute(change, attribute)) return 'perhaps';
    if (change.replacement !== 'conditional') return undefined;
    return isForeign(change.type) || !(attribute === undefined || NAME.test(attribute)) ? 'perhaps' : 'moved';
  };
}

function isChangedAttribute({ type, properties }: GivingChange, attribute: string | undefined): boolean {
  if (!properties.some((path) => path.startsWith('/Properties/'))) return false; // no service is told of anything else
  if (MOVING[type]?.includes(attribute ?? REF)) return true;
  if (attribute === undefined || type === NESTED_STACK) return false;
  const path = `/Properties/${attribute.replaceAll('.', '/')}/`;
  const last = attribute.split('.').at(-1)!; // the `Port` of `Endpoint.Port`
  const isNamed = properties.some(
    (property) => `${property}/`.startsWith(path) || path.startsWith(`${property}/`) || property.split('/')[2] === last,
  );
  return isNamed || VERSION.test(attribute);
}
