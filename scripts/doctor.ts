/** `doctor`: engine, machine and data sets, and what mends what is missing. */
import type { Check } from '../src/tools/doctor.ts';
import type { Command } from './_command.ts';
import { text } from './_options.ts';

interface Options {
  data: string;
  setup: boolean;
}

const command: Command<Options> = {
  examples: [
    ['doctor', 'the state of this machine'],
    ['doctor --setup', 'another attempt to set the native engine up'],
  ],
  builder: (yargs) =>
    yargs.options({
      data: { ...text('data', 'folder with nih, drive, pneumonia, brain-mri'), default: 'data' },
      setup: {
        type: 'boolean',
        default: false,
        describe: 'try again to set up a native engine that failed before',
      },
    }) as never,
  run: async ({ data, setup }) => {
    const { examine } = await import('../src/tools/doctor.ts');
    const checks = await examine(data, setup);
    return { json: checks, text: checks.map(line).join('\n') };
  },
};
export default command;

function line({ name, state, found, remedy }: Check): string {
  const head = `${state === 'ok' ? 'ok     ' : 'missing'}  ${name.padEnd(14)} ${found}`;
  return remedy === null ? head : `${head}\n         ${''.padEnd(14)} fix: ${remedy}`;
}
