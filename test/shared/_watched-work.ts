/** What the tests of a watched thread run: counts its tasks, so that a new thread begins at 1. */
import { InputError } from '../../src/shared/errors.ts';

let tasks = 0;

export default async (task: 'count' | 'hang' | 'fail' | 'refuse' | 'exit'): Promise<number> => {
  tasks++;
  while (task === 'hang') tasks++;
  if (task === 'fail') throw new Error('broken');
  if (task === 'refuse') throw new InputError('wrong');
  if (task === 'exit') process.exit(3);
  return tasks;
};
