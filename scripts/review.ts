/** `medchaos review [TABLE]`: a referee's memo on published rows, without their pictures. */
import { option } from '../src/shared/option.ts';
import { command } from './_command.ts';
import { optional, real } from './_options.ts';

const help = `A CSV (commas, semicolons, tabs) or Markdown table. Columns, in any order, under these or their usual names:
  npcr, uaci (%), mse, psnr, mae          as printed, with trailing zeros, which tell the rounding
  differential_npcr, differential_uaci    of two ciphers beside those of plain against cipher
  entropy, local_entropy, chi2, histogram_variance, avalanche
  corr_h, corr_v, corr_d, corr_a          with pairs: how many were drawn
  encrypt_s, decrypt_s, key_space, nist   times and claims
  entropy_r, npcr_g, corr_h_b, ...        of one colour plane
  size (256x256, 256x256x3), width, height, channels, samples, depth (8, 16)
  sense                                   plain: UACI and NPCR of plain against cipher; differential: of two ciphers
  scheme, method, image, ..., or the first column, names the row
docs/review.md explains the verdicts.`;

const reviewCommand = command({
  examples: [
    ['review', "the paper's own tables"],
    ['review rows.csv --out memo.md', 'a memo in Markdown'],
  ],
  positionals: { table: optional('published rows; - is standard input', 'paper, its own tables') },
  options: {
    out: optional('write the memo to this file, in Markdown; - is standard output'),
    labels: optional('further columns that are no measure, by commas'),
    level: option(real, {
      default: 0.01,
      help: 'chance to refuse a table of which every row is from an ideal cipher',
    }),
  },
  notes: help,
  run: async ({ table = 'paper', out, labels = '', level }) => {
    const { reviewFile } = await import('../src/review/file.ts');
    return reviewFile(table, { level, labels: labels.split(',').map((name) => name.trim()), out });
  },
});
export default reviewCommand;
