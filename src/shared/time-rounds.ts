/** How long encrypting and decrypting take, one after the other, in memory. */
import { median } from './stats.ts';
import { seconds } from './timing.ts';

/**
 * Medians in seconds over `repeats` rounds, after one that is not counted.
 * @param encrypt returns a function that decrypts
 */
export async function timeRounds(
  encrypt: () => Promise<() => unknown>,
  repeats: number,
): Promise<{ encryptSeconds: number; decryptSeconds: number; repeats: number }> {
  const encrypting: number[] = [];
  const decrypting: number[] = [];
  for (let k = 0; k <= repeats; k++) {
    const t0 = seconds();
    const decrypt = await encrypt();
    const t1 = seconds();
    await decrypt();
    const t2 = seconds();
    if (k === 0) continue;
    encrypting.push(t1 - t0);
    decrypting.push(t2 - t1);
  }
  return { encryptSeconds: median(encrypting), decryptSeconds: median(decrypting), repeats };
}
