/** The committed JSON Schemas are those of the code, and say what the code takes and refuses. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { jsonSchema, schemaNames } from '../../src/tools/json-schemas.ts';

test.each(schemaNames)('schemas/%s.json is fresh', (name) =>
  expect(JSON.parse(readFileSync(`schemas/${name}.json`, 'utf8'))).toEqual(
    JSON.parse(JSON.stringify(jsonSchema(name))),
  ),
);

test('there is no other', () =>
  expect(readdirSync('schemas').sort()).toEqual(schemaNames.map((name) => `${name}.json`).sort()));

test('a sweep needs its name, work and seeds, and no unknown key', () =>
  expect(jsonSchema('sweep')).toMatchObject({
    type: 'object',
    required: expect.arrayContaining(['name', 'question', 'work', 'seeds']),
    additionalProperties: false,
  }));

test('an experiment lists the choices of its options', () =>
  expect(jsonSchema('experiment')).toMatchObject({
    properties: { net: { enum: expect.arrayContaining(['resnet18']) } },
  }));
