/** What the values of a condition key are, which decides the operators that work with it. */
export type KeyType = 'string' | 'arn' | 'bool' | 'numeric' | 'date' | 'ip';

export interface ConditionKey {
  readonly type: KeyType;
  /** More than one value in a request: needs `ForAllValues:` or `ForAnyValue:`, and is no policy variable. */
  readonly multivalued: boolean;
}

const single = (type: KeyType): ConditionKey => ({ type, multivalued: false });
const many: ConditionKey = { type: 'string', multivalued: true };

/**
 * The keys that the evaluator knows, in lower case; `*` stands for a tag key or the key of an encryption context.
 *
 * A policy or a request that names another key is refused: a key is added here after reading what AWS documents about it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const KEYS: ReadonlyMap<string, ConditionKey> = new Map(
  Object.entries({
    'aws:calledvia': many,
    'aws:calledviafirst': single('string'),
    'aws:calledvialast': single('string'),
    'aws:currenttime': single('date'),
    'aws:epochtime': single('date'),
    'aws:federatedprovider': single('string'),
    'aws:multifactorauthage': single('numeric'),
    'aws:multifactorauthpresent': single('bool'),
    'aws:principalaccount': single('string'),
    'aws:principalarn': single('arn'),
    'aws:principalisawsservice': single('bool'),
    'aws:principalorgid': single('string'),
    'aws:principalorgpaths': many,
    'aws:principalservicename': single('string'),
    'aws:principalservicenameslist': many,
    'aws:principaltag/*': single('string'),
    'aws:principaltype': single('string'),
    'aws:requestedregion': single('string'),
    'aws:requesttag/*': single('string'),
    'aws:resourceaccount': single('string'),
    'aws:resourceorgid': single('string'),
    'aws:resourcetag/*': single('string'),
    'aws:securetransport': single('bool'),
    'aws:sourceaccount': single('string'),
    'aws:sourcearn': single('arn'),
    'aws:sourceidentity': single('string'),
    'aws:sourceip': single('ip'),
    'aws:sourceorgid': single('string'),
    'aws:sourcevpc': single('string'),
    'aws:sourcevpce': single('string'),
    'aws:tagkeys': many,
    'aws:tokenissuetime': single('date'),
    'aws:useragent': single('string'),
    'aws:userid': single('string'),
    'aws:username': single('string'),
    'aws:viaawsservice': single('bool'),
    'aws:vpcsourceip': single('ip'),

    'cloudformation:changesetname': single('string'),
    'cloudformation:resourcetypes': many,
    'cloudformation:rolearn': single('arn'),
    'cloudformation:templateurl': single('string'),

    'dynamodb:attributes': many,
    'dynamodb:leadingkeys': many,
    'dynamodb:select': single('string'),

    'ec2:instancetype': single('string'),

    'iam:awsservicename': single('string'),
    'iam:associatedresourcearn': single('arn'),
    'iam:passedtoservice': single('string'),
    'iam:permissionsboundary': single('arn'),
    'iam:policyarn': single('arn'),
    'iam:resourcetag/*': single('string'),

    'kms:bypasspolicylockoutsafetycheck': single('bool'),
    'kms:calleraccount': single('string'),
    'kms:encryptioncontext:*': single('string'),
    'kms:encryptioncontextkeys': many,
    'kms:granteeprincipal': single('string'),
    'kms:grantisforawsresource': single('bool'),
    'kms:grantoperations': many,
    'kms:keyorigin': single('string'),
    'kms:keyspec': single('string'),
    'kms:keyusage': single('string'),
    'kms:multiregion': single('bool'),
    'kms:requestalias': single('string'),
    'kms:resourcealiases': many,
    'kms:retiringprincipal': single('string'),
    'kms:rotationperiodindays': single('numeric'),
    'kms:schedulekeydeletionpendingwindowindays': single('numeric'),
    'kms:viaservice': single('string'),

    's3:authtype': single('string'),
    's3:dataaccesspointarn': single('arn'),
    's3:delimiter': single('string'),
    's3:existingobjecttag/*': single('string'),
    's3:if-match': single('string'),
    's3:if-none-match': single('string'),
    's3:max-keys': single('numeric'),
    's3:object-lock-legal-hold': single('string'),
    's3:object-lock-mode': single('string'),
    's3:object-lock-remaining-retention-days': single('numeric'),
    's3:object-lock-retain-until-date': single('date'),
    's3:prefix': single('string'),
    's3:requestobjecttag/*': single('string'),
    's3:requestobjecttagkeys': many,
    's3:resourceaccount': single('string'),
    's3:signatureage': single('numeric'),
    's3:signatureversion': single('string'),
    's3:tlsversion': single('numeric'),
    's3:versionid': single('string'),
    's3:x-amz-acl': single('string'),
    's3:x-amz-content-sha256': single('string'),
    's3:x-amz-copy-source': single('string'),
    's3:x-amz-server-side-encryption': single('string'),
    's3:x-amz-server-side-encryption-aws-kms-key-id': single('arn'),
    's3:x-amz-server-side-encryption-customer-algorithm': single('string'),
    's3:x-amz-storage-class': single('string'),

    'sts:awsservicename': single('string'),
    'sts:externalid': single('string'),
    'sts:rolesessionname': single('string'),
    'sts:sourceidentity': single('string'),
    'sts:transitivetagkeys': many,
  }),
);

/** Claims of a CircleCI token that STS evaluates: the key is the issuer, a colon, and the claim. */
const CIRCLECI_CLAIM = /^oidc\.circleci\.com\/org\/[^:]+:(aud|sub|oidc\.circleci\.com\/project-id)$/;

/**
 * @param name of a condition key, in any case
 * @throws when the key is not in the table
 */
export function conditionKey(name: string): ConditionKey {
  const key = name.toLowerCase();
  const known =
    KEYS.get(key) ??
    KEYS.get(key.replace(/^([^/]+\/).+$/, '$1*')) ??
    KEYS.get(key.replace(/^(kms:encryptioncontext:).+$/, '$1*')) ??
    (CIRCLECI_CLAIM.test(key) ? single('string') : undefined);
  if (!known) throw new Error(`Unknown condition key '${name}'. Add it to condition-keys.ts with its documented type.`);
  return known;
}
