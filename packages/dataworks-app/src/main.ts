import { ConfigurationError } from '@dataworks/deploy';
import { createApp } from './app';

try {
  createApp().synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
