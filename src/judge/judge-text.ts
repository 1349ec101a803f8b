/** A judgement as text for the terminal. */
import { columns } from '../tables/format.ts';
import type { Break, Judgement } from './judgement.ts';

/** `broken by chosen-plaintext: 1 query, 0.1 s`. */
export function headline({ verdict, brokenBy, exactness, withstood }: Judgement): string {
  const [first] = brokenBy;
  const by = first ? `${brokenBy.map(({ attack }) => attack).join(', ')}` : '';
  if (verdict === 'inexact') {
    const lost = exactness
      ? `${(100 * exactness.meanWrong).toPrecision(3)} % of the samples come back wrong`
      : 'two pictures have one cipher picture';
    return `inexact: decryption does not give back the picture (${lost})${first ? `; and broken by ${by}` : ''}`;
  }
  if (verdict === 'broken') return `broken by ${by}`;
  return `holds: none of the ${withstood.length} attacks that ran broke it, which is no proof of security`;
}

export const breakText = ({ queries, seconds, share }: Break): string =>
  `${queries} ${queries === 1 ? 'query' : 'queries'}, ${seconds.toFixed(1)} s, ${(100 * share).toPrecision(3)} % of the samples`;

export function describeJudgement(judgement: Judgement): string {
  const { cipher, brokenBy, withstood, notRun, remarks, queries, seconds } = judgement;
  return [
    `${cipher}: ${headline(judgement)}`,
    '',
    ...brokenBy.map((one) => `BROKEN  ${one.attack}: ${one.finding} (${breakText(one)})`),
    ...withstood.map(({ attack, finding }) => `passes  ${attack}: ${finding}`),
    ...propertyLines(judgement),
    ...remarks.map((remark) => `note    ${remark}`),
    ...notRun.map(({ attack, why }) => `not run ${attack}: ${why}`),
    '',
    `${queries} queries in ${seconds.toFixed(0)} s`,
  ].join('\n');
}

function propertyLines(judgement: Judgement): string[] {
  const rows = propertyRows(judgement);
  return rows.length > 0 ? ['', ...columns(rows.map(([name, text]) => [name, text]))] : [];
}

const yes = (value: boolean | null): string => (value === null ? 'unknown' : value ? 'yes' : 'no');
const percent = (value: number | null): string =>
  value === null ? 'unknown' : `${(100 * value).toPrecision(3)} %`;

type Row = [name: string, text: string];

/** Properties in words, for the text and the page. */
export const propertyRows = (judgement: Judgement): Row[] => [
  ['decrypts exactly', yes(judgement.exact)],
  ['deterministic', yes(judgement.deterministic)],
  ...pictureRows(judgement.properties),
  ...keyRows(judgement.properties),
  ...judgement.nist.map((one): Row => [`NIST SP 800-22, ${one.of}`, nistText(one)]),
  ['metrics', metricsText(judgement.measured)],
  ['speed', speedText(judgement.speed)],
];

const pictureRows = (p: Judgement['properties']): Row[] => [
  ['depends on the picture', yes(p.dependsOnPicture)],
  ['authenticated (refuses changed cipher pictures)', yes(p.authenticated)],
  ['samples lost by one flipped bit', p.authenticated ? 'refused' : percent(p.errorPropagation)],
  [
    'samples lost by a sixteenth of the cipher picture',
    p.authenticated ? 'refused' : percent(p.lossPropagation),
  ],
];

function keyRows(p: Judgement['properties']): Row[] {
  const { refusedKeys, triedKeyBits, expansion } = p;
  const refused = `${refusedKeys} of ${triedKeyBits} keys one bit away are refused`;
  return [
    ['key bits that have an effect', triedKeyBits === null ? 'unknown' : effectText(p, triedKeyBits)],
    ['one sample changed', spreadText(p.differential)],
    ['one key bit changed', refusedKeys ? refused : spreadText(p.keySensitivity)],
    ['bytes of cipher for each byte', expansion === null ? 'unknown' : expansion.toPrecision(4)],
  ];
}

function effectText({ effectiveKeyBits, ignoredKeyBits, keyBits }: Judgement['properties'], tried: number) {
  const ignored = ignoredKeyBits ? ` (${ignoredKeyBits} ignored)` : '';
  return `${effectiveKeyBits} of ${tried}${ignored}${tried === keyBits ? '' : `, of ${keyBits} in all`}`;
}

function spreadText(s: Judgement['properties']['differential']): string {
  if (!s) return 'unknown';
  const [mean, least, most] = s.npcr.map((value) => value.toFixed(4));
  return `NPCR ${mean} % (${least} to ${most}), UACI ${s.uaci[0].toFixed(4)} %, avalanche ${(100 * s.avalanche[0]).toFixed(2)} %, over ${s.changes} changes`;
}

const nistText = ({ consistent, sequences, bits, smallestP }: Judgement['nist'][number]): string =>
  `${consistent ? 'consistent with random bits' : 'NOT random bits'} (${sequences} x ${bits} bits, smallest p ${smallestP?.toPrecision(2)})`;

const metricsText = (measured: Judgement['measured']): string =>
  measured
    ? `${measured.off} differ from an ideal cipher after Holm's correction, of ${measured.looks} looks`
    : 'unknown';

function speedText(speed: Judgement['speed']): string {
  const largest = speed?.rows.at(-1);
  if (!speed || !largest) return 'unknown';
  const growth = speed.linear ? 'linear in pixels' : `grows as pixels^${speed.exponent?.toFixed(2)}`;
  return `${largest.picture}: ${(1000 * largest.encryptSeconds).toPrecision(3)} ms, ${largest.timesAes.toPrecision(3)} times AES-256-GCM${speed.linear === null ? '' : `, ${growth}`}`;
}
