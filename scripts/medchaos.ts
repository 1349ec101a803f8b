/** `medchaos <command>`, as a program. */
import { hideBin } from 'yargs/helpers';
import { runCommandLine } from './_command-line.ts';
import { watchOutput } from './_output.ts';

watchOutput();
await runCommandLine(hideBin(process.argv));
