import { expect, test } from 'vitest';
import { clockTime } from '../../src/shared/progress.ts';

test.each([
  [0, '0:00'],
  [59.4, '0:59'],
  [59.6, '1:00'],
  [245, '4:05'],
  [3599.9, '1:00:00'],
  [90_061, '25:01:01'],
])('%d seconds are %s', (seconds, text) => expect(clockTime(seconds)).toBe(text));
