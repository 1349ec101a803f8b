/** What is printed and cannot be written (a full disk, a closed pipe) ends the program in a sentence. */
import { reasonOf } from '../src/shared/files.ts';

/** Of a program: from now on lost output on stdout is an error with exit code 1, and lost messages are no crash. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.stderr.write(`medchaos: ${lost(error)}\n`);
    process.exit(1);
  });
  process.stderr.on('error', () => undefined);
}

const lost = (error: NodeJS.ErrnoException): string =>
  error.code === 'EPIPE'
    ? 'the output was not read to its end: the program that reads it has closed the pipe'
    : `cannot write the output: ${reasonOf(error)}; send it to another file`;
