/** `medchaos <command>`, as a program. */
import { hideBin } from 'yargs/helpers';
import { runCommandLine } from './_commands.ts';
import { watchOutput } from './_output.ts';

watchOutput();
await runCommandLine(hideBin(process.argv));
