/** `schema NAME`: the JSON Schema of a file, for editors. */
import { option } from '../src/shared/option.ts';
import { oneOf } from '../src/shared/schema.ts';
import { jsonSchema, schemaNames } from '../src/tools/json-schemas.ts';
import { command } from './_command.ts';

const schemaCommand = command({
  examples: [['schema sweep > sweep.schema.json', 'of a sweep file']],
  positionals: {
    name: option(oneOf(schemaNames), { required: true, help: 'the file that the schema describes' }),
  },
  run: async ({ name }) => {
    const schema = jsonSchema(name);
    return { json: schema, text: JSON.stringify(schema, null, 2) };
  },
});
export default schemaCommand;
