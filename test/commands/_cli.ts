/** Runs the real command line, as a program or in this process. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { runCommandLine } from '../../scripts/_command-line.ts';

const bin = fileURLToPath(new URL('../../bin/medchaos.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `medchaos ...args` in the folder `cwd`. */
export function medchaos(args: readonly string[], cwd: string): CliResult {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** The same without a process of its own, which takes 0.7 s: where what a command says matters, not that it is a program. */
export async function medchaosHere(args: readonly string[], cwd: string): Promise<CliResult> {
  const [folder, before] = [process.cwd(), process.exitCode];
  const [stdout, stderr] = [heard(process.stdout), heard(process.stderr)];
  process.chdir(cwd);
  process.exitCode = undefined;
  try {
    await runCommandLine(args);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.exitCode = before;
    process.chdir(folder);
    for (const { end } of [stdout, stderr]) end();
  }
}

/** Keeps what is written, in place of writing it. */
function heard(stream: NodeJS.WriteStream) {
  let all = '';
  const spy = vi.spyOn(stream, 'write').mockImplementation((part) => {
    all += part;
    return true;
  });
  return { text: () => all, end: () => spy.mockRestore() };
}
