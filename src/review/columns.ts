/** The columns that `medchaos review` knows, with the names that tables print for them. */

export interface MeasureColumn {
  /** Other printed names, as `columnOf` normalises them. */
  readonly names: readonly string[];
  readonly unit: string;
  /** Values from thousands on occur: a comma before three digits may group them. */
  readonly large?: true;
  /** Printed in another scale: a value in `from` times `factor` is in our unit. */
  readonly scale?: { readonly from: readonly [low: number, high: number]; readonly factor: number };
  /** The formula of the test, for the list of formulas. */
  readonly formula: string;
}

const percent = (low: number, high: number) => ({ from: [low, high], factor: 100 }) as const;
const npcrLaw =
  'NPCR: samples that stay equal ~ Binomial(N, 1/L), exact; L = 256 or 65536 values, N = W H C samples';
const uaciLaw = 'UACI of two ciphers: mean 33.4635 %, sd 23.921 % / sqrt N (8 bits); 33.3338 % at 16 bits';
const corrLaw = 'correlation: mean 0, sd 1 / sqrt(pairs - 3) (Fisher); all pairs, or as many as were drawn';
const chiLaw =
  'chi-square: L - 1 degrees of freedom, mean 255 at 8 bits; too even is as suspicious as uneven';

const directionNames = (letter: string, ...words: string[]): string[] =>
  [letter, ...words].flatMap((word) => [
    ...['corr', 'cc', 'correlation', 'corr_coef', 'correlation_coefficient', 'rho', 'r'].map(
      (stem) => `${stem}_${word}`,
    ),
    ...['corr', 'cc', 'correlation', 'correlation_coefficient'].map((stem) => `${word}_${stem}`),
    ...(word.length > 2 ? [word] : []),
  ]);

const correlation = (letter: string, ...words: string[]): MeasureColumn => ({
  names: directionNames(letter, ...words),
  unit: '',
  formula: corrLaw,
});

const columns = {
  npcr: {
    names: ['npcr_percent', 'number_of_pixels_change_rate'],
    unit: '%',
    scale: percent(0.9, 1),
    formula: npcrLaw,
  },
  uaci: {
    names: ['uaci_percent', 'unified_average_changing_intensity'],
    unit: '%',
    scale: percent(0.2, 0.5),
    formula: `${uaciLaw}; of plain against cipher: 25.098 % to 50 %, by the picture, and UACI = (MSE + 10922.5) / 652.8 ± 7.4834 / sqrt N`,
  },
  differential_npcr: {
    names: ['npcr_differential', 'key_npcr', 'npcr_key', 'npcr_key_sensitivity', 'key_sensitivity_npcr'],
    unit: '%',
    scale: percent(0.9, 1),
    formula: npcrLaw,
  },
  differential_uaci: {
    names: ['uaci_differential', 'key_uaci', 'uaci_key', 'uaci_key_sensitivity', 'key_sensitivity_uaci'],
    unit: '%',
    scale: percent(0.2, 0.5),
    formula: uaciLaw,
  },
  avalanche: {
    names: ['avalanche_effect', 'bit_change_rate'],
    unit: '',
    scale: { from: [1.0001, 100], factor: 0.01 },
    formula: 'avalanche: share of changed bits, mean 1/2, sd 1 / (2 sqrt(bits))',
  },
  mse: {
    names: ['mean_squared_error', 'mean_square_error'],
    unit: '',
    large: true,
    formula: 'MSE of plain against cipher: 5461.5 to 21717.5 at 8 bits, by the picture',
  },
  psnr: {
    names: ['peak_signal_to_noise_ratio'],
    unit: 'dB',
    formula: 'PSNR = 20 log10(255 / sqrt MSE); 4.76 to 10.76 dB of plain against cipher',
  },
  mae: {
    names: ['mean_absolute_error'],
    unit: '',
    formula: 'MAE = 255 UACI / 100 of plain against cipher: 64 to 127.5',
  },
  entropy: {
    names: [
      'shannon_entropy',
      'information_entropy',
      'global_entropy',
      'global_shannon_entropy',
      'entropy_cipher',
      'cipher_entropy',
      'ie',
    ],
    unit: 'bits',
    formula:
      'entropy: mean and sd of N uniform samples, exact (8 bits: 8 - 183.9 / N); the same statistic as chi-square, one look',
  },
  local_entropy: {
    names: ['local_shannon_entropy', 'lse', 'local_information_entropy'],
    unit: 'bits',
    formula:
      'local entropy: 30 blocks of 1936 bytes, mean 7.902469, sd 0.0015873; the published interval divides the sd by 30, not by sqrt 30, and refuses 72 % of ideal pictures',
  },
  chi2: {
    names: [
      'chi_square',
      'chi_squared',
      'chisq',
      'chi_sq',
      'chi',
      'chi2_cipher',
      'chi_square_test',
      'x2',
      'chi_2',
    ],
    unit: '',
    large: true,
    formula: chiLaw,
  },
  histogram_variance: {
    names: ['variance_of_histogram', 'var_hist', 'histogram_var', 'variance'],
    unit: '',
    large: true,
    formula: 'variance of the histogram: chi-square times N / L^2, the same look',
  },
  corr_h: correlation('h', 'horizontal', 'hor'),
  corr_v: correlation('v', 'vertical', 'ver'),
  corr_d: correlation('d', 'diagonal', 'diag'),
  corr_a: correlation(
    'a',
    'antidiagonal',
    'anti_diagonal',
    'anti',
    'ad',
    'counter_diagonal',
    'secondary_diagonal',
  ),
  encrypt_s: {
    names: [
      'encryption_time',
      'encrypt_time',
      'enc_time',
      'encryption',
      'encrypt',
      'time',
      'encrypt_ms',
      'time_s',
      'time_ms',
      'execution_time',
      'run_time',
    ],
    unit: 's',
    large: true,
    formula:
      'times: bytes of the picture per second, beside AES-256-GCM at 1 GB/s or more on one core with AES instructions',
  },
  decrypt_s: {
    names: ['decryption_time', 'decrypt_time', 'dec_time', 'decryption', 'decrypt', 'decrypt_ms'],
    unit: 's',
    large: true,
    formula:
      'times: bytes of the picture per second, beside AES-256-GCM at 1 GB/s or more on one core with AES instructions',
  },
} satisfies Record<string, MeasureColumn>;

export type Measure = keyof typeof columns;
export const measureColumns: Readonly<Record<Measure, MeasureColumn>> = columns;

/** Columns with claims in words or powers. */
export const claimColumns = {
  key_space: {
    names: ['keyspace', 'key_size', 'key_length', 'key_bits', 'key_space_bits', 'key_space_log2'],
  },
  nist: {
    names: [
      'nist_sp_800_22',
      'sp800_22',
      'nist_800_22',
      'nist_test',
      'nist_tests',
      'sp_800_22',
      'nist_passed',
    ],
  },
} as const;
export type Claim = keyof typeof claimColumns;

/** Columns that say how the row was measured. */
export const settingColumns = {
  samples: { names: ['n'] },
  pixels: { names: [] },
  size: { names: ['image_size', 'dimensions', 'resolution', 'dimension', 'picture_size'] },
  width: { names: ['w'] },
  height: { names: [] },
  channels: { names: ['channel', 'colour', 'color', 'mode', 'planes'] },
  depth: { names: ['bit_depth', 'bits_per_sample'] },
  sense: { names: ['compared'] },
  pairs: { names: ['pixel_pairs', 'number_of_pairs'] },
} as const;
export type Setting = keyof typeof settingColumns;

/** Columns that name the row; the first column too, where no cell of it is a number. */
const labelNames = new Set(
  'table image images method methods scheme algorithm cipher name ref reference references paper source year row label note notes dataset picture file sample id author authors work test_image doi approach system technique literature'.split(
    ' ',
  ),
);

export type ColumnKind =
  | { readonly kind: 'measure'; readonly measure: Measure; readonly plane: boolean }
  | { readonly kind: 'claim'; readonly claim: Claim }
  | { readonly kind: 'setting'; readonly setting: Setting }
  | { readonly kind: 'label' }
  | { readonly kind: 'unknown' };

export interface Head {
  /** As printed. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** The unit in brackets, lower case; empty without one. */
  readonly unit: string;
}

const aliases = new Map<string, ColumnKind>([
  ...namesOf(measureColumns).map(
    ([name, measure]) => [name, { kind: 'measure', measure, plane: false }] as const,
  ),
  ...namesOf(claimColumns).map(([name, claim]) => [name, { kind: 'claim', claim }] as const),
  ...namesOf(settingColumns).map(([name, setting]) => [name, { kind: 'setting', setting }] as const),
]);

function namesOf<Name extends string>(
  columns: Readonly<Record<Name, { readonly names: readonly string[] }>>,
): [string, Name][] {
  return (Object.keys(columns) as Name[]).flatMap((name) =>
    [name, ...columns[name].names].map((alias): [string, Name] => [alias, name]),
  );
}

const unitOf =
  /[([]\s*(%|percent|db|bits?|bits?\/pixel|bpp|s|sec|seconds?|ms|milliseconds?|µs|μs|us)\s*[)\]]|%/i;
const planeSuffix = /_(r|g|b|red|green|blue|(?:channel|plane)_?[123])$/;

/** A printed heading: lower case, words joined by `_`, unit apart. */
export function headOf(printed: string): Head {
  const plain = printed.replace(/[*`]/g, '').replace(/χ/gi, 'chi').replace(/²/g, '2').replace(/\^/g, '');
  const unit = (plain.match(unitOf)?.[1] ?? plain.match(unitOf)?.[0] ?? '').toLowerCase();
  const key = plain
    .replace(unitOf, ' ')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  return { name: printed.trim(), unit: key.endsWith('_ms') ? 'ms' : unit, kind: kindOf(key) };
}

function kindOf(key: string): ColumnKind {
  const found = aliases.get(key);
  if (found) return found;
  const whole = aliases.get(key.replace(planeSuffix, ''));
  if (planeSuffix.test(key) && whole?.kind === 'measure') return { ...whole, plane: true };
  return labelNames.has(key) ? { kind: 'label' } : { kind: 'unknown' };
}

/** For the message about unknown columns. */
export const knownColumns = (): string =>
  [...Object.keys(measureColumns), ...Object.keys(claimColumns), ...Object.keys(settingColumns)].join(', ');
