/** Commands killed at seeded random moments, then run again: the result is that of a command that nobody killed. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stream } from '../../src/shared/random.ts';
import { runProgram } from './_program.ts';
import { type Scenario, scenarios } from './_scenarios.ts';

export interface Kill {
  readonly scenario: string;
  readonly kill: number;
  /** Seconds after its start. */
  readonly at: number;
  /** Whether it still ran then. */
  readonly killed: boolean;
  /** What was lost; null: nothing. */
  readonly lost: string | null;
}

/** @param names of scenarios, which take turns */
export async function faults(
  count: number,
  seed: number,
  names: readonly string[] = Object.keys(scenarios),
  onKill: (kill: Kill) => void = () => {},
): Promise<Kill[]> {
  const root = mkdtempSync(join(tmpdir(), 'medchaos-faults-'));
  const kills: Kill[] = [];
  try {
    const wanted = new Map<string, Undisturbed>();
    for (const name of names.slice(0, count))
      wanted.set(name, await undisturbed(scenarios[name]!, join(root, name)));
    for (let i = 0; i < count; i++) {
      const name = names[i % names.length]!;
      kills.push(await killOnce(name, i, seed, wanted.get(name)!, join(root, String(i))));
      onKill(kills.at(-1)!);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return kills;
}

interface Undisturbed {
  readonly state: string;
  readonly seconds: number;
}

async function undisturbed({ prepare, command, state }: Scenario, at: string): Promise<Undisturbed> {
  mkdirSync(at);
  await prepare(at);
  const { code, seconds, text } = await runProgram(command(at), at);
  if (code !== 0) throw new Error(`undisturbed, it ended with ${code}: ${text}`);
  return { state: await state(at), seconds };
}

async function killOnce(
  name: string,
  kill: number,
  seed: number,
  wanted: Undisturbed,
  at: string,
): Promise<Kill> {
  const { prepare, command, afterKill, state } = scenarios[name]!;
  mkdirSync(at);
  await prepare(at);
  const share = 0.25 + 0.75 * stream(seed, 'faults', name, kill).next(); // before that it only loads modules
  const seconds = share * wanted.seconds;
  const { killed } = await runProgram(command(at), at, seconds);
  const broken = (await afterKill?.(at)) ?? null;
  const again = await runProgram(command(at), at);
  const found = again.code === 0 ? await state(at) : '';
  const end =
    again.code !== 0 ? `again: exit code ${again.code}: ${again.text}` : differenceOf(wanted.state, found);
  rmSync(at, { recursive: true });
  return { scenario: name, kill, at: seconds, killed, lost: broken ?? end };
}

/** Lines that are only in one of the two texts; null: none. */
function differenceOf(wanted: string, found: string): string | null {
  const [a, b] = [wanted.split('\n'), found.split('\n')];
  const missing = a.filter((line) => !b.includes(line)).map((line) => `missing: ${line}`);
  const further = b.filter((line) => !a.includes(line)).map((line) => `further: ${line}`);
  return missing.length + further.length > 0 ? [...missing, ...further].join('; ') : null;
}
