import { GetParametersCommand, SSMClient, type Parameter } from '@aws-sdk/client-ssm';
import { clientSettings, raisesFaults, type Credentials } from './client-settings';

/** GetParameters takes no more at once. */
const AT_ONCE = 10;

/** Parameters of the Systems Manager. */
export class Parameters {
  private readonly client: SSMClient;

  public constructor(region: string, credentials?: Credentials) {
    this.client = new SSMClient({ ...clientSettings(region), credentials });
    this.client.middlewareStack.use(raisesFaults);
  }

  /** Values by name; those that do not exist are missing. */
  public async values(names: readonly string[]): Promise<Readonly<Record<string, string | undefined>>> {
    const parts = Array.from({ length: Math.ceil(names.length / AT_ONCE) }, (_, part) => names.slice(part * AT_ONCE, (part + 1) * AT_ONCE));
    const answers = await Promise.all(parts.map((Names) => this.client.send(new GetParametersCommand({ Names }))));
    return Object.fromEntries(answers.flatMap(({ Parameters: found = [] }) => found.flatMap(named)));
  }
}

/** By everything that it may have been asked for by: its name or ARN, with the version or label, if that was asked for. */
function named({ Name, ARN, Selector = '', Value }: Parameter): Array<[string, string | undefined]> {
  const selector = Selector && `:${Selector.replace(/^:/, '')}`;
  return [Name, ARN].flatMap((name) => (name === undefined ? [] : [[`${name}${selector}`, Value]]));
}
