import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { EncryptionKey, type EncryptionKeyProps } from '../src';

const key = (props: EncryptionKeyProps) => new EncryptionKey(new Stack(new App(), 'Stack'), 'Key', props);

test.each(['', 'aws/s3', 'alias/mine', 'with space', 'a'.repeat(251)])('refuses the alias %p', (alias) => {
  expect(() => key({ alias })).toThrow('DW1001 at Stack/Key');
});

test.each([Duration.days(89), Duration.days(2561), Duration.hours(24 * 100 + 1)])('refuses the rotation period %p', (rotationPeriod) => {
  expect(() => key({ alias: 'lake', rotationPeriod })).toThrow('DW1002');
});

test.each([Duration.days(6), Duration.days(31)])('refuses the pending window %p', (pendingWindow) => {
  expect(() => key({ alias: 'lake', pendingWindow })).toThrow('DW1003');
});

test('accepts the limits', () => {
  expect(key({ alias: 'a'.repeat(250), rotationPeriod: Duration.days(90), pendingWindow: Duration.days(7) }).aliasName).toHaveLength(256);
});
