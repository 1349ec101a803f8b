/** A program that may be killed, with all processes that it started. */
import { spawn } from 'node:child_process';

export interface Ended {
  readonly code: number | null;
  readonly killed: boolean;
  readonly seconds: number;
  /** The end of what it printed. */
  readonly text: string;
}

/** @param killAfter seconds until SIGKILL */
export function runProgram(args: readonly string[], cwd: string, killAfter?: number): Promise<Ended> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const output of [child.stdout, child.stderr])
    output.on('data', (part) => {
      text = (text + part).slice(-600);
    });
  const kill = (): void => void process.kill(-child.pid!, 'SIGKILL');
  const timer = killAfter === undefined ? undefined : setTimeout(kill, 1000 * killAfter);
  return new Promise((resolve) => {
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, killed: signal === 'SIGKILL', seconds: (performance.now() - began) / 1000, text });
    });
  });
}
