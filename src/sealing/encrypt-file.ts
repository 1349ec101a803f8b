/**
 * Image files to cipher images and sealed key files, `NAME.cipher.png` and `NAME.keys.jwe`, DICOM files to encrypted
 * objects, `NAME.cipher.dcm`, and any file sealed whole, `NAME.sealed`.
 * Options, targets and recipients are checked before the first picture is read. Each picture's two files appear
 * together, or not at all.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type MapName, mapTaking } from '../chaos/maps.ts';
import {
  checkCmsRecipients,
  checkParams,
  parametersFromSigmoid,
  type Scheme,
  schemeNamed,
  sealedNames,
} from '../cipher/index.ts';
import { isDicomFile } from '../data/dicom/file.ts';
import type { Metadata } from '../data/metadata/extra.ts';
import type { NetworkName } from '../models/networks.ts';
import { parseWallClock } from '../shared/datetime.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder } from '../shared/files.ts';
import type { MapParams } from '../shared/types.ts';
import { nameOf, refuseExisting } from '../shared/user-files.ts';
import type { TrainedNetwork, Wanted } from '../training/trained.ts';
import type { NameStyle } from './names.ts';
import { type Neutral, neutralNames } from './neutral-names.ts';
import { type PlannedFile, planned } from './readable.ts';
import { readRecipientFiles } from './recipient-files.ts';
import {
  type Audience,
  defaultScheme,
  type EncryptedFile,
  type ImageParameters,
  isImage,
  keyFilesOf,
  type LoadedFile,
  type Loading,
  loadFile,
  type ResultKind,
  type Sealing,
  sealFile,
  type Target,
} from './seal-image.ts';

export type { EncryptedFile } from './seal-image.ts';

/** Options of files and folders. */
export interface EncryptOptions extends Loading, Sealing {
  readonly out: string;
  /** Default: DICOM objects of DICOM files, else PNG. */
  readonly as?: ResultKind;
  /** Files of public keys or certificates, PEM. */
  readonly recipients: readonly string[];
  /** Accepts expired certificates. */
  readonly allowExpired?: boolean;
  /** Default: lorenz, or the map that takes as many parameters as `params` has. */
  readonly map?: MapName;
  /** `3.95` or `10,28,2.667`; without it the network predicts them from the date. */
  readonly params?: string;
  readonly net: NetworkName;
  /** A run id or folder; default the newest suitable one. */
  readonly model?: string;
  readonly force: boolean;
  /** Default `original`. */
  readonly names?: NameStyle;
}

export interface EncryptRequest extends EncryptOptions {
  readonly images: readonly string[];
}

/**
 * Encrypts the images one by one. Results before a failure stay.
 * @param warn called once for weak parameters
 * @throws InputError for wrong input
 */
export async function encryptFiles(
  request: EncryptRequest,
  warn: (line: string) => void,
): Promise<EncryptedFile[]> {
  let save = async (): Promise<void> => undefined;
  const prepared = await prepare(request, warn, async () => {
    const named = await targetsOf(request);
    save = named.save;
    return named.targets;
  });
  const { targets, audience, needsDate, parametersOf } = prepared;
  try {
    await save();
    const done: EncryptedFile[] = [];
    for (const target of targets) {
      const loaded = await loadFile(target, request, needsDate);
      done.push(await sealFile(loaded, target, await parametersFor(loaded, parametersOf), request, audience));
    }
    return done;
  } finally {
    await prepared.dispose();
  }
}

/** Parameters of an image; null for any other file. */
async function parametersFor(
  loaded: LoadedFile,
  parametersOf: Prepared['parametersOf'],
): Promise<ImageParameters | null> {
  if (!isImage(loaded)) return null;
  const { when, dateSource } = loaded;
  return { ...(await parametersOf(when)), when, dateSource };
}

/** The results that `encryptFiles` would write. Writes nothing. @throws InputError as `encryptFiles` does */
export async function planFiles(
  request: EncryptRequest,
  warn: (line: string) => void,
): Promise<PlannedFile[]> {
  const prepared = await prepare(
    request,
    warn,
    async () => (await targetsOf(request)).targets,
    undefined,
    true,
  );
  try {
    const { targets, audience, needsDate } = prepared;
    const files: PlannedFile[] = [];
    for (const target of targets)
      files.push(await planned(await loadFile(target, request, needsDate), target, request, audience.secret));
    return files;
  } finally {
    await prepared.dispose();
  }
}

export interface Prepared {
  readonly targets: readonly Target[];
  readonly audience: Audience;
  readonly needsDate: boolean;
  readonly parametersOf: (
    when: Metadata | null,
  ) => Promise<{ readonly map: MapName; readonly params: MapParams; readonly from: string }>;
  /** Opens the network ahead of the first image: folders load pictures meanwhile. */
  readonly begin: () => void;
  readonly dispose: () => Promise<void>;
}

/**
 * Checks everything but the pictures, then makes the output folder.
 * @param dry nothing is written
 */
export async function prepare(
  options: EncryptOptions,
  warn: (line: string) => void,
  targetsOf: () => Promise<readonly Target[]>,
  open: OpenNetwork = openNetwork,
  dry = false,
): Promise<Prepared> {
  checkScheme(options, warn);
  const byHand = options.params === undefined ? undefined : parseParams(options.params);
  const map = options.map ?? mapTaking(byHand);
  if (byHand) checkParams(map, byHand).forEach(warn);
  if (options.date !== undefined) parseWallClock(options.date);
  const targets = await targetsOf();
  const objects = targets.some(({ as }) => as === 'dicom');
  if (objects) checkForObjects(options);
  const recipients = await readRecipients(options, objects);
  if (!dry) await makeFolder(options.out);
  const common = { targets, audience: { recipients, secret: randomBytes(32) }, needsDate: !byHand };
  if (!byHand) return { ...common, ...networkSource(map, options, open) };
  const parametersOf = async () => ({ map, params: byHand, from: 'by hand' });
  return { ...common, parametersOf, begin: () => undefined, dispose: async () => undefined };
}

/** @throws InputError for an option that the scheme does not have */
function checkScheme(sealing: Sealing, warn: (line: string) => void): void {
  const { scheme: name = defaultScheme, enc, envelope } = sealing;
  if (envelope === 'cms' && enc !== undefined)
    throw new InputError('--enc is a choice of --envelope jwe (CMS takes AES-256-GCM); leave it out');
  const { choices = [], warning } = schemeNamed(name);
  for (const [choice, option] of Object.entries(choiceOptions) as [Choice, string][]) {
    if (sealing[choice] === undefined || choices.includes(choice)) continue;
    const others = sealedNames().filter((other) => schemeNamed(other).choices?.includes(choice));
    const having = `--scheme ${others.join(' or ')}`;
    throw new InputError(
      `${option} is a choice of ${having}, got it with --scheme ${name}; leave it out, or add ${having}`,
    );
  }
  if (warning !== undefined) warn(`${warning}; leave out --scheme ${name}`);
}

type Choice = NonNullable<Scheme['choices']>[number];
const choiceOptions: Readonly<Record<Choice, string>> = { preset: '--preset', keyFormat: '--key-format' };

/**
 * `3.95` or `10,28,2.667`, decimal numbers only.
 * @throws InputError that names the part that is no number
 */
export function parseParams(text: string): number[] {
  return text.split(',').map((part) => {
    if (/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(part)) return Number(part);
    throw new InputError(
      `"params" expected numbers with commas between, got "${part}" in "${text}"; for example --params 10,28,2.667`,
    );
  });
}

/** @throws InputError for options that only PNG results have */
function checkForObjects({ frame, channels }: EncryptOptions): void {
  if (frame !== undefined || channels !== 'native')
    throw new InputError(
      `--${frame === undefined ? 'channels' : 'frame'} is a choice of --as png, and a DICOM file becomes an encrypted ` +
        'DICOM object as a whole; add --as png, or leave it out',
    );
}

/** @throws InputError if two inputs would write the same files, or files are there already */
async function targetsOf({ images, out, force, ...options }: EncryptRequest): Promise<Neutral> {
  const own = await Promise.all(images.map((image) => targetIn(out, image, options)));
  const named =
    options.names === 'neutral' ? await neutralNames(own, ({ image }) => basename(image), out) : null;
  const { targets, failed, save } = named ?? { targets: own, failed: [], save: async () => undefined };
  if (failed[0]) throw new InputError(failed[0].reason);
  refuseSameTargets(targets);
  refuseExisting(
    targets.flatMap(({ cipher, keys }) => [cipher, ...(keys === null ? [] : keyFilesOf(keys))]),
    force,
  );
  return { targets, failed, save };
}

/** The result files of an image. */
export async function targetIn(
  folder: string,
  image: string,
  { as, envelope = 'jwe' }: Pick<EncryptOptions, 'as' | 'envelope'>,
  name = nameOf(image),
): Promise<Target> {
  const stem = join(folder, name);
  const kind = as ?? ((await isDicomFile(image)) ? 'dicom' : 'png');
  if (kind === 'sealed') return sealedTarget(image, stem);
  return kind === 'dicom'
    ? { image, as: kind, cipher: `${stem}.cipher.dcm`, keys: null }
    : { image, as: kind, cipher: `${stem}.cipher.png`, keys: `${stem}.keys.${envelope}` };
}

/** An input called `NAME.sealed` must not be overwritten by its own result. */
function sealedTarget(image: string, stem: string): Target {
  const cipher = `${stem}.sealed`;
  const same = resolve(cipher) === resolve(image);
  return { image, as: 'sealed', cipher: same ? `${cipher}.sealed` : cipher, keys: null };
}

/** Whether all result files exist. A key file counts in either envelope. */
export const isThere = ({ cipher, keys }: Target): boolean =>
  existsSync(cipher) && (keys === null || keyFilesOf(keys).some((file) => existsSync(file)));

/** @throws InputError if two inputs would write the same files */
export function refuseSameTargets(targets: readonly Target[]): void {
  const byCipher = new Map<string, string>();
  for (const { image, cipher } of targets) {
    const other = byCipher.get(cipher);
    if (other !== undefined)
      throw new InputError(
        `${other} and ${image} would both become ${basename(cipher)}; rename one, or encrypt them into two --out folders`,
      );
    byCipher.set(cipher, image);
  }
}

async function readRecipients(
  { recipients, envelope, allowExpired }: EncryptOptions,
  objects: boolean,
): Promise<string[]> {
  const pems = await readRecipientFiles(recipients, { allowExpired });
  if (objects || envelope === 'cms') checkCmsRecipients(pems);
  return pems;
}

export type OpenNetwork = (
  wanted: Wanted,
) => Promise<Pick<TrainedNetwork, 'run' | 'outputs' | 'dispose'> & Partial<Pick<TrainedNetwork, 'warmUp'>>>;

/** The first image opens the network; all images share it. */
function networkSource(
  map: MapName,
  { net, model }: EncryptOptions,
  open: OpenNetwork,
): Pick<Prepared, 'parametersOf' | 'begin' | 'dispose'> {
  let predictor: ReturnType<OpenNetwork> | undefined;
  return {
    begin() {
      predictor = warmedUp(open({ map, net, model }));
      predictor.catch(() => undefined); // reported by the first image that needs it
    },
    async parametersOf(when) {
      predictor ??= open({ map, net, model });
      const { run, outputs } = await predictor;
      const [values] = await outputs([when!]); // needsDate: no image without one comes here
      return { map, params: parametersFromSigmoid(map, values ?? []), from: run };
    },
    dispose: async () => (await predictor?.catch(() => undefined))?.dispose(),
  };
}

async function warmedUp(opening: ReturnType<OpenNetwork>): ReturnType<OpenNetwork> {
  const predictor = await opening;
  await predictor.warmUp?.();
  return predictor;
}

/** Imported late: parameters by hand need no TensorFlow. */
async function openNetwork(wanted: Wanted): Promise<TrainedNetwork> {
  const { findTraining, openTrained } = await import('../training/trained.ts');
  return openTrained((await findTraining(wanted)).run);
}
