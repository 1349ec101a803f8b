/** `medchaos <command>`, as a program. */
import { runCommandLine } from './_command-line.ts';
import { watchOutput } from './_output.ts';

watchOutput();
await runCommandLine(process.argv.slice(2));
