import { expect, test } from 'vitest';
import { asStarted } from '../../src/shared/started.ts';

test.each([
  ['run: npm run doctor -- --setup', 'run: npx medchaos doctor --setup'],
  [
    'npm run reproduce-tables, or npm run train -- x.ts',
    'npx medchaos reproduce-tables, or npx medchaos train x.ts',
  ],
  ['"next":"npm run report -- A"', '"next":"npx medchaos report A"'],
  ['npm run test:package', 'npm run test:package'],
  ['npm run checkout', 'npx medchaos checkout'],
])('%s', (text, words) => {
  expect(asStarted(text, true)).toBe(words);
  expect(asStarted(text, false)).toBe(text);
});

test('a command as the program calls itself', () => {
  const text = 'get it again: ask\nnext: medchaos datasets verify --only nih';
  expect(asStarted(text, true)).toBe('get it again: ask\nnext: npx medchaos datasets verify --only nih');
  expect(asStarted(text, false)).toBe(text);
});
