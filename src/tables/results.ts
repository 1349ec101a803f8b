/**
 * What `reproduce-tables` found: the content of `run.json`, and all that tables, figures and the
 * report are made from. Times are seconds of one run on this machine, percent values are percent.
 */
import type { View } from '../data/dicom/view.ts';
import type { Measured, MeasureName } from '../metrics/types.ts';
import type { MapName, NetName } from '../shared/types.ts';

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
export type ImageId = (typeof sampleIds)[number] | (typeof table7Ids)[number] | 'dicom';

export { type Measured, type MeasureName, measureNames } from '../metrics/types.ts';

export interface ImageRecord {
  readonly id: ImageId;
  /** Base name of the source file, or the name of the generated phantom. */
  readonly source: string;
  /** One sentence: what the picture is, where it comes from, how it was brought to this size. */
  readonly caption: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: 8 | 16;
  /** Wall-clock `YYYY-MM-DDTHH:MM:SS`. */
  readonly date: string;
  /** exif:DateTimeOriginal, png:tIME, synthetic, ... */
  readonly dateSource: string;
  /** SHA-256 of the source file's bytes, or of the phantom's samples. */
  readonly sha256: string;
  /** How a grey DICOM picture is shown. */
  readonly view?: View;
}

/** One image encrypted with one method. */
export interface CellRecord {
  readonly image: ImageId;
  readonly method: MethodId;
  readonly date: string;
  readonly dateSource: string;
  /** [r] or [sigma, rho, beta], exact. */
  readonly parameters: readonly number[];
  readonly preset: string;
  readonly channels: number;
  readonly seconds: {
    /** Drawing the metadata image; 0 for a baseline. */
    readonly metadata: number;
    /** The network, batch 1; 0 for a baseline. */
    readonly inference: number;
    readonly keyGeneration: number;
    readonly encryption: number;
    /** Packing the key file and sealing it in the envelope. */
    readonly envelope: number;
    /** Inverting permutation and XOR, keys given. */
    readonly decryption: number;
  };
  /** Plain against cipher; correlations and entropy of the cipher. */
  readonly measures: Readonly<Record<MeasureName, Measured>>;
  /** Plain against decrypted: 0 and Infinity when exact (Infinity is null in JSON; see `readResults`). */
  readonly decryptedMse: number;
  readonly decryptedPsnr: number;
  /** Histogram chi-square against the uniform, 255 (65535) degrees of freedom. */
  readonly chi2Plain: number;
  readonly chi2Cipher: Measured;
  /** Where the cell was attacked, and attacked.png lies beside its pictures. */
  readonly attacked?: {
    /** `chosen-plaintext`. */
    readonly attack: string;
    readonly queries: number;
    /** Samples of the plain image that came out, percent. */
    readonly recovered: number;
  };
}

/**
 * A cipher measured beside the paper's methods: `hardened`, `peer:<name>`; or the paper's scheme with fixed parameters,
 * `logistic` and `lorenz`, of which cells hold everything but what is only here.
 */
export interface CipherRecord {
  readonly method: string;
  /** As tables name it. */
  readonly name: string;
  /** Authors, year, place; and what of it is our reading. */
  readonly source: string;
}

/** Part of an image's samples that an attack gave back; `recovered` is null where it does not apply to the cipher. */
export interface Recovery {
  readonly queries: number;
  /** Percent, beside what guessing gives. */
  readonly recovered: Measured | null;
}

/** One image of Table 7 with one such cipher. */
export interface PeerCell {
  readonly image: ImageId;
  readonly method: string;
  /** What decrypts, hex; empty for the paper's methods. */
  readonly keyFile: string;
  /** Plain against cipher; null for the paper's methods. */
  readonly measures: Readonly<Record<MeasureName, Measured>> | null;
  /** Plain against decrypted: 0 when exact. */
  readonly decryptedMse: number;
  /** Two cipher images under one key whose plain images differ in one sample: means over the trials, percent. */
  readonly differential: { readonly trials: number; readonly npcr: Measured; readonly uaci: Measured };
  readonly chosenPlaintext: Recovery;
  readonly knownPlaintext: Recovery;
  /** Samples of a fourth cipher image that three others predict, percent (src/attacks/affine.ts). */
  readonly predicted: Measured;
}

export interface PeerResults {
  readonly ciphers: readonly CipherRecord[];
  readonly cells: readonly PeerCell[];
}

/** Time to encrypt and decrypt one size with one method (Table 2): medians over `repeats`. */
export interface TimingRecord {
  readonly image: string;
  /** A `MethodId`, `hardened` or `peer:<name>`. */
  readonly method: string;
  readonly encryptSeconds: number;
  readonly decryptSeconds: number;
  readonly repeats: number;
}

export interface TrainingRecord {
  readonly run: string;
  readonly map: MapName;
  readonly net: NetName;
  readonly engine: string;
  /** Trained with less than the profile asks for, for want of a native engine. */
  readonly undertrained: boolean;
  readonly imagesSeen: number;
  readonly seconds: number;
  readonly epochs: readonly {
    readonly epoch: number;
    readonly trainLoss: number;
    readonly valLoss: number;
    /** Mean absolute error in the unit interval, a value per output. */
    readonly valMae: readonly number[];
  }[];
}

export interface ReproductionResults {
  readonly version: 1;
  readonly command: string;
  readonly profile: string;
  readonly preset: string;
  readonly channels: 'rgb' | 'native';
  readonly seed: number;
  readonly environment: Readonly<Record<string, string | number | null>>;
  readonly images: readonly ImageRecord[];
  readonly training: readonly TrainingRecord[];
  readonly cells: readonly CellRecord[];
  readonly timings: readonly TimingRecord[];
  /** Runs before there were peers have none. */
  readonly peers?: PeerResults;
}
