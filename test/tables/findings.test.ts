/** Findings and the audit of the published rows: the published ones against facts computed elsewhere. */
import { describe, expect, test } from 'vitest';
import { auditRow } from '../../src/metrics/audit.ts';
import { auditTable5, findingsOf } from '../../src/tables/findings.ts';
import { buildTables } from '../../src/tables/tables.ts';
import { makeFixture } from '../report/fixture.ts';

const { results } = makeFixture();
const findings = findingsOf(results, buildTables(results));
const text = (id: string): string => findings.find((f) => f.id === id)?.text ?? '';

describe('our run', () => {
  test('exact decryption, and what breaks it', () => {
    expect(text('exact')).toBe('Decryption is exact for all 48 image and method pairs.');
    const [first, ...rest] = results.cells;
    const broken = { ...results, cells: [{ ...first!, decryptedMse: 1, decryptedPsnr: 48.1 }, ...rest] };
    const found = findingsOf(broken, buildTables(broken)).find((f) => f.id === 'exact')!;
    expect(found).toMatchObject({ verdict: 'bad' });
    expect(found.text).toContain('1 of 48 pairs: Sample 1, Logistic + ResNet-18');
  });
  test('the broken method is named, the sound ones are not', () => {
    expect(findings.filter((f) => f.id.startsWith('method-')).map((f) => f.id)).toEqual(['method-logistic']);
    expect(text('outliers')).toMatch(/worst: Entropy of Sample 4, Logistic/);
  });
  test('undertrained networks are labelled', () => {
    expect(text('undertrained')).toMatch(/1 of 4, engine cpu\): Logistic \+ MobileNetV2/);
    const trained = { ...results, training: results.training.map((t) => ({ ...t, undertrained: false })) };
    expect(findingsOf(trained, []).some((f) => f.id === 'undertrained')).toBe(false);
  });
});

describe('the published Table 5', () => {
  const rows = auditTable5();
  const failing = (test: string): string[] =>
    rows
      .filter((r) => r.results.some((x) => x.test === test && !x.passed))
      .map((r) => `${r.image} ${r.method}`);

  test('residuals: +4.5, +15.7, +21.6, -3.5 sd for Logistic + ResNet-18, -119 for Logistic on Sample 4', () => {
    const excess = (image: string, method: string): string =>
      rows
        .find((r) => r.image === image && r.method === method)!
        .results.find((x) => x.test === 'residual')!
        .excess.toFixed(1);
    const images = ['sample1', 'sample2', 'sample3', 'sample4'];
    expect(images.map((image) => excess(image, 'logistic+resnet18'))).toEqual([
      '4.5',
      '15.7',
      '21.6',
      '-3.5',
    ]);
    expect(Number(excess('sample4', 'logistic'))).toBeCloseTo(-119, 0);
    expect(failing('residual').filter((r) => /sample[234] lorenz/.test(r))).toEqual([]);
  });
  test('PSNR does not follow from MSE in six cells', () => {
    expect(failing('psnr')).toEqual([
      'sample1 logistic+resnet18',
      'sample1 logistic+mobilenetv2',
      'sample1 lorenz+resnet18',
      'sample1 lorenz+mobilenetv2',
      'sample2 logistic+resnet18',
      'sample2 logistic+mobilenetv2',
    ]);
  });
  test('entropy: Lorenz rows are consistent, Logistic rows low', () => {
    expect(failing('entropy').every((r) => / logistic/.test(r))).toBe(true);
    expect(failing('entropy').length).toBe(7);
  });
  test('NPCR: Sample 3 twice, and Logistic on Sample 4', () => {
    expect(failing('npcr')).toEqual([
      'sample3 logistic+resnet18',
      'sample3 logistic+mobilenetv2',
      'sample4 logistic',
    ]);
  });
});

test('an ideal row passes, a dash is no number', () => {
  const row = {
    uaci: '33.4635',
    npcr: '99.6094',
    mse: '10922.5',
    psnr: '7.75',
    entropy: '7.9998',
    n: 786432,
  };
  expect(auditRow(row).map((r) => [r.test, r.passed])).toEqual([
    ['residual', true],
    ['entropy', true],
    ['npcr', true],
    ['psnr', true],
  ]);
  expect(auditRow({ ...row, mse: null, entropy: null }).map((r) => r.test)).toEqual(['npcr']);
});
