/** `medchaos <command>`, as a program. */
import { hideBin } from 'yargs/helpers';
import { runCommandLine } from './_commands.ts';

await runCommandLine(hideBin(process.argv));
