/** What the worker tests run. */
import { threadId } from 'node:worker_threads';
import { InputError } from '../../src/shared/errors.ts';

export default async (task: { value: number; fail?: 'input' | 'other' }) => {
  if (task.fail === 'input') throw new InputError(`"value" expected another, got ${task.value}`);
  if (task.fail === 'other') throw new TypeError('broken');
  await new Promise((resolve) => setTimeout(resolve, task.value % 3));
  return { square: task.value ** 2, threadId };
};
