import { spawnSync } from 'node:child_process';
import { clientEnvironment, serverEnvironment, shellLines } from '../../cli/environment';
import { homeAt } from '../../cli/paths';

const client = { url: 'http://localhost:4711', account: '111111111111', region: 'eu-central-1' };

describe('clients', () => {
  test('are led to the local AWS, into an account and a region, by variables alone', () => {
    expect(clientEnvironment(client, {})).toEqual({
      AWS_ENDPOINT_URL: 'http://localhost:4711',
      AWS_ACCESS_KEY_ID: '111111111111',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      NO_PROXY: 'localhost,127.0.0.1,.localhost',
      no_proxy: 'localhost,127.0.0.1,.localhost',
    });
  });

  test('lose whatever else could lead them to the real AWS', () => {
    const changes = clientEnvironment(client, {
      AWS_PROFILE: 'prod',
      AWS_SESSION_TOKEN: 'x',
      AWS_ENDPOINT_URL_S3: 'y',
      AWS_REGION: 'z',
      HOME: '/',
    });
    expect(Object.entries(changes).filter(([, value]) => value === undefined)).toEqual([
      ['AWS_PROFILE', undefined],
      ['AWS_SESSION_TOKEN', undefined],
      ['AWS_ENDPOINT_URL_S3', undefined],
    ]);
    expect(changes).toMatchObject({ AWS_REGION: 'eu-central-1' });
    expect(changes).not.toHaveProperty('HOME');
  });

  test.each([['NO_PROXY'], ['no_proxy']])('keep the exceptions of their %s', (name) => {
    const all = 'intranet,localhost,127.0.0.1,.localhost';
    expect(clientEnvironment(client, { [name]: 'intranet,localhost' })).toMatchObject({ NO_PROXY: all, no_proxy: all });
  });
});

describe('the lines for a shell', () => {
  test('set exactly the values, whatever characters these hold', () => {
    const value = `it's "$HOME" \`id\` \\ ; & \n end`;
    const { stdout } = spawnSync('sh', ['-c', `${shellLines({ VALUE: value })}\nprintf %s "$VALUE"`], { encoding: 'utf8' });
    expect(stdout).toBe(value);
  });

  test('unset what has no value', () => {
    const lines = shellLines({ AWS_PROFILE: undefined });
    const { stdout } = spawnSync('sh', ['-c', `${lines}\nprintf %s "\${AWS_PROFILE-unset}"`], {
      encoding: 'utf8',
      env: { ...process.env, AWS_PROFILE: 'prod' },
    });
    expect(stdout).toBe('unset');
  });

  test('hold no name that a shell would execute', () => {
    expect(shellLines(clientEnvironment(client, { 'AWS_X;id': '' }))).not.toContain('id;');
    expect(shellLines(clientEnvironment(client, { 'AWS_X;id': '' }))).not.toContain('AWS_X');
  });
});

describe('the server', () => {
  const settings = { home: homeAt('/home/of'), port: 4711, instance: 'the one', tied: false };

  test('listens on the loopback alone and opens no other port', () => {
    expect(serverEnvironment(settings, {})).toMatchObject({
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: '4711',
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      DOCKER_HOST: '',
      LAMBDA_STRICT: '1',
    });
  });

  test('keeps everything below its home', () => {
    expect(serverEnvironment(settings, {})).toMatchObject({
      PERSIST_STATE: '1',
      STATE_DIR: '/home/of/state',
      S3_PERSIST: '1',
      S3_DATA_DIR: '/home/of/state/s3',
      TMPDIR: '/home/of/tmp',
      DATAWORKS_UNSAVED: '/home/of/state/unsaved',
    });
  });

  test("gets neither credentials nor proxies nor endpoints of its caller's", () => {
    const caller = {
      PATH: '/bin',
      AWS_PROFILE: 'prod',
      AWS_ENDPOINT_URL: 'x',
      AWS_ACCESS_KEY_ID: 'AKIA',
      HTTPS_PROXY: 'y',
      PYTHONPATH: 'z',
    };
    const environment = serverEnvironment(settings, caller);
    expect(environment.PATH).toBe('/bin');
    for (const name of Object.keys(caller).slice(1)) expect(environment).not.toHaveProperty(name);
  });

  test('is tied to its caller only when asked', () => {
    expect(serverEnvironment(settings, {})).not.toHaveProperty('DATAWORKS_TIED');
    expect(serverEnvironment({ ...settings, tied: true }, {})).toMatchObject({ DATAWORKS_TIED: '1' });
  });
});
