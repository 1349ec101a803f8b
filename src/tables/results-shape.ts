/** The shape of run.json (results.ts) and of attacks.json: what tables, figures and page read of them. */
import { measureNames, methodIds, sampleIds, table7Ids } from './results.ts';
import { aNumber, aText, aTruth, listOf, maybe, objectOf, oneOf, orNull, type Shape } from './shape.ts';

/** JSON has no Infinity: what may be infinite may be null. */
const measured = objectOf({
  value: orNull(aNumber),
  expected: orNull(aNumber),
  sd: orNull(aNumber),
  z: orNull(aNumber),
});
const measures = objectOf(Object.fromEntries(measureNames.map((name) => [name, measured])));

const image = objectOf({
  id: oneOf([...sampleIds, ...table7Ids, 'dicom']),
  source: aText,
  caption: aText,
  width: aNumber,
  height: aNumber,
  channels: aNumber,
  depth: aNumber,
  date: aText,
  dateSource: aText,
  sha256: aText,
});

const stages = ['metadata', 'inference', 'keyGeneration', 'encryption', 'envelope', 'decryption'];

const cell = objectOf({
  image: aText,
  method: oneOf(methodIds),
  parameters: listOf(aNumber, 1),
  seconds: objectOf(Object.fromEntries(stages.map((stage) => [stage, aNumber]))),
  measures,
  decryptedMse: aNumber,
  decryptedPsnr: orNull(aNumber),
  chi2Plain: aNumber,
  chi2Cipher: measured,
  attacked: maybe(objectOf({ attack: aText, queries: aNumber, recovered: aNumber })),
});

const training = objectOf({
  run: aText,
  map: aText,
  net: aText,
  engine: aText,
  imagesSeen: aNumber,
  seconds: aNumber,
  epochs: listOf(
    objectOf({ epoch: aNumber, trainLoss: aNumber, valLoss: aNumber, valMae: listOf(aNumber, 1) }),
    1,
  ),
});

const timing = objectOf({
  image: aText,
  method: aText,
  encryptSeconds: aNumber,
  decryptSeconds: aNumber,
  repeats: aNumber,
});

const recovery = objectOf({ queries: aNumber, recovered: orNull(measured) });
const peers = objectOf({
  ciphers: listOf(objectOf({ method: aText, name: aText, source: aText })),
  cells: listOf(
    objectOf({
      image: aText,
      method: aText,
      measures: orNull(measures),
      decryptedMse: aNumber,
      differential: objectOf({ trials: aNumber, npcr: measured, uaci: measured }),
      chosenPlaintext: recovery,
      knownPlaintext: recovery,
      predicted: measured,
    }),
  ),
});

/** Every cell is of an image that the run has. */
const cellsOfImages: Shape = (value, at) => {
  const { images, cells } = value as { images: { id: string }[]; cells: { image: string }[] };
  const known = oneOf(images.map(({ id }) => id));
  return (
    cells.map((cell, i) => known(cell.image, `${at}cells[${i}].image`)).find((fault) => fault !== null) ??
    null
  );
};

/** Of `ReproductionResults`. */
export const resultsShape: Shape = (value, at) => resultsKeys(value, at) ?? cellsOfImages(value, at);

const resultsKeys = objectOf({
  command: aText,
  profile: aText,
  preset: aText,
  channels: aText,
  seed: aNumber,
  environment: objectOf({}),
  images: listOf(image, 1),
  training: listOf(training),
  cells: listOf(cell, 1),
  timings: listOf(timing),
  peers: maybe(peers),
});

/** Of an `AttackShown`. */
export const attackShape: Shape = objectOf({
  name: aText,
  scheme: aText,
  success: aTruth,
  successRate: aNumber,
  rounds: aNumber,
  queries: aNumber,
  seconds: aNumber,
  finding: aText,
  pictureNames: listOf(aText),
});
