/** How the attacks on a scheme ended. Tests of one property count once: a scheme without it fails all of them for one reason. */

export interface Attacked {
  readonly name: string;
  readonly scheme: string;
  readonly success: boolean;
  /** The property that a test looks for; null or nothing of an attack in its own right. */
  readonly property?: string | null | undefined;
}

export interface Tally {
  readonly scheme: string;
  /** Attacks in their own right, and how many succeeded. */
  readonly attacks: number;
  readonly broken: number;
  /** Names of those that succeeded. */
  readonly brokenBy: readonly string[];
  /** Properties that were tested, and those that the scheme lacks. */
  readonly properties: readonly string[];
  readonly missing: readonly string[];
}

const distinct = (values: readonly string[]): string[] => [...new Set(values)];

export function tallyOf(records: readonly Attacked[], scheme: string): Tally {
  const own = records.filter((one) => one.scheme === scheme);
  const alone = own.filter(({ property }) => !property);
  const brokenBy = alone.filter(({ success }) => success).map(({ name }) => name);
  const tests = own.filter(({ property }) => property);
  return {
    ...{ scheme, attacks: alone.length, broken: brokenBy.length, brokenBy },
    properties: distinct(tests.map(({ property }) => property!)),
    missing: distinct(tests.filter(({ success }) => success).map(({ property }) => property!)),
  };
}

/** One for each scheme, in the order of the records. */
export const tallies = (records: readonly Attacked[]): Tally[] =>
  distinct(records.map(({ scheme }) => scheme)).map((scheme) => tallyOf(records, scheme));

/** `4 of 5 attacks succeed; authentication and diffusion are missing`. */
export function tallyText({ attacks, broken, properties, missing }: Tally): string {
  const parts = attacks > 0 ? [`${broken} of ${attacks} attacks succeed`] : [];
  const [all, lost] = [properties.join(' and '), missing.join(' and ')];
  const [is, was] = [properties, missing].map(({ length }) => (length > 1 ? 'are' : 'is'));
  if (properties.length > 0) parts.push(missing.length > 0 ? `${lost} ${was} missing` : `${all} ${is} there`);
  return parts.join('; ');
}
