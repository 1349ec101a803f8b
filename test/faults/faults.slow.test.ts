/** A slice of `npm run faults`. */
import { afterAll, expect, test } from 'vitest';
import { faults } from './_faults.ts';
import { closeServer } from './_scenarios.ts';

afterAll(closeServer);

test.each(['encrypt --force', 'decrypt --ledger', 'datasets import'])(
  '%s, killed once at a random moment: nothing is lost',
  async (name) => {
    expect(await faults(1, 4, [name])).toMatchObject([{ scenario: name, lost: null }]);
  },
  240_000,
);
