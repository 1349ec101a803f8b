/**
 * Tampering: single bits turned over in the cipher image, in the bare key file, and in either of them while the key
 * file is sealed in its envelope. Some bits of a bare .npz mean nothing (times in its directory): those are harmless.
 * Success: a flip after which another image comes out without a word. The attacker stands between sender and receiver.
 * The envelope protects the paper's scheme too, for it names the cipher image's hash; the scheme itself has nothing.
 */

import { InputError } from '../shared/errors.ts';
import { latin1Of, textBytes } from '../shared/exact.ts';
import { type Random, stream } from '../shared/random.ts';
import type { Raster } from '../shared/types.ts';
import { tryDecrypt } from './_damage.ts';
import { sealedFor } from './_sealed.ts';
import { agreement } from './images.ts';
import type { EncryptedImage, Party } from './party.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

export interface TamperReport {
  /** What was changed, and what the receiver had. */
  readonly part: string;
  readonly flips: number;
  /** Refused; decrypted to the same image; decrypted to another image. */
  readonly noticed: number;
  readonly harmless: number;
  readonly altered: number;
}

/** A copy with one random bit turned over. */
export function flipSampleBit(image: Raster, random: Random): Raster {
  const data = image.data.slice();
  data[random.int(data.length)]! ^= 1 << random.int(image.depth);
  return { ...image, data };
}

export function flipByteBit(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[random.int(copy.length)]! ^= 1 << random.int(8);
  return copy;
}

export async function tampering({ party, plain, seed, trials }: AttackInput): Promise<AttackOutcome> {
  const random = stream(seed, 'tampering');
  const encrypted = party.encrypt(plain);
  const attempts = [...bare(party, encrypted, random), ...(await sealed(party, encrypted, random))];
  const reports: TamperReport[] = [];
  const pictures: Record<string, Raster> = {};
  for (const [part, attempt] of attempts) {
    const { report, altered } = await repeated(part, attempt, plain, trials);
    reports.push(report);
    if (altered) pictures[`altered by ${part}`.replace(/\W+/g, '-')] = altered;
  }
  const altered = reports.filter((report) => report.altered > 0);
  if (altered.length === 0) pictures['refused-cipher'] = flipSampleBit(encrypted.cipher, random);
  return {
    success: altered.length > 0,
    queries: reports.length * trials,
    finding:
      altered.length > 0
        ? altered
            .map((r) => `${r.part}: ${r.altered} of ${r.flips} flipped bits give another image unnoticed`)
            .join('; ')
        : `none of ${reports.length * trials} flipped bits gives another image`,
    details: { reports },
    pictures,
  };
}

/** Flips one bit somewhere and decrypts; null where that is refused. */
type Attempt = () => Raster | null | Promise<Raster | null>;

/** The counts, and of the altered images the one farthest from the plain image. */
async function repeated(part: string, attempt: Attempt, plain: Raster, flips: number) {
  const counts = { noticed: 0, harmless: 0, altered: 0 };
  let worst: { image: Raster; same: number } | null = null;
  for (let k = 0; k < flips; k++) {
    const image = await attempt();
    const same = image === null ? 1 : agreement(image, plain);
    counts[image === null ? 'noticed' : same === 1 ? 'harmless' : 'altered']++;
    if (image !== null && same < (worst?.same ?? 1)) worst = { image, same };
  }
  const report: TamperReport = { part, flips, ...counts };
  return { report, altered: worst?.image ?? null };
}

/** Cipher image and key file as they are, without an envelope. */
function bare(party: Party, { cipher, keyFile }: EncryptedImage, random: Random): [string, Attempt][] {
  const key = keyFile();
  return [
    ['cipher image, bare key file', () => tryDecrypt(party, flipSampleBit(cipher, random), key)],
    ['bare key file', () => tryDecrypt(party, cipher, flipByteBit(key, random))],
  ];
}

/** The same inside an envelope, of a scheme that has key files. */
async function sealed(party: Party, encrypted: EncryptedImage, random: Random): Promise<[string, Attempt][]> {
  const travelling = await sealedFor(party.scheme, encrypted);
  if (!travelling) return [];
  const { envelope, open } = travelling;
  const { cipher } = encrypted;
  const flipText = (): string => latin1Of(flipByteBit(textBytes(envelope), random));
  return [
    ['cipher image, sealed key file', () => orNull(open(envelope, flipSampleBit(cipher, random)))],
    ['sealed key file', () => orNull(open(flipText(), cipher))],
  ];
}

async function orNull(work: Promise<Raster>): Promise<Raster | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
}
