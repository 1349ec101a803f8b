/**
 * Affine solution: if the cipher is affine over Z_256 (or GF(2)), its whole matrix comes from one picture for each unknown, and
 * Gaussian elimination opens any cipher picture, by chosen plaintext alone. Done on a small picture: N + 1 queries for
 * N samples over Z_256, 8 N + 1 over GF(2), of 8x8 samples.
 */
import type { Shape } from '../../cipher/index.ts';
import type { Raster } from '../../shared/types.ts';
import { blackImage, percent } from '../images.ts';
import { solveAffine } from './_elimination.ts';
import { noisePicture, pictures, recoveredShare } from './_samples.ts';
import { combined, type Ring, ringText } from './affine-prediction.ts';
import type { BlackBox, BlackBoxAttack, Finding, Laboratory } from './types.ts';

const side = 8;

/** Pictures with one unknown set: a sample of 1, or one bit. */
function basis(shape: Shape, ring: Ring): Raster[] {
  const n = shape.width * shape.height * shape.channels;
  const bits = ring === 'xor' ? 8 : 1;
  return Array.from({ length: n * bits }, (_, k) => {
    const picture = blackImage(shape);
    picture.data[Math.floor(k / bits)] = 1 << (k % bits);
    return picture;
  });
}

/** Whether a quartet of noise pictures keeps its sum. */
async function keepsSums(oracle: BlackBox, shape: Shape, seed: number, ring: Ring): Promise<boolean> {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => noisePicture(shape, seed, 'small', name)) as [
    Raster,
    Raster,
    Raster,
  ];
  const [A, B, C, D] = (await oracle.encrypt([a, b, c, combined(a, b, c, ring)])) as [
    Raster,
    Raster,
    Raster,
    Raster,
  ];
  return (
    A.data.length === D.data.length && combined(A, B, C, ring).data.every((value, j) => value === D.data[j])
  );
}

async function run(laboratory: Laboratory): Promise<Finding> {
  const { seed } = laboratory;
  const shape: Shape = { ...laboratory.shape, width: side, height: side };
  const oracle = laboratory.oracle(0);
  let ring: Ring | null = null;
  for (const one of ['addition', 'xor'] as const)
    if (ring === null && (await keepsSums(oracle, shape, seed, one))) ring = one;
  if (ring === null)
    return {
      broken: false,
      queries: oracle.queries,
      share: 0,
      finding: `small pictures are not affine over Z_256 or GF(2) (${pictures(oracle.queries)})`,
    };
  const before = oracle.queries;
  const noise = noisePicture(shape, seed, 'small target');
  const photo = laboratory.photo(0, shape);
  const [noiseCipher, photoCipher] = (await laboratory.oracle(0).encrypt([noise, photo])) as [Raster, Raster];
  const [zero, ...columns] = (await oracle.encrypt([blackImage(shape), ...basis(shape, ring)])) as [
    Raster,
    ...Raster[],
  ];
  const solutions = solveAffine(zero, columns, [noiseCipher, photoCipher], ring);
  const queries = oracle.queries - before;
  if (!solutions)
    return { broken: false, queries, share: 0, finding: 'the matrix of the cipher has no inverse' };
  const [noiseFound, photoFound] = solutions.map((data) => ({ ...blackImage(shape), data })) as [
    Raster,
    Raster,
  ];
  const { share, broken } = recoveredShare(noiseFound, noise);
  return {
    broken,
    queries,
    share: broken ? share : 0,
    finding: `${pictures(queries)} of ${side}x${side} give the whole matrix over ${ringText[ring]}, which opens ${percent(share)} of any other cipher picture of that size`,
    details: { ring },
    ...(broken && { pictures: { recovered: photoFound, plain: photo, cipher: photoCipher } }),
  };
}

export const affineSolution: BlackBoxAttack = {
  idea: 'asks for one picture for each unknown and solves the equations of an affine cipher',
  queries: ({ shape }) => 20 + 8 * side * side * shape.channels,
  run,
};
