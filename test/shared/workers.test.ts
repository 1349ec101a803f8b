import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/shared/errors.ts';
import { inWorkers, streamWorkers } from '../../src/shared/workers.ts';
import { allOf } from './_all.ts';

type Answer = { square: number; threadId: number };
const work = new URL('./_work.ts', import.meta.url);
const tasks = Array.from({ length: 20 }, (_, value) => ({ value }));

test('answers stand in the order of the tasks, and other threads gave them', async () => {
  const seen: number[] = [];
  const answers = await inWorkers<object, Answer>(work, tasks, 3, (done) => seen.push(done));
  expect(answers.map(({ square }) => square)).toEqual(tasks.map(({ value }) => value ** 2));
  expect(seen).toEqual(tasks.map((_, i) => i + 1));
  const threads = new Set(answers.map(({ threadId }) => threadId));
  expect(threads.size).toBeGreaterThan(1);
  expect(threads.has(0)).toBe(false);
});

test('more threads than tasks, and no task', async () => {
  expect(await inWorkers<object, Answer>(work, tasks.slice(3, 4), 8)).toMatchObject([{ square: 9 }]);
  expect(await inWorkers(work, [])).toEqual([]);
});

test('an InputError stays one; other errors keep their message', async () => {
  const input = inWorkers(work, [...tasks, { value: 20, fail: 'input' }], 2);
  await expect(input).rejects.toThrow(InputError);
  await expect(input).rejects.toThrow('"value" expected another, got 20');
  const other = inWorkers(work, [{ value: 1, fail: 'other' }]);
  await expect(other).rejects.toThrow('broken');
  await expect(other).rejects.not.toThrow(InputError);
});

test('a module that is not there', async () => {
  await expect(inWorkers(new URL('./_none.ts', import.meta.url), tasks)).rejects.toThrow(/_none/);
});

describe('streamWorkers', () => {
  test('answers in the order of the tasks, which are taken as answers are', async () => {
    let taken = 0;
    function* counted() {
      for (const task of tasks) {
        taken++;
        yield task;
      }
    }
    const squares: number[] = [];
    for await (const { square } of streamWorkers<object, Answer>(work, counted(), 2)) {
      squares.push(square);
      expect(taken).toBeLessThanOrEqual(squares.length + 4);
    }
    expect(squares).toEqual(tasks.map(({ value }) => value ** 2));
  });

  test('one may stop in the middle; no task gives no answer', async () => {
    for await (const { square } of streamWorkers<object, Answer>(work, tasks, 2)) {
      expect(square).toBe(0);
      break;
    }
    expect(await allOf(streamWorkers(work, [], 2))).toEqual([]);
  });

  test('an error comes in its turn', async () => {
    const seen: number[] = [];
    const all = (async () => {
      const answers = streamWorkers<object, Answer>(
        work,
        [...tasks.slice(0, 3), { value: 9, fail: 'input' }],
        2,
      );
      for await (const { square } of answers) seen.push(square);
    })();
    await expect(all).rejects.toThrow(InputError);
    expect(seen).toEqual([0, 1, 4]);
  });
});
