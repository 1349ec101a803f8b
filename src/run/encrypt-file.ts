/**
 * Image files to cipher images and sealed key files: `NAME.cipher.png` and `NAME.keys.jwe`.
 * All that can be refused without looking at a picture is refused first; each picture's two files then appear
 * together, or not at all.
 */
import { join } from 'node:path';
import {
  checkCmsRecipients,
  checkParams,
  checkRecipients,
  type EnvelopeKind,
  parametersFromSigmoid,
} from '../cipher/index.ts';
import { parseWallClock, type WallClock } from '../data/datetime.ts';
import type { NetworkName } from '../models/networks.ts';
import type { Predictor, PredictorOptions } from '../models/predict.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, readInput } from '../shared/files.ts';
import type { MapName, MapParams } from '../shared/types.ts';
import {
  type EncryptedFile,
  type Loading,
  loadImage,
  type Sealing,
  sealImage,
  type Target,
} from './seal-image.ts';
import { nameOf, refuseExisting } from './user-files.ts';

export type { EncryptedFile } from './seal-image.ts';

/** What files and whole folders are encrypted with. */
export interface EncryptOptions extends Loading, Sealing {
  readonly out: string;
  /** Files of public keys, PEM. */
  readonly recipients: readonly string[];
  /** Default: lorenz, or the map that takes as many parameters as `params` has. */
  readonly map?: MapName;
  /** `3.95` or `10,28,2.667`; without it the network predicts them from the date. */
  readonly params?: string;
  readonly net: NetworkName;
  /** A run id or folder; default the newest suitable one. */
  readonly model?: string;
  readonly force: boolean;
}

export interface EncryptRequest extends EncryptOptions {
  readonly images: readonly string[];
}

/**
 * Encrypts the images one by one; those before a failing one stay.
 * @param warn told once about parameters that work and are weak
 * @throws InputError for anything the user can mend
 */
export async function encryptFiles(
  request: EncryptRequest,
  warn: (line: string) => void,
): Promise<EncryptedFile[]> {
  const prepared = await prepare(request, warn, () => targetsOf(request));
  const { targets, recipients, needsDate, parametersOf } = prepared;
  try {
    const done: EncryptedFile[] = [];
    for (const target of targets) {
      const { plain, when, dateSource } = await loadImage(target.image, request, needsDate);
      const parameters = { ...(await parametersOf(when)), when, dateSource };
      done.push(await sealImage(plain, target, parameters, request, recipients));
    }
    return done;
  } finally {
    await prepared.dispose();
  }
}

export interface Prepared<Targets> {
  readonly targets: Targets;
  /** Public keys, PEM. */
  readonly recipients: readonly string[];
  readonly needsDate: boolean;
  readonly parametersOf: (
    when: WallClock | null,
  ) => Promise<{ readonly map: MapName; readonly params: MapParams; readonly from: string }>;
  readonly dispose: () => Promise<void>;
}

/** Checks of everything but the pictures; then the output folder is made. */
export async function prepare<Targets>(
  options: EncryptOptions,
  warn: (line: string) => void,
  targetsOf: () => Targets | Promise<Targets>,
  open: OpenNetwork = openNetwork,
): Promise<Prepared<Targets>> {
  checkScheme(options, warn);
  const byHand = options.params === undefined ? undefined : parseParams(options.params);
  const map = options.map ?? (byHand?.length === 1 ? 'logistic' : 'lorenz');
  if (byHand) checkParams(map, byHand).forEach(warn);
  if (options.date !== undefined) parseWallClock(options.date);
  const targets = await targetsOf();
  const recipients = await readRecipients(options);
  await makeFolder(options.out);
  const common = { targets, recipients, needsDate: !byHand };
  if (!byHand) return { ...common, ...networkSource(map, options, open) };
  const parametersOf = async () => ({ map, params: byHand, from: 'by hand' });
  return { ...common, parametersOf, dispose: async () => undefined };
}

/** @throws InputError where options of the paper scheme are given for the hardened one */
function checkScheme(
  { scheme = 'hardened', preset, keyFormat, enc, envelope }: Sealing,
  warn: (line: string) => void,
): void {
  if (envelope === 'cms' && enc !== undefined)
    throw new InputError('--enc is a choice of --envelope jwe (CMS takes AES-256-GCM); leave it out');
  if (scheme === 'paper')
    warn(
      'the paper scheme is for study and protects no patient (npm run attack shows why); leave out --scheme paper',
    );
  else if (preset !== undefined || keyFormat !== undefined)
    throw new InputError(
      `${preset === undefined ? '--key-format' : '--preset'} is a choice of --scheme paper, got it with --scheme ` +
        'hardened; leave it out, or add --scheme paper',
    );
}

/**
 * `3.95` or `10,28,2.667`, decimal numbers only.
 * @throws InputError naming the part that is none
 */
export function parseParams(text: string): number[] {
  return text.split(',').map((part) => {
    if (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(part)) return Number(part);
    throw new InputError(
      `"params" expected numbers with commas between, got "${part}" in "${text}"; for example --params 10,28,2.667`,
    );
  });
}

/** @throws InputError if two inputs would write the same files, or files are there already */
function targetsOf({ images, out, force, envelope }: EncryptRequest): Target[] {
  const targets = images.map((image) => targetIn(out, image, envelope));
  refuseSameTargets(targets);
  refuseExisting(
    targets.flatMap(({ cipher, keys }) => [cipher, keys]),
    force,
  );
  return targets;
}

/** The two files of an image in a folder. */
export function targetIn(folder: string, image: string, envelope: EnvelopeKind = 'jwe'): Target {
  const stem = join(folder, nameOf(image));
  return { image, cipher: `${stem}.cipher.png`, keys: `${stem}.keys.${envelope}` };
}

/** @throws InputError if two inputs would write the same files */
export function refuseSameTargets(targets: readonly Target[]): void {
  const byCipher = new Map<string, string>();
  for (const { image, cipher } of targets) {
    const other = byCipher.get(cipher);
    if (other !== undefined)
      throw new InputError(
        `${other} and ${image} would both become ${nameOf(cipher)}.png; rename one, or encrypt them into two --out folders`,
      );
    byCipher.set(cipher, image);
  }
}

async function readRecipients({ recipients, envelope }: EncryptOptions): Promise<string[]> {
  const pems: string[] = [];
  for (const path of recipients) pems.push((await readInput(path, 'public key')).toString('utf8'));
  if (envelope === 'cms') checkCmsRecipients(pems);
  else checkRecipients(pems);
  return pems;
}

export type OpenNetwork = (
  options: PredictorOptions,
) => Promise<Pick<Predictor, 'run' | 'sigmoid' | 'dispose'>>;

/** The network is opened when the first image needs it and serves all of them. */
function networkSource(
  map: MapName,
  { net, model }: EncryptOptions,
  open: OpenNetwork,
): Pick<Prepared<unknown>, 'parametersOf' | 'dispose'> {
  let predictor: ReturnType<OpenNetwork> | undefined;
  return {
    async parametersOf(when) {
      predictor ??= open({ map, net, model });
      const { run, sigmoid } = await predictor;
      const [outputs] = await sigmoid([when!]); // needsDate: no image without one comes here
      return { map, params: parametersFromSigmoid(map, outputs ?? []), from: run };
    },
    dispose: async () => (await predictor?.catch(() => undefined))?.dispose(),
  };
}

/** Imported here and not above: parameters by hand need no TensorFlow. */
async function openNetwork(options: PredictorOptions): Promise<Predictor> {
  const { openPredictor } = await import('../models/predict.ts');
  return openPredictor(options);
}
