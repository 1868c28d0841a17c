// The WASM template validator costs seconds per synth; the strict synth of the build runs it instead.
process.env.CDK_VALIDATION = 'false';
