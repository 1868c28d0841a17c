import { nextStep } from './next-step';
import type { Account } from '../aws/account';
import type { Target } from '../config/target';
import type { Template } from '../template/template';

const PROVIDER = 'AWS::IAM::OIDCProvider';

/** The template of a stack that exists, as it was deployed; without resources when it is not JSON, as ours are. */
export async function deployedTemplate({ stacks }: Account, name: string): Promise<Template | undefined> {
  const stack = await stacks.find(name);
  const text = stack && nextStep(stack.status) !== 'create' ? await stacks.template(stack.id) : undefined;
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
