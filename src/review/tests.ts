/** All tests of one published row under one reading of it. */
import { ofKeySpace, ofNist, ofTime } from './claims.ts';
import { ofMae, ofNpcr, ofSquared, ofUaci, psnrAgainstMse, residualOf } from './differences.ts';
import { cellsOf, type Reading, type ReviewTest } from './reading.ts';
import { ofAvalanche, ofChi, ofCorrelation, ofEntropy, ofLocal } from './statistics.ts';
import type { ReviewRow } from './table.ts';

type RowTest = (row: ReviewRow, reading: Reading) => ReviewTest[];

const tests: readonly RowTest[] = [
  (row, reading) => cellsOf(row, 'npcr', 'differential_npcr').map((cell) => ofNpcr(cell, reading)),
  (row, reading) => cellsOf(row, 'uaci').map((cell) => ofUaci(cell, reading, reading.sense)),
  (row, reading) =>
    reading.sense === 'plain' ? cellsOf(row, 'uaci').flatMap((cell) => residualOf(row, cell, reading)) : [],
  (row, reading) => cellsOf(row, 'differential_uaci').map((cell) => ofUaci(cell, reading, 'differential')),
  (row, reading) => cellsOf(row, 'mse', 'psnr').flatMap((cell) => ofSquared(row, cell, reading)),
  (row, reading) => cellsOf(row, 'psnr').flatMap((cell) => psnrAgainstMse(row, cell, reading)),
  (row, reading) => cellsOf(row, 'mae').flatMap((cell) => ofMae(row, cell, reading)),
  (row, reading) => cellsOf(row, 'avalanche').map((cell) => ofAvalanche(cell, reading)),
  (row, reading) => cellsOf(row, 'entropy').map((cell) => ofEntropy(cell, reading)),
  (row, reading) => cellsOf(row, 'chi2', 'histogram_variance').flatMap((cell) => ofChi(cell, reading)),
  (row, reading) => cellsOf(row, 'local_entropy').flatMap((cell) => ofLocal(cell, reading)),
  (row, reading) =>
    cellsOf(row, 'corr_h', 'corr_v', 'corr_d', 'corr_a').flatMap((cell) => ofCorrelation(cell, reading)),
  (row, reading) => cellsOf(row, 'encrypt_s', 'decrypt_s').flatMap((cell) => ofTime(cell, reading)),
  ({ claims }, reading) =>
    claims.map((claim) =>
      claim.claim === 'key_space' ? ofKeySpace(claim, reading) : ofNist(claim, reading),
    ),
];

/** Every test that the row allows under this reading. */
export const testsOf = (row: ReviewRow, reading: Reading): ReviewTest[] =>
  tests.flatMap((test) => test(row, reading));
