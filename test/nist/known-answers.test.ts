/** Expected p-values of e, pi, sqrt 2, sqrt 3 (one million bits) and of short examples: test/vectors/theory-constants.json. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  battery,
  bitsFromBytes,
  bitsFromText,
  erfc,
  igamc,
  nonOverlapping,
  normalCdf,
  rank,
  type SequenceReport,
  type TestName,
  tests,
  universal,
} from '../../src/nist/index.ts';
import { longestRunProbabilities } from '../../src/nist/longest-run.ts';
import { overlappingProbabilities } from '../../src/nist/overlapping.ts';
import { probability } from '../../src/nist/rank.ts';
import { universalTable } from '../../src/nist/universal.ts';
import { type Constant, constantBits } from './_constants.ts';

const vectors = JSON.parse(
  readFileSync(new URL('../vectors/theory-constants.json', import.meta.url), 'utf8'),
).nistSp80022;

/** To the sixth decimal, as printed. */
const expectP = (got: number | undefined, want: number) =>
  expect(Math.abs(got! - want), `p = ${got}, expected ${want}`).toBeLessThan(5.1e-7);

const resultOf = (report: SequenceReport, name: TestName) => {
  const found = report.find(({ test }) => test === name)!;
  if ('notApplicable' in found) throw new Error(found.notApplicable);
  return found;
};

describe.each(['e', 'pi', 'sqrt2', 'sqrt3'] satisfies Constant[])('one million bits of %s', (name) => {
  const want = vectors.expected[name];
  const bits = constantBits(name, 1_000_000);
  let report: SequenceReport;
  const p = (test: TestName, sub = '') => resultOf(report, test).subTests.find(({ name }) => name === sub)?.p;
  const statistic = (test: TestName, key: string) => resultOf(report, test).statistics[key];
  beforeAll(() => {
    report = battery(bits);
  });

  test('the bits themselves', () => {
    const ascii = Buffer.from(bits.values.map((bit) => 48 + bit));
    expect(createHash('sha256').update(ascii).digest('hex')).toBe(want.sha256OfAsciiBits);
  });
  test('frequency, block frequency, runs, cumulative sums', () => {
    expectP(p('frequency'), want.frequency);
    expect(statistic('frequency', 'ones')).toBe(want.ones);
    expectP(p('block-frequency'), want.blockFrequency);
    expectP(p('runs'), want.runs);
    expectP(p('cusum', 'forward'), want.cusumForward);
    expectP(p('cusum', 'reverse'), want.cusumReverse);
  });
  test('longest run, both switch positions', () => {
    expect(statistic('longest-run', 'counts')).toEqual(want.longestRun.counts);
    expectP(p('longest-run'), want.longestRun.exactPi);
    expectP(tests['longest-run'](bits, { reference: true }).subTests[0]!.p, want.longestRun.stsRoundedPi);
  });
  test('rank and spectrum', () => {
    expectP(tests.rank(bits, { reference: true }).subTests[0]!.p, want.rank.p);
    expect(Math.abs(p('rank')! - want.rank.p)).toBeLessThan(0.01); // exact beside exp(-chi2 / 2)
    expect(statistic('rank', 'counts')).toEqual(want.rank.counts);
    expectP(tests.dft(bits, { reference: true }).subTests[0]!.p, want.dft.p);
    expect(p('dft')).toBeGreaterThanOrEqual(want.dft.p); // 3.8 in place of 4
    expect(statistic('dft', 'n1')).toBe(want.dft.n1);
  });
  test('non-overlapping templates', () => {
    const given = { ...want.nonOverlapping.firstFive, ...want.nonOverlapping.last };
    for (const [template, value] of Object.entries<number>(given))
      expectP(p('non-overlapping', template), value);
    const names = resultOf(report, 'non-overlapping').subTests.map((sub) => sub.name);
    expect(names).toHaveLength(148);
    expect(names.slice(0, 5)).toEqual(Object.keys(want.nonOverlapping.firstFive).sort());
    expect(names.at(-1)).toBe('111111110');
  });
  test('overlapping templates, both switch positions', () => {
    expect(statistic('overlapping', 'counts')).toEqual(want.overlapping.counts);
    expectP(p('overlapping'), want.overlapping.exactPi);
    expectP(tests.overlapping(bits, { reference: true }).subTests[0]!.p, want.overlapping.sts212Pi);
  });
  test('universal, entropy, serial', () => {
    expectP(p('universal'), want.universal.p);
    expect(Math.abs((statistic('universal', 'sum') as number) - want.universal.sum)).toBeLessThan(1e-6);
    const reference = tests['approximate-entropy'](bits, { reference: true }).subTests[0]!.p;
    expectP(reference, want.approximateEntropy);
    expect(Math.abs(p('approximate-entropy')! - reference)).toBeLessThan(0.01);
    expectP(p('serial', 'p1'), want.serial[0]);
    expectP(p('serial', 'p2'), want.serial[1]);
  });
  test('linear complexity, both switch positions', () => {
    expect(statistic('linear-complexity', 'counts')).toEqual(want.linearComplexity.counts);
    expectP(p('linear-complexity'), want.linearComplexity.exactPi0);
    expectP(
      tests['linear-complexity'](bits, { reference: true }).subTests[0]!.p,
      want.linearComplexity.stsPi0,
    );
  });
  test('random excursions, 8 and 18 states', () => {
    expect(statistic('random-excursions', 'cycles')).toBe(want.randomExcursions.J);
    const near = Object.entries<number>(want.randomExcursions.p);
    const far = Object.entries<number>(want.randomExcursionsVariant);
    expect([near.length, far.length]).toEqual([8, 18]);
    for (const [state, value] of near) expectP(p('random-excursions', state), value);
    for (const [state, value] of far) expectP(p('random-excursions-variant', state), value);
  });
  test('188 p-values in all, within [0, 1]', () => {
    const all = report.flatMap((one) => ('subTests' in one ? one.subTests : [])).map((sub) => sub.p);
    expect(all).toHaveLength(vectors.subTests);
    expect(all.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});

test('other parameters on e', () => {
  const bits = constantBits('e', 1_000_000);
  const first = rank(bitsFromBytes(constantBytes(bits.words), 0, 100_000), { reference: true });
  expectP(first.subTests[0]!.p, vectors.extraE.rankFirst100000.p);
  expect(first.statistics.counts).toEqual(vectors.extraE.rankFirst100000.counts);
  const { linearComplexityM1000: wanted } = vectors.extraE;
  const options = { linearComplexityM: 1000 };
  expectP(tests['linear-complexity'](bits, options).subTests[0]!.p, wanted.exactPi0);
  expectP(tests['linear-complexity'](bits, { ...options, reference: true }).subTests[0]!.p, wanted.stsPi0);
});

const constantBytes = (words: Uint32Array): Uint8Array => {
  const bytes = Buffer.alloc(4 * words.length);
  words.forEach((word, i) => {
    bytes.writeUInt32BE(word, 4 * i);
  });
  return bytes;
};

/** The document's worked examples, all below its own minimum lengths. */
describe('short examples', () => {
  const files: Record<string, [TestName, string]> = {
    frequency: ['frequency', ''],
    blockFrequency: ['block-frequency', ''],
    runs: ['runs', ''],
    dft: ['dft', ''],
    serial: ['serial', 'p1'],
    approximateEntropy: ['approximate-entropy', ''],
    cusumForward: ['cusum', 'forward'],
    cusumReverse: ['cusum', 'reverse'],
    randomExcursions: ['random-excursions', '1'],
    randomExcursionsVariant: ['random-excursions-variant', '1'],
    longestRun: ['longest-run', ''],
  };
  for (const example of vectors.examples.filter((one: { test: string }) => one.test in files)) {
    const [name, sub] = files[example.test]!;
    test(`${name}, ${example.bits.length} bits`, () => {
      const options = {
        allowShort: true,
        fewCycles: true,
        reference: ['dft', 'approximateEntropy'].includes(example.test),
        ...(example.test === 'serial' && { serialM: example.m }),
        ...(example.test === 'approximateEntropy' && { approximateEntropyM: example.m }),
        ...(example.test === 'blockFrequency' && { blockFrequencyM: example.M }),
      };
      const { subTests, statistics } = tests[name](bitsFromText(example.bits), options);
      const wanted: number[] = [example.p].flat();
      const from = subTests.findIndex((one) => one.name === sub);
      wanted.forEach((value, i) => {
        expectP(subTests[from + i]!.p, value);
      });
      if (example.J) expect(statistics.cycles).toBe(example.J);
      if (example.n1) expect(statistics.n1).toBe(example.n1);
      if (example.counts) expect(statistics.counts).toEqual(example.counts);
    });
  }
  test('non-overlapping, template 001 in 2 blocks', () => {
    const example = vectors.examples.find((one: { test: string }) => one.test === 'nonOverlapping');
    const options = { allowShort: true, templateBlocks: example.blocks };
    const result = nonOverlapping(bitsFromText(example.bits), options, [example.template]);
    expectP(result.subTests[0]!.p, example.p);
  });
  // The document prints p = 0.767189: it leaves out the factor c / sqrt K of its own sigma.
  test('universal, L = 2, Q = 4 (SP 800-22 rev 1a, section 2.9.4)', () => {
    const bits = bitsFromText('01011010011101010111');
    const { statistics } = universal(bits, { allowShort: true }, { L: 2, Q: 4 });
    expect(Math.abs((statistics.phi as number) - 1.1949875)).toBeLessThan(5e-8);
  });
});

describe('class probabilities', () => {
  const expectClose = (got: readonly number[], want: readonly number[], digits: number) => {
    expect(got).toHaveLength(want.length);
    got.forEach((value, i) => {
      expect(Math.abs(value - want[i]!)).toBeLessThan(digits);
    });
  };
  test.each([8, 128, 10_000] as const)('longest run, M = %i', (M) =>
    expectClose(longestRunProbabilities(M), vectors.probabilities.longestRunExact[M], 6e-10),
  );
  test('rank', () => {
    const [full, less] = [probability(32), probability(31)];
    expectClose([full, less, 1 - full - less], vectors.probabilities.rank32, 1e-10);
  });
  test('overlapping templates: exact, and its six decimals in use at m = 9, M = 1032', () => {
    const exact = overlappingProbabilities(9, 1032);
    expectClose(exact, vectors.probabilities.overlappingExactM1032m9, 6e-10);
    expect(exact.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
  });
  test("universal: the document's means and variances are those of log2 of a geometric distance", () => {
    universalTable.slice(0, 10).forEach(([mean, variance], at) => {
      const share = 2 ** -(at + 1);
      let [first, second, weight] = [0, 0, share];
      for (let i = 1; weight > 1e-18; i++, weight *= 1 - share) {
        first += weight * Math.log2(i);
        second += weight * Math.log2(i) ** 2;
      }
      expect(Math.abs(first - mean)).toBeLessThan(1e-7);
      expect(Math.abs(second - first ** 2 - variance)).toBeLessThan(1e-3);
    });
  });
});

/** Computed with 60 digits by mpmath 1.4. */
describe('special functions, 12 digits', () => {
  const expectRelative = (got: number, want: number) =>
    expect(Math.abs(got / want - 1), `${got}, expected ${want}`).toBeLessThan(1e-12);
  test.each([
    [0.5, 0.25, 0.4795001221869535],
    [0.5, 9, 2.209049699858544e-5],
    [1.5, 3.7, 0.060184323871734766],
    [2.5, 2.5, 0.41588018699550794],
    [5, 0.1, 0.9999999233219832],
    [10, 30, 7.121750862815577e-6],
    [19.5, 19.5, 0.46987819777120643],
    [20.5, 40, 0.00025636270630141476],
    [64, 50, 0.968156558249262],
    [512, 485.0233, 0.8847403107131829],
    [3906, 3845.5, 0.83341141191582],
    [16384, 16244.67, 0.8619253923799085],
    [16384, 17000, 9.869786952769045e-7],
    [1000000.0, 1001000, 0.15865521363165971],
  ])('igamc(%d, %d)', (a, x, want) => expectRelative(igamc(a, x), want));
  test.each([
    [-1.5, 1.9661051464753108, 0.06680720126885807],
    [-0.1, 1.1124629160182848, 0.460172162722971],
    [1e-9, 0.9999999988716208, 0.5000000003989423],
    [0.3, 0.6713732405408726, 0.6179114221889527],
    [1.2, 0.08968602177036464, 0.8849303297782917],
    [1.3, 0.06599205505934755, 0.9031995154143897],
    [3, 2.209049699858544e-5, 0.9986501019683699],
    [6, 2.1519736712498913e-17, 0.9999999990134123],
    [20, 5.395865611607901e-176, 1.0],
  ])('erfc and normalCdf(%d)', (x, tail, below) => {
    expectRelative(erfc(x), tail);
    expectRelative(normalCdf(x), below);
  });
});
