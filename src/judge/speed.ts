/** Time and memory of a cipher beside AES-256-GCM on the same pictures, and whether time grows in step with the pixels. */
import { createCipheriv } from 'node:crypto';
import { messageOf } from '../shared/errors.ts';
import { median } from '../shared/stats.ts';
import { seconds } from '../shared/timing.ts';
import type { Raster } from '../shared/types.ts';
import { littleEndian } from './black-box/picture-files.ts';
import { type Bench, decryptWith, encryptWith, photoOf, trialKey } from './laboratory.ts';
import type { Probe } from './probe.ts';

export interface SpeedRow {
  readonly picture: string;
  readonly samples: number;
  readonly encryptSeconds: number;
  /** The fastest round: load of the machine only adds. */
  readonly fastestSeconds: number;
  readonly decryptSeconds: number | null;
  /** AES-256-GCM of node:crypto over the same samples, in this process. */
  readonly aesSeconds: number;
  readonly timesAes: number;
}

export interface Speed {
  readonly rows: readonly SpeedRow[];
  /** Exponent of time over samples between the smallest and the largest picture, start-up taken off: 1 is linear. */
  readonly exponent: number | null;
  readonly linear: boolean | null;
  /** Time of the smallest picture: mostly the start of the program. */
  readonly startSeconds: number;
  readonly peakMemoryBytes: number | null;
  readonly notTimed: readonly string[];
}

const sides = [16, 64, 128, 256, 512] as const;

export async function speedOf(bench: Bench, probe: Probe, repeats: number): Promise<Speed> {
  const rows: SpeedRow[] = [];
  const notTimed: string[] = [];
  for (const side of sides) {
    const plain = photoOf({ ...probe.shape, width: side, height: side }, bench.seed);
    const picture = `${side}x${side}${plain.channels > 1 ? `x${plain.channels}` : ''}`;
    try {
      rows.push(await timed(bench, picture, plain, repeats));
    } catch (error) {
      notTimed.push(`${picture}: ${messageOf(error)}`);
    }
  }
  const exponent = exponentOf(rows);
  return {
    rows,
    exponent,
    linear: exponent === null ? null : exponent < 1.35,
    startSeconds: rows[0]?.encryptSeconds ?? 0,
    peakMemoryBytes: bench.cipher.peakMemory?.() ?? null,
    notTimed,
  };
}

async function timed(bench: Bench, picture: string, plain: Raster, repeats: number): Promise<SpeedRow> {
  const key = trialKey(bench.seed, 0, bench.keyBytes);
  const [encrypting, decrypting, aes]: [number[], number[], number[]] = [[], [], []];
  for (let k = 0; k <= repeats; k++) {
    const t0 = seconds();
    const { image, extra } = await encryptWith(bench, plain, key);
    const t1 = seconds();
    const back = bench.cipher.decrypt ? await decryptWith(bench, image, key, extra) : null;
    const t2 = seconds();
    aesGcm(plain);
    const t3 = seconds();
    if (k === 0) continue; // the first round warms caches
    encrypting.push(t1 - t0);
    if (back) decrypting.push(t2 - t1);
    aes.push(t3 - t2);
  }
  const [encryptSeconds, aesSeconds] = [median(encrypting), median(aes)];
  return {
    picture,
    samples: plain.data.length,
    encryptSeconds,
    fastestSeconds: Math.min(...encrypting),
    decryptSeconds: decrypting.length > 0 ? median(decrypting) : null,
    aesSeconds,
    timesAes: encryptSeconds / aesSeconds,
  };
}

function aesGcm(plain: Raster): void {
  const cipher = createCipheriv('aes-256-gcm', new Uint8Array(32), new Uint8Array(12));
  cipher.update(littleEndian(plain));
  cipher.final();
}

/** Between two pictures of which one has 16 times the samples; null where the start of the program hides the work. */
function exponentOf(rows: readonly SpeedRow[]): number | null {
  const large = rows.at(-1);
  const small = rows.find(({ samples }) => large !== undefined && 16 * samples === large.samples);
  const start = rows[0];
  if (!large || !small || !start || start === small) return null;
  const [a, b] = [small, large].map(({ fastestSeconds }) => fastestSeconds - start.fastestSeconds) as [
    number,
    number,
  ];
  if (!(a > 0.2 * start.fastestSeconds && b > a)) return null;
  return Math.log(b / a) / Math.log((large.samples - start.samples) / (small.samples - start.samples));
}
