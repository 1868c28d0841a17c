// The WASM template validator costs seconds per synth; the strict synth of the build runs it instead.
process.env.CDK_VALIDATION = 'false';
// Of every element CDK would note where it was created; jest maps each such stack to its sources, a twelfth of all the seconds.
process.env.CDK_CONTEXT_JSON = JSON.stringify({ 'aws:cdk:disable-creation-stack-traces': true });
