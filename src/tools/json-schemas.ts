/** JSON Schemas of the files that people write or read, made from the schemas that check them; for editors. */
import { lockSchema } from '../data/datasets/lock.ts';
import { profileSchema } from '../reproduce/profile.ts';
import { z } from '../shared/schema.ts';
import { sweepSchema } from '../sweep/sweep.ts';
import { resultsSchema } from '../tables/results.ts';
import { experimentSchema } from '../training/config.ts';

const sources: Readonly<Record<string, readonly [title: string, schema: z.ZodType]>> = {
  experiment: ['an experiment file of train: its default export', experimentSchema],
  lock: ['datasets.lock.json', lockSchema],
  profile: ['a profile of reproduce-tables: its default export', profileSchema],
  run: ['run.json: the results of a reproduction', resultsSchema],
  sweep: ['a sweep file: its default export', sweepSchema],
};

export const schemaNames = Object.keys(sources);

/** Draft 2020-12. Checks that only code can make, such as of a function, are left out. */
export function jsonSchema(name: string): object {
  const [title, schema] = sources[name]!;
  return { title, ...z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }) };
}
