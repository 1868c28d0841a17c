import type { Template } from './synthesis';
import type { Account } from '../aws/account';
import type { Target } from '../config/target';

const PROVIDER = 'AWS::IAM::OIDCProvider';

/** The template of a stack as it was deployed; undefined when there is none, or when it is not JSON, as ours are. */
export async function deployedTemplate({ stacks }: Account, stack: string): Promise<Template | undefined> {
  const text = await stacks.template(stack);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Template;
  } catch {
    return { Resources: {} };
  }
}

/** Whether the account has the identity provider of the CircleCI organisation, and our stack is not who made it: it is imported then. */
export async function hasForeignProvider(target: Target, account: Account): Promise<boolean> {
  const { circleci } = target.configuration;
  if (!circleci) return false;
  const audiences = await account.identities.audiences(target.names.circleCiProviderArn(circleci.organizationId));
  if (audiences === undefined) return false;
  const deployed = await deployedTemplate(account, target.names.backendStack);
  return !Object.values(deployed?.Resources ?? {}).some(({ Type }) => Type === PROVIDER);
}
