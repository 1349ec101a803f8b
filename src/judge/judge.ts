/// <reference types="node" preserve="true" />
/**
 * `judge`: any image cipher on trial. It is asked for cipher pictures under keys that judge draws, and nothing else is known of it.
 * "broken": an attack recovered or predicted something. "inexact": decryption does not give back the picture. "holds":
 * nothing that ran broke it, which is no proof.
 */
import { blackBoxAttackNames } from '../attacks/black-box/attacks.ts';
import { seconds } from '../shared/timing.ts';
import type { BlackBoxCipher } from './black-box/cipher.ts';
import { breakOf, byStrength, type Judgement, type Properties, withstoodOf } from './judgement.ts';
import { type Bench, laboratoryOf, Meter } from './laboratory.ts';
import { type Found, type JudgeRequest, runAll } from './order.ts';
import type { Measures } from './pair-measures.ts';
import { type Probe, probe } from './probe.ts';
import { TrialRunner } from './trials.ts';

export { InputError } from '../shared/errors.ts';
export type { Raster } from '../shared/types.ts';
export type { BlackBoxCipher, Sealed } from './black-box/cipher.ts';
export type { Exactness } from './exactness.ts';
export type { Break, Judgement, Properties, VerdictName } from './judgement.ts';
export type { Level } from './levels.ts';
export type { NistOutcome } from './measures.ts';
export type { JudgeRequest } from './order.ts';
export type { Measures } from './pair-measures.ts';
export type { Spread } from './properties.ts';
export type { Speed } from './speed.ts';

const judgeDefaults: JudgeRequest = {
  level: 'quick',
  keyBytes: 32,
  seed: 1,
  images: [],
  out: null,
  id: '',
  statistics: true,
};

/** Seconds that a quick judgement may take in all. */
const quickLimit = 90;

/** @throws InputError if the cipher takes no picture at all */
export async function judge(cipher: BlackBoxCipher, options: Partial<JudgeRequest> = {}): Promise<Judgement> {
  const request = { ...judgeDefaults, ...options };
  const { level, keyBytes, seed, images, out, id } = request;
  const started = seconds();
  const meter = new Meter();
  const bench: Bench = { cipher, seed, keyBytes, meter };
  const probed = await probe(bench, images[0]?.raster);
  const laboratory = laboratoryOf(bench, probed.shape, level === 'full');
  const limit = level === 'quick' ? Math.round(quickLimit - (seconds() - started)) : null;
  const settings = { out, id, limit, secondsEach: () => meter.secondsEach, atOnce: cipher.atOnce ?? 1 };
  const runner = new TrialRunner(settings, blackBoxAttackNames.length + 8);
  try {
    const found = await runAll(runner, bench, probed, laboratory, request);
    await runner.forget();
    return gather(cipher, probed, found, request, meter, seconds() - started);
  } finally {
    runner.stop();
  }
}

function gather(
  cipher: BlackBoxCipher,
  probed: Probe,
  found: Found,
  { level, seed, keyBytes }: JudgeRequest,
  meter: Meter,
  took: number,
): Judgement {
  const exact = found.exact.data?.exact ?? (found.picture.data?.injective === false ? false : null);
  const brokenBy = found.attacks.flatMap(breakOf).sort(byStrength);
  const { rows = [], refused = [], ...measuredRest } = found.measures.data ?? {};
  return {
    cipher: cipher.name,
    verdict: exact === false ? 'inexact' : brokenBy.length > 0 ? 'broken' : 'holds',
    exact,
    deterministic: probed.deterministic,
    brokenBy,
    withstood: found.attacks.flatMap(withstoodOf),
    properties: propertiesOf(found, probed, keyBytes),
    notRun: [...skipped(found), ...refused.map((why) => ({ attack: 'metrics of one picture', why }))],
    measures: rows,
    measured: found.measures.data ? (measuredRest as Omit<Measures, 'rows'>) : null,
    nist: found.nist.flatMap(({ data }) => (data ? [data] : [])),
    speed: found.speed.data ?? null,
    exactness: found.exact.data ?? null,
    remarks: [...(cipher.remarks?.() ?? []), ...mannersOf(probed)],
    level,
    seed,
    keyBytes,
    shape: probed.shape,
    queries: meter.queries,
    secondsEach: meter.secondsEach,
    seconds: took,
  };
}

function skipped(found: Found): { attack: string; why: string }[] {
  const all = [
    found.exact,
    found.picture,
    ...found.attacks,
    found.differential,
    found.key,
    found.damage,
    found.measures,
    ...found.nist,
    found.speed,
  ];
  return all.flatMap(({ name, why }) => (why === undefined ? [] : [{ attack: name, why }]));
}

function mannersOf({ deterministic, steadySize, sameShape, cipherShape }: Probe): string[] {
  const { width, height, channels, depth } = cipherShape;
  return [
    ...(deterministic
      ? []
      : ['one picture under one key gives another cipher picture each time (a nonce, or chance)']),
    ...(steadySize ? [] : ['cipher pictures of one picture have different sizes']),
    ...(sameShape
      ? []
      : [
          `a cipher picture has another shape than its picture: ${width}x${height}x${channels} at ${depth} bits`,
        ]),
  ];
}

function propertiesOf(found: Found, { sameShape, shape, cipherShape }: Probe, keyBytes: number): Properties {
  const { data: key } = found.key;
  const { data: damage } = found.damage;
  const bytes = ({ width, height, channels, depth }: Probe['shape']): number =>
    (width * height * channels * depth) / 8;
  return {
    dependsOnPicture: found.picture.data?.depends ?? null,
    authenticated: damage?.authenticated ?? null,
    errorPropagation: damage?.errorPropagation ?? null,
    lossPropagation: damage?.lossPropagation ?? null,
    keyBits: 8 * keyBytes,
    triedKeyBits: key?.bits ?? null,
    effectiveKeyBits: key?.effectiveBits ?? null,
    ignoredKeyBits: key?.ignored.length ?? null,
    refusedKeys: key?.refused ?? null,
    expansion: bytes(cipherShape) / bytes(shape),
    sameShape,
    differential: found.differential.data ?? null,
    keySensitivity: key?.spread ?? null,
  };
}
