import { expect, test } from 'vitest';
import { WatchedThread } from '../../src/shared/watched-thread.ts';

const thread = () => new WatchedThread<string, number>(new URL('./_watched-work.ts', import.meta.url));

test('good tasks share one thread, in their order', async () => {
  const watched = thread();
  const answers = ['count', 'count', 'count'].map((task) => watched.run(task, [], 60));
  expect(await Promise.all(answers)).toEqual([1, 2, 3]);
});

test.each([
  ['hang', 0.2, /no end after 0 s/],
  ['fail', 60, /broken/],
  ['refuse', 60, /wrong/],
  ['exit', 60, /ended early with code 3/],
] as const)('after %s the next task has a new thread', async (task, seconds, message) => {
  const watched = thread();
  expect(await watched.run('count', [], 60)).toBe(1);
  const [bad, next] = [watched.run(task, [], seconds), watched.run('count', [], 60)];
  await expect(bad).rejects.toThrow(message);
  expect(await next).toBe(1);
  expect(await watched.run('count', [], 60)).toBe(2);
});
