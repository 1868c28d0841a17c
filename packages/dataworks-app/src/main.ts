import { createApp } from './app';
import { run } from './run';

run(() => {
  createApp().synth();
});
