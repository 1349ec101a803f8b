/** `medchaos review [TABLE]`: a referee's memo on published rows, without their pictures. */
import type { Argv } from 'yargs';
import type { Command } from './_command.ts';
import { once, text } from './_options.ts';

interface Options {
  table?: string;
  out?: string;
  labels?: string;
  level: number;
}

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

const command: Command<Options> = {
  examples: [
    ['review', "the paper's own tables"],
    ['review rows.csv --out memo.md', 'a memo in Markdown'],
  ],
  builder: (yargs: Argv) =>
    yargs
      .positional('table', { type: 'string', describe: 'published rows (default: paper, its own tables)' })
      .option('out', text('out', 'write the memo to this file, in Markdown'))
      .option('labels', text('labels', 'further columns that are no measure, by commas'))
      .option('level', {
        type: 'number',
        default: 0.01,
        requiresArg: true,
        describe: 'chance to refuse a table of which every row is from an ideal cipher',
        coerce: once('level'),
      })
      .epilogue(help) as Argv<Options>,
  run: async ({ table = 'paper', out, labels = '', level }) => {
    const { reviewFile } = await import('../src/judge/review-file.ts');
    return reviewFile(table, { level, labels: labels.split(',').map((name) => name.trim()), out });
  },
};

export default command;
