/**
 * Results of `reproduce-tables`: the content of `run.json`, and all that tables, figures and the
 * report are made from. Times are seconds of one run on this machine, percent values are percent.
 */
import { paperMaps } from '../chaos/maps.ts';
import { type Measured, type MeasureName, measureNames } from '../metrics/types.ts';
import { type Of, oneOf, z } from '../shared/schema.ts';
import { channelModes, netNames } from '../shared/types.ts';

export { type Measured, type MeasureName, measureNames } from '../metrics/types.ts';

/** The paper's six columns, in its order. */
export const methodIds = [
  'logistic+resnet18',
  'logistic+mobilenetv2',
  'lorenz+resnet18',
  'lorenz+mobilenetv2',
  'logistic',
  'lorenz',
] as const;
export type MethodId = (typeof methodIds)[number];

export const sampleIds = ['sample1', 'sample2', 'sample3', 'sample4'] as const;
export const table7Ids = ['table7a', 'table7b', 'table7c', 'table7d'] as const;
/** `dicom`: of a data folder that has one; in no table of the paper's. */
const imageId = oneOf([...sampleIds, ...table7Ids, 'dicom']);
export type ImageId = z.output<typeof imageId>;

const text = z.string();
const real = z.number();
/** JSON writes Infinity as null; `readResults` restores it. */
const realOrInfinity = z.number().nullable() as unknown as z.ZodType<number>;

const measured: z.ZodType<Measured> = z.object({
  value: real.nullable(),
  expected: real.nullable(),
  sd: real.nullable(),
  z: real.nullable(),
  note: text.optional(),
});
/** The paper's eight; runs have the metrics besides that src/metrics/metrics.ts had when they were made. */
const eight = Object.fromEntries(measureNames.map((name) => [name, measured]));
const measures = z.object(eight as Record<MeasureName, typeof measured>).catchall(measured);

const image = z.object({
  id: imageId,
  /** Base name of the source file, or the name of the generated phantom. */
  source: text,
  /** One sentence: the picture, its source, how it was resized. */
  caption: text,
  width: real,
  height: real,
  channels: real,
  depth: z.literal([8, 16]),
  /** Wall-clock `YYYY-MM-DDTHH:MM:SS`. */
  date: text,
  /** exif:DateTimeOriginal, png:tIME, synthetic, ... */
  dateSource: text,
  /** SHA-256 of the source file's bytes, or of the phantom's samples. */
  sha256: text,
  /** How a grey DICOM picture is shown: the samples that are black and white. */
  view: z.object({ black: real, white: real }).optional(),
});
export type ImageRecord = Of<typeof image>;

const cell = z.object({
  image: imageId,
  method: oneOf(methodIds),
  date: text,
  dateSource: text,
  /** [r] or [sigma, rho, beta], exact. */
  parameters: z.array(real).min(1),
  preset: text,
  channels: real,
  seconds: z.object({
    /** Drawing the metadata image; 0 for a baseline. */
    metadata: real,
    /** The network, batch 1; 0 for a baseline. */
    inference: real,
    keyGeneration: real,
    encryption: real,
    /** Packing the key file and sealing it in the envelope. */
    envelope: real,
    /** Inverting permutation and XOR, keys given. */
    decryption: real,
  }),
  /** Plain against cipher; correlations and entropy of the cipher. */
  measures,
  /** Plain against decrypted: 0 and Infinity when exact. */
  decryptedMse: real,
  decryptedPsnr: realOrInfinity,
  /** Histogram chi-square against the uniform, 255 (65535) degrees of freedom. */
  chi2Plain: real,
  chi2Cipher: measured,
  /** Where the cell was attacked, and attacked.png lies beside its pictures. */
  attacked: z
    .object({
      /** `chosen-plaintext`. */
      attack: text,
      queries: real,
      /** Samples of the plain image that came out, percent. */
      recovered: real,
    })
    .optional(),
});
/** One image encrypted with one method. */
export type CellRecord = Of<typeof cell>;

const cipher = z.object({
  method: text,
  /** As tables name it. */
  name: text,
  /** Authors, year, place; and our reading of it. */
  source: text,
  /** `reconstruction`, `published`, ...: Scheme.standing. */
  standing: text.optional(),
  /** `ref13` where the paper cites it. */
  reference: text.optional(),
  /** It takes grey pictures only: the green channel was measured. */
  grey: z.boolean().optional(),
});
/**
 * A cipher measured beside the paper's methods: `hardened`, `peer:<name>`; or the paper's scheme with fixed parameters,
 * `logistic` and `lorenz`, whose other measures are in `cells`.
 */
export type CipherRecord = Of<typeof cipher>;

/** Percent, beside the percent of guessing; null if the attack does not apply to the cipher. */
const recovery = z.object({ queries: real, recovered: measured.nullable() });
/** Part of an image's samples that an attack gave back. */
export type Recovery = Of<typeof recovery>;

const peerCell = z.object({
  image: imageId,
  method: text,
  /** The decryption key, hex; empty for the paper's methods. */
  keyFile: text,
  /** Plain against cipher; null for the paper's methods. */
  measures: measures.nullable(),
  /** Plain against decrypted: 0 when exact. */
  decryptedMse: real,
  /** Two cipher images under one key whose plain images differ in one sample: means over the trials, percent. */
  differential: z.object({ trials: real, npcr: measured, uaci: measured }),
  chosenPlaintext: recovery,
  knownPlaintext: recovery,
  /** Samples of a fourth cipher image that three others predict, percent (src/attacks/affine.ts). */
  predicted: measured,
  /** Bits of each plane of it, the lowest first, percent; guessing gives 50. */
  predictedPlanes: z.array(real).optional(),
});
/** One image of Table 7 with one such cipher. */
export type PeerCell = Of<typeof peerCell>;

const peers = z.object({ ciphers: z.array(cipher), cells: z.array(peerCell) });
export type PeerResults = Of<typeof peers>;

const timing = z.object({
  image: text,
  /** A `MethodId`, `hardened` or `peer:<name>`. */
  method: text,
  encryptSeconds: real,
  decryptSeconds: real,
  repeats: real,
});
/** Time to encrypt and decrypt one size with one method (Table 2): medians over `repeats`. */
export type TimingRecord = Of<typeof timing>;

const training = z.object({
  run: text,
  map: oneOf(paperMaps),
  net: oneOf(netNames),
  engine: text,
  /** Trained with less than the profile asks for, for want of a native engine. */
  undertrained: z.boolean(),
  imagesSeen: real,
  seconds: real,
  epochs: z
    .array(
      z.object({
        epoch: real,
        trainLoss: real,
        valLoss: real,
        /** Mean absolute error in the unit interval, a value per output. */
        valMae: z.array(real).min(1),
      }),
    )
    .min(1),
});
export type TrainingRecord = Of<typeof training>;

export const resultsSchema = z.object({
  version: z.literal(1),
  command: text,
  profile: text,
  preset: text,
  channels: oneOf(channelModes),
  seed: real,
  environment: z.record(text, z.union([text, real, z.null()], 'a text, a number or null')),
  images: z.array(image).min(1),
  training: z.array(training),
  cells: z.array(cell).min(1),
  timings: z.array(timing),
  /** Runs before there were peers have none. */
  peers: peers.optional(),
});
export type ReproductionResults = Of<typeof resultsSchema>;
