import type { Certificate } from './certificate';
import type { Home } from './paths';

/** Whom the server takes for the caller when the keys name no account, and where. */
export const DEFAULT_ACCOUNT = '000000000000';
export const DEFAULT_REGION = 'eu-central-1';

const LOOPBACK = ['localhost', '127.0.0.1', '.localhost'];

/** Of the caller's environment, the server sees this much: no credentials, no proxies, no settings of other emulators. */
const PASSED_ON = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'LD_LIBRARY_PATH'];

/** Nothing is read from the developer's own AWS configuration, and nobody asks the EC2 metadata service. */
const NO_OWN_CONFIGURATION = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

export interface ServerSettings {
  readonly home: Home;
  readonly port: number;
  /** What the server answers when asked who it is. */
  readonly instance: string;
  /** Stop when stdin closes. */
  readonly tied: boolean;
  /** Serve by TLS and enforce policies. */
  readonly certificate?: Certificate;
}

/** The environment of the server process, whole. */
export function serverEnvironment(
  { home, port, instance, tied, certificate }: ServerSettings,
  caller: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  return {
    ...Object.fromEntries(PASSED_ON.map((name) => [name, caller[name]])),
    ...NO_OWN_CONFIGURATION,
    PYTHONUNBUFFERED: '1', // or a crash would take the last lines of the log with it
    NO_PROXY: LOOPBACK.join(','),
    no_proxy: LOOPBACK.join(','),

    BIND_HOST: '127.0.0.1', // the emulator's own default is every interface
    GATEWAY_PORT: String(port),
    MINISTACK_HOST: 'localhost',
    MINISTACK_REGION: DEFAULT_REGION,
    MINISTACK_ACCOUNT_ID: DEFAULT_ACCOUNT,
    MINISTACK_EDITION: instance, // reported by /_ministack/health, and used for nothing else
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0', // would open port 8883
    DOCKER_HOST: '',
    LAMBDA_STRICT: '1', // only in containers, and there is no client for them here: no function's code runs
    CLOUDTRAIL_RECORDING: '1',

    PERSIST_STATE: '1',
    STATE_DIR: home.state,
    S3_PERSIST: '1',
    S3_DATA_DIR: home.objects,
    TMPDIR: home.temporary,

    DATAWORKS_UNSAVED: home.unsaved,
    ...(tied && { DATAWORKS_TIED: '1' }),
    ...(certificate && {
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: certificate.chain,
      MINISTACK_SSL_KEY: certificate.key,
    }),
  };
}

export interface Client {
  readonly url: string;
  /** 12 digits. The emulator takes an access key id of this form for the account itself. */
  readonly account: string;
  readonly region: string;
}

/** Variables to set; undefined: to unset. */
export type Changes = Readonly<Record<string, string | undefined>>;

/**
 * What makes AWS SDKs, the AWS and CDK command lines and Terraform talk to the local AWS, whatever
 * `caller` has set: every other `AWS_` variable is unset, because a profile, a session token or an
 * endpoint of one service would lead a client to the real AWS.
 */
export function clientEnvironment({ url, account, region }: Client, caller: NodeJS.ProcessEnv): Changes {
  const noProxy = [...new Set([...(caller.NO_PROXY ?? caller.no_proxy ?? '').split(',').filter(Boolean), ...LOOPBACK])].join(',');
  const unset = Object.fromEntries(
    Object.keys(caller)
      .filter((name) => /^AWS_\w+$/.test(name))
      .map((name) => [name, undefined]),
  );
  return {
    ...unset,
    ...NO_OWN_CONFIGURATION,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    NO_PROXY: noProxy,
    no_proxy: noProxy,
  };
}

/** Lines for a POSIX shell to `eval`. */
export function shellLines(changes: Changes): string {
  return Object.entries(changes)
    .map(([name, value]) => (value === undefined ? `unset ${name}` : `export ${name}=${quote(value)}`))
    .join('\n');
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}
