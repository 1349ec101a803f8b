/** Sentences about wrong values, and options as flags. */
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/shared/errors.ts';
import { defaultsOf, flagOf, kindOf, nullDefaults, objectOf, option } from '../../src/shared/option.ts';
import { alternatives, checked, commaList, integer, number, oneOf, z } from '../../src/shared/schema.ts';

const table = {
  name: option(oneOf(['a', 'b', 'c']), { default: 'a', help: 'a name' }),
  count: option(integer(1, 9), { required: true, help: 'a count' }),
  maxShare: option(number(0, 1).nullable(), { default: null, help: 'a share' }),
  list: option(commaList(['x', 'y']).optional(), { help: 'names' }),
  parts: option(z.array(z.object({ on: z.boolean(), text: z.string() })).optional(), { help: 'parts' }),
};
const schema = objectOf(table);
const right = { name: 'b', count: 3, maxShare: 0.5 };

describe('a value', () => {
  test('that fits is returned itself', () => {
    expect(checked(schema, right)).toBe(right);
  });

  test.each<[object, string]>([
    [{ name: 'd' }, '"name" expected a, b or c, got d'],
    [{ count: undefined }, '"count" expected an integer from 1 to 9, got nothing'],
    [{ count: 10 }, '"count" expected an integer from 1 to 9, got 10'],
    [{ count: '3' }, '"count" expected an integer from 1 to 9, got "3"'],
    [{ count: 1.5 }, '"count" expected an integer from 1 to 9, got 1.5'],
    [{ maxShare: Number.NaN }, '"maxShare" expected a number from 0 to 1, got NaN'],
    [{ maxShare: 2 }, '"maxShare" expected a number from 0 to 1, got 2'],
    [{ list: 'x,z' }, '"list" expected x, y, or several with commas between, got "x,z"'],
    [{ list: '' }, '"list" expected x, y, or several with commas between, got ""'],
    [{ parts: 1 }, '"parts" expected a list, got 1'],
    [{ parts: [{ on: 1, text: 'a' }] }, '"parts[0].on" expected true or false, got 1'],
    [{ parts: [{ on: true }] }, '"parts[0].text" expected a text, got nothing'],
    [{ parts: [null] }, '"parts[0]" expected an object, got null'],
    [{ counts: 1 }, '"counts" is unknown; known: name, count, maxShare, list, parts'],
    [{ name: 'a\u0007b\n' }, '"name" expected a, b or c, got "a\\u0007b\\n"'],
  ])('%j is refused in one sentence', (wrong, sentence) => {
    expect(() => checked(schema, { ...right, ...wrong }, 'x.json')).toThrow(
      new InputError(`x.json: ${sentence}`),
    );
  });

  test('at the root has no key', () => {
    expect(() => checked(schema, [], 'x.json')).toThrow('x.json: expected an object, got []');
  });
});

describe('a table of options', () => {
  test('gives its defaults, with or without those that are not set', () => {
    expect(defaultsOf(table)).toEqual({ name: 'a', count: undefined, maxShare: null });
    expect(nullDefaults(table)).toEqual({ name: 'a', count: null, maxShare: null, list: null, parts: null });
  });

  test.each([
    ['name', { type: 'string', choices: ['a', 'b', 'c'] }],
    ['count', { type: 'number' }],
    ['maxShare', { type: 'number' }],
    ['list', { type: 'string' }],
  ] as const)('says how %s is written', (key, kind) => {
    expect(kindOf(table[key].schema)).toEqual(kind);
  });

  test('names its flags', () => {
    expect(Object.keys(table).map(flagOf)).toEqual(['name', 'count', 'max-share', 'list', 'parts']);
  });
});

test.each([
  [['a'], 'a'],
  [['a', 'b'], 'a or b'],
  [[1, 2, 3], '1, 2 or 3'],
])('alternatives of %j', (names, text) => {
  expect(alternatives(names)).toBe(text);
});
