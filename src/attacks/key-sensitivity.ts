/**
 * Key sensitivity: the cipher image decrypted with a key whose parameters differ by one unit in the last place, up
 * or down. An ideal scheme gives noise (NPCR 99.609 % against the plain image at 8 bits). Chaotic orbits need time to
 * part: after n steps a relative difference of 2^-52 has grown by e^(lambda n), so without burn-in the first
 * samples, and with them the permutations of a small image, stay the same. Of a scheme keyed by a secret single bits
 * are turned over. Success: a neighbouring key recovers more samples than chance, at 1e-6.
 */
import type { SchemeInput } from '../cipher/index.ts';
import { expectedNpcr, npcr } from '../metrics/index.ts';
import type { Raster } from '../shared/types.ts';
import { tryDecrypt } from './_damage.ts';
import { percent } from './images.ts';
import type { Party } from './party.ts';
import type { AttackInput, AttackOutcome } from './types.ts';

const limit = 4.892; // two-sided 1e-6 of a standard normal

/** The double next to a finite positive one. @param units how many steps away; negative: below */
export function neighbour(value: number, units: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(units));
  return view.getFloat64(0);
}

export interface SensitivityReport {
  /** Index of the parameter, and units in the last place; or the bit of a secret, and 1. */
  readonly parameter: number;
  readonly ulps: number;
  readonly noticed: boolean;
  /** Percent of samples that came out wrong; null where the scheme refused. */
  readonly npcr: number | null;
  /** Of this NPCR against that of an unrelated key. */
  readonly z: number | null;
}

/** Decrypts `plain`'s cipher with each neighbouring key; `best` is null where all are refused. */
function sensitivityOf(
  party: Party,
  plain: Raster,
): { reports: SensitivityReport[]; cipher: Raster; best: Raster | null } {
  const { cipher, keyFile } = party.encrypt(plain);
  const own = keyFile();
  const ideal = expectedNpcr(plain.data.length, plain.depth);
  let best: { npcr: number; image: Raster } | null = null;
  const reports: SensitivityReport[] = [];
  for (const { parameter, ulps, change } of neighboursOf(party)) {
    const image = tryDecrypt(party, cipher, party.keyFileWith(change, own, plain));
    const wrong = image && npcr(plain, image);
    if (image && wrong !== null && wrong < (best?.npcr ?? 101)) best = { npcr: wrong, image };
    const z = wrong === null ? null : (wrong - ideal.mean) / ideal.sd;
    reports.push({ parameter, ulps, noticed: image === null, npcr: wrong, z });
  }
  return { reports, cipher, best: best?.image ?? null };
}

interface Neighbour extends Pick<SensitivityReport, 'parameter' | 'ulps'> {
  readonly change: Partial<SchemeInput>;
}

function neighboursOf({ scheme, input }: Party): Neighbour[] {
  const { params, secret } = input;
  if (scheme.keyedBy === 'secret')
    return testedBits.map((bit) => ({ parameter: bit, ulps: 1, change: { secret: withBit(secret!, bit) } }));
  return params.flatMap((value, parameter) =>
    [1, -1].map((ulps) => ({
      ...{ parameter, ulps },
      change: { params: params.with(parameter, neighbour(value, ulps)) },
    })),
  );
}

/** The first of every 32 bits. */
const testedBits = [0, 32, 64, 96, 128, 160, 192, 224];

const withBit = (secret: Uint8Array, bit: number): Uint8Array =>
  secret.with(bit >> 3, secret[bit >> 3]! ^ (0x80 >> (bit & 7)));

export function keySensitivity({ party, plain }: AttackInput): AttackOutcome {
  const { reports, cipher, best } = sensitivityOf(party, plain);
  const near = party.scheme.keyedBy === 'secret' ? 'one bit' : 'one unit in the last place';
  const decrypted = reports.filter(({ npcr: wrong }) => wrong !== null);
  const closest = Math.min(...decrypted.map(({ npcr: wrong }) => wrong!));
  const success = decrypted.some(({ z }) => z! < -limit);
  return {
    success,
    queries: reports.length,
    finding:
      decrypted.length === 0
        ? `all ${reports.length} keys ${near} away refused`
        : `the best key ${near} away decrypts ${percent(1 - closest / 100)} of the samples`,
    details: { reports },
    pictures: { plain, ...(best ? { byNeighbouringKey: best } : { refusedCipher: cipher }) },
  };
}
