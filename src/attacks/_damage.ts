/** Damaged cipher images, decrypted: what is left of the picture, and whether the scheme notices. */
import { mse, psnr } from '../metrics/index.ts';
import { InputError } from '../shared/errors.ts';
import type { Raster } from '../shared/types.ts';
import { equalImages } from './images.ts';
import type { Party } from './party.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

export interface Damage {
  /** `salt and pepper 5 %`. */
  readonly name: string;
  readonly apply: (cipher: Raster) => Raster;
}

export interface DamageReport {
  readonly damage: string;
  /** The scheme refused to decrypt. */
  readonly noticed: boolean;
  /** Of the plain image against what was decrypted, dB; null where it was refused. */
  readonly psnr: number | null;
  readonly mse: number | null;
}

/** What decryption gives, or null where the scheme notices. */
export function tryDecrypt(party: Party, cipher: Raster, keyFile: Uint8Array): Raster | null {
  try {
    return party.decrypt(cipher, keyFile);
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}

/**
 * Runs all damages on one cipher image. Success: one of them is decrypted as if nothing had happened. Shown is what
 * came out, or else the damaged cipher image that was refused.
 */
export function damageAttack({ party, plain }: AttackInput, damages: readonly Damage[]): AttackOutcome {
  const { cipher, keyFile } = party.encrypt(plain);
  const key = keyFile();
  const pictures: Record<string, Raster> = {};
  const reports: DamageReport[] = [];
  for (const { name, apply } of damages) {
    const damaged = apply(cipher);
    if (equalImages(damaged, cipher)) continue; // a 1x1 image may have nothing to lose
    const decrypted = tryDecrypt(party, damaged, key);
    const stem = name.replace('%', 'percent').replace(/[^\w.]+/g, '-');
    if (decrypted) pictures[stem] = decrypted;
    else pictures[`refused-cipher-${stem}`] = damaged;
    reports.push(reportOf(name, plain, decrypted));
  }
  return { ...outcomeOf(reports), pictures };
}

function reportOf(damage: string, plain: Raster, decrypted: Raster | null): DamageReport {
  if (!decrypted) return { damage, noticed: true, psnr: null, mse: null };
  const ratio = psnr(plain, decrypted);
  // JSON has no infinity: an exact picture has MSE 0 and no PSNR.
  return { damage, noticed: false, psnr: Number.isFinite(ratio) ? ratio : null, mse: mse(plain, decrypted) };
}

function outcomeOf(reports: readonly DamageReport[]): AttackOutcome {
  const unnoticed = reports.filter(({ noticed }) => !noticed);
  const shown = unnoticed.map(({ damage, psnr: ratio }) => `${damage}: ${ratio?.toFixed(1) ?? 'exact'} dB`);
  const finding =
    unnoticed.length > 0
      ? `decrypted with the bare key file without a word; PSNR: ${shown.join(', ')}`
      : `all ${reports.length} damaged cipher images refused`;
  return { success: unnoticed.length > 0, queries: reports.length, finding, details: { reports } };
}
