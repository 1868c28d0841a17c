import type { Step } from './config';

/** Below the repository, where the synthesis writes it. It holds the stages of all environments. */
export const ASSEMBLY = 'packages/dataworks-app/cdk.out';

const NPM_CACHE = 'v1-{{ arch }}-{{ checksum "package-lock.json" }}';

export const restoreNpmCache: Step = { restore_cache: { keys: [NPM_CACHE] } };
export const saveNpmCache: Step = { save_cache: { key: NPM_CACHE, paths: ['~/.npm'] } };

/** One step of shell. The job's shell is strict: see `SHELL` in `jobs.ts`. */
function run(name: string, command: readonly string[], options: Readonly<Record<string, unknown>> = {}): Step {
  return { run: { name, command: command.join('\n'), ...options } };
}

/** No install scripts: they would run beside the credentials of plan and apply. */
export const installCdk = run('Install what the lock file names', ['npm ci --ignore-scripts']);

/** The CDK's validator ran in the build already, on the same stacks. */
export const synthesise = run('Synthesise the cloud assembly', ['npm run synth:silent --workspace=dataworks-app'], {
  environment: { CDK_VALIDATION: 'false' },
});

/** For the embedded local AWS. The image's Python comes without the module that makes environments. */
export const installPython = run('Install Python', [
  'sudo apt-get update',
  'sudo apt-get install --yes --no-install-recommends python3 python3-venv',
]);

export const buildAndTest = run('Build and test', ['.ci/run'], { no_output_timeout: '20m' });

/**
 * The assembly goes from the build to every plan and apply of the workflow, so all environments get
 * the same one, and what is applied is what was planned. CircleCI deletes workspaces after 15 days:
 * an approval that comes later fails, and the pipeline has to start again. (Plan bundles will live
 * in the environment's state bucket, with the project's own plan and apply.)
 */
export const keepAssembly: Step = { persist_to_workspace: { root: '.', paths: [ASSEMBLY] } };
export const fetchAssembly: Step = { attach_workspace: { at: '.' } };

/** Outside of the working directory, so that no artifact, cache or workspace takes it along. */
const WRITE_TOKEN = [
  'umask 077',
  'identity=$(mktemp -d)',
  ': "${CIRCLE_OIDC_TOKEN_V2:?CircleCI gave this job no OIDC token (builds of forks get none)}"',
  ': "${AWS_ROLE_ARN:?missing in the context of this job: see docs/pipeline.md}"',
  'printf %s "$CIRCLE_OIDC_TOKEN_V2" > "$identity/token"',
];
const SESSION_NAME = 'circleci-$CIRCLE_WORKFLOW_ID';

/** The AWS SDK exchanges the token for the role's credentials by itself. */
export const becomePlanner = run('Take the plan role', [
  ...WRITE_TOKEN,
  `printf 'export %s=%q\\n' AWS_WEB_IDENTITY_TOKEN_FILE "$identity/token" AWS_ROLE_SESSION_NAME "${SESSION_NAME}" >> "$BASH_ENV"`,
]);

/**
 * Two roles: the token proves the project and the branch, not that somebody approved, so the role
 * that it opens may only take the deployer's, with an external id that no other context holds.
 */
export const becomeDeployer = run('Take the apply role, then the deployer role', [
  ...WRITE_TOKEN,
  ': "${DEPLOYER_ROLE_ARN:?missing in the context of this job: see docs/pipeline.md}"',
  ': "${DEPLOYER_EXTERNAL_ID:?missing in the context of this job: see docs/pipeline.md}"',
  '{',
  '  printf \'%s\\n\' \'[profile apply]\' "role_arn = $AWS_ROLE_ARN" "web_identity_token_file = $identity/token"',
  `  printf '%s\\n' "role_session_name = ${SESSION_NAME}" "region = $AWS_REGION"`,
  '  printf \'%s\\n\' \'[profile deployer]\' "role_arn = $DEPLOYER_ROLE_ARN" "external_id = $DEPLOYER_EXTERNAL_ID"',
  `  printf '%s\\n' 'source_profile = apply' "role_session_name = ${SESSION_NAME}" "region = $AWS_REGION"`,
  '} > "$identity/config"',
  'printf \'export %s=%q\\n\' AWS_CONFIG_FILE "$identity/config" AWS_PROFILE deployer >> "$BASH_ENV"',
]);

/** Compares templates and no more: a change set would need the deploy role, which no plan may take. */
export const diff = run('Plan', [
  'mkdir -p plan',
  `node_modules/.bin/cdk diff --app ${ASSEMBLY} --method=template --no-notices --no-color "$ENVIRONMENT/*" 2>&1 | tee "plan/$ENVIRONMENT.txt"`,
]);
export const keepPlan: Step = { store_artifacts: { path: 'plan' } };

/** A person approved the plan: the question that cdk would ask has been answered. */
export const deploy = run(
  'Apply',
  [`node_modules/.bin/cdk deploy --app ${ASSEMBLY} --require-approval=never --progress=events --no-notices --no-color "$ENVIRONMENT/*"`],
  { no_output_timeout: '1h' },
);

/**
 * Fails unless Slack says ok: it answers 200 to a dead token as well. The token goes to curl through
 * a file descriptor, because arguments can be read by every process of the machine. Asks once: after
 * a timeout or an error of Slack's server nobody knows whether the message is in the channel already.
 */
export const postToSlack = run('Post to Slack', [
  ': "${SLACK_BOT_TOKEN:?missing in the context of this job: see docs/pipeline.md}"',
  'answer=$(curl --silent --show-error --fail-with-body --max-time 30 \\',
  '  --header @<(printf \'Authorization: Bearer %s\' "$SLACK_BOT_TOKEN") \\',
  '  --data-urlencode "channel=$SLACK_CHANNEL" \\',
  '  --data-urlencode "text=Deployment complete: $PROJECT ${CIRCLE_SHA1:0:7} is in $ENVIRONMENTS. $CIRCLE_BUILD_URL" \\',
  '  "${SLACK_API_URL:-https://slack.com/api}/chat.postMessage")',
  'case $answer in',
  '  \'{"ok":true\'*) echo "Posted to #$SLACK_CHANNEL." ;;',
  '  *) echo "Slack refused the message: $answer" >&2; exit 1 ;;',
  'esac',
]);

/** CircleCI skips the apply of an older pipeline in favour of a newer one's and shows the workflow as a success. */
export const sayNotApplied = run('Say what did not happen', [
  'echo "apply-$ENVIRONMENT did not run: a newer pipeline overtook this one, or something before it failed." >&2',
  'exit 1',
]);
