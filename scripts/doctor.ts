/** `doctor`: engine, machine and data sets, and what mends what is missing. */
import { option } from '../src/shared/option.ts';
import type { Check } from '../src/tools/doctor.ts';
import { command } from './_command.ts';
import { flag, text } from './_options.ts';

const doctorCommand = command({
  examples: [
    ['doctor', 'the state of this machine'],
    ['doctor --setup', 'another attempt to set the native engine up'],
  ],
  options: {
    data: option(text, { default: 'data', help: 'folder with nih, drive, pneumonia, brain-mri' }),
    setup: flag('try again to set up a native engine that failed before'),
  },
  run: async ({ data, setup }) => {
    const { examine } = await import('../src/tools/doctor.ts');
    const checks = await examine(data, setup);
    return { json: checks, text: checks.map(line).join('\n') };
  },
});
export default doctorCommand;

function line({ name, state, found, remedy }: Check): string {
  const head = `${state === 'ok' ? 'ok     ' : 'missing'}  ${name.padEnd(14)} ${found}`;
  return remedy === null ? head : `${head}\n         ${''.padEnd(14)} fix: ${remedy}`;
}
