/** What the loader and the constructs throw for bad input. */
const REFUSALS = ['ConfigurationError', 'InvalidPropsError', 'UnknownEnvironmentError'];

/** Run an entry of the app. Bad input ends it with its report alone; anything else is an error of ours or of CDK's and keeps its stack. */
export function run(entry: () => void): void {
  try {
    entry();
  } catch (error) {
    if (!(error instanceof Error && REFUSALS.includes(error.name))) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
