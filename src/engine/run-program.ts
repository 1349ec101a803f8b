/** Child programs of the engine set-up. Their error line becomes the reason of a failure. */
import { spawn } from 'node:child_process';

/**
 * Runs a program; its stdout goes to our stderr so that a download bar shows and stdout stays clean.
 * @throws Error with the error line of its stderr
 */
export function runProgram(program: string, args: string[], cwd?: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 2, 'pipe'] });
    let last = '';
    child.stderr!.on('data', (text: Buffer) => {
      last = (last + text.toString()).slice(-4000);
    });
    child.on('error', (error) => reject(new Error(`${program}: ${error.message}`)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${program} ended with ${code}: ${tellingLine(last)}`));
    });
  });
}

/** The first of the candidates that answers to `args` with exit code 0, or null. */
export async function findProgram(candidates: string[], args: string[]): Promise<string | null> {
  for (const program of candidates) if (await answers(program, args)) return program;
  return null;
}

const answers = (program: string, args: string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('close', (code) => resolve(code === 0));
  });

/** The first line that names an error, as compilers print it; else the last line. */
function tellingLine(text: string): string {
  const lines = text.trim().split('\n');
  return (lines.find((line) => /\berror: /i.test(line)) ?? lines.at(-1)!).trim() || 'no message';
}
