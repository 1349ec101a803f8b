/**
 * Image files to cipher images and sealed key files: `NAME.cipher.png` and `NAME.keys.jwe`.
 * All that can be refused without looking at a picture is refused first; each picture's two files then appear
 * together, or not at all.
 */
import { join } from 'node:path';
import {
  type ContentEncryption,
  checkParams,
  checkRecipients,
  deriveKeys,
  encryptHardened,
  encryptRaster,
  type HardenedInput,
  type PresetName,
  parametersFromSigmoid,
  presets,
  sealHardened,
  sealKeys,
} from '../cipher/index.ts';
import { formatWallClock, parseWallClock } from '../data/datetime.ts';
import { encodePng, loadRaster } from '../data/image.ts';
import { requireDateTime } from '../data/metadata.ts';
import type { NetworkName } from '../models/networks.ts';
import type { Predictor, PredictorOptions } from '../models/predict.ts';
import { InputError } from '../shared/errors.ts';
import { makeFolder, readInput } from '../shared/files.ts';
import type { MapName, MapParams, Raster } from '../shared/types.ts';
import { nameOf, refuseExisting } from './user-files.ts';
import { writeTogether } from './write-together.ts';

export interface EncryptRequest {
  readonly images: readonly string[];
  readonly out: string;
  /** Files of public keys, PEM. */
  readonly recipients: readonly string[];
  /** Default: lorenz, or the map that takes as many parameters as `params` has. */
  readonly map?: MapName;
  /** `3.95` or `10,28,2.667`; without it the network predicts them from the date. */
  readonly params?: string;
  /** `YYYY-MM-DDTHH:MM:SS`, in place of the file's own date. */
  readonly date?: string;
  readonly net: NetworkName;
  /** A run id or folder; default the newest suitable one. */
  readonly model?: string;
  /** Default `hardened`. */
  readonly scheme?: 'paper' | 'hardened';
  /** Of the paper scheme, default `paper`; the hardened one has its own choices. */
  readonly preset?: PresetName;
  readonly channels: 'native' | 'rgb';
  /** Of DICOM files, counted from 1; needed for those of several frames. */
  readonly frame?: number;
  /** Of the paper scheme, default `npz`. */
  readonly keyFormat?: 'npz' | 'compact';
  /** Default A128GCM for the paper scheme (the paper's AES-128), A256GCM for the hardened one. */
  readonly enc?: ContentEncryption;
  readonly force: boolean;
}

export interface EncryptedFile {
  readonly image: string;
  readonly cipher: string;
  readonly keys: string;
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly depth: number;
  readonly scheme: 'paper' | 'hardened';
  readonly map: MapName;
  readonly preset: PresetName;
  /** `by hand`, or the network run that predicted them. The values are the key and are not repeated here. */
  readonly parameters: string;
  /** Where the date came from, e.g. `exif:DateTimeOriginal`; null where none was needed. */
  readonly dateSource: string | null;
}

/** Parameters for one image file, and where they came from. */
type ParameterSource = (
  bytes: Buffer,
  path: string,
) => Promise<{ params: MapParams; from: string; date: string | null; dateSource: string | null }>;

interface Target {
  readonly image: string;
  readonly cipher: string;
  readonly keys: string;
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
  checkScheme(request, warn);
  const byHand = request.params === undefined ? undefined : parseParams(request.params);
  const map = request.map ?? (byHand?.length === 1 ? 'logistic' : 'lorenz');
  if (byHand) checkParams(map, byHand).forEach(warn);
  if (request.date !== undefined) parseWallClock(request.date);
  const targets = targetsOf(request);
  const recipients = await readRecipients(request.recipients);
  await makeFolder(request.out);
  const network = networkSource(map, request);
  const parameters = byHand ? handSource(byHand, request.date) : network.source;
  try {
    const done: EncryptedFile[] = [];
    for (const target of targets) done.push(await encryptFile(target, map, request, recipients, parameters));
    return done;
  } finally {
    await network.dispose();
  }
}

async function encryptFile(
  target: Target,
  map: MapName,
  request: EncryptRequest,
  recipients: readonly string[],
  parameters: ParameterSource,
): Promise<EncryptedFile> {
  const bytes = await readInput(target.image, 'image');
  const plain = await loadRaster(bytes, target.image, request.channels, request.frame);
  const { params, from, date, dateSource } = await parameters(bytes, target.image);
  const { scheme = 'hardened' } = request;
  const { cipher, jwe } =
    scheme === 'hardened'
      ? await hardenedSealed(plain, { map, params, metadata: date }, request, recipients)
      : await paperSealed(plain, map, params, request, recipients);
  await writeTogether([
    { path: target.cipher, data: await encodePng(cipher) },
    { path: target.keys, data: jwe },
  ]);
  const { width, height, channels, depth } = plain;
  return {
    ...target,
    width,
    height,
    channels,
    depth,
    scheme,
    map,
    preset: scheme === 'hardened' ? 'sound' : (request.preset ?? 'paper'),
    parameters: from,
    dateSource,
  };
}

/** @throws InputError where options of the paper scheme are given for the hardened one */
function checkScheme(
  { scheme = 'hardened', preset, keyFormat }: EncryptRequest,
  warn: (line: string) => void,
): void {
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

interface SealedImage {
  readonly cipher: Raster;
  readonly jwe: string;
}

async function hardenedSealed(
  plain: Raster,
  input: HardenedInput,
  { enc }: EncryptRequest,
  recipients: readonly string[],
): Promise<SealedImage> {
  const { cipher, key } = encryptHardened(plain, input);
  return { cipher, jwe: await sealHardened(key, cipher, recipients, enc) };
}

async function paperSealed(
  plain: Raster,
  map: MapName,
  params: MapParams,
  { preset = 'paper', keyFormat, enc }: EncryptRequest,
  recipients: readonly string[],
): Promise<SealedImage> {
  const options = presets[preset];
  const keys = deriveKeys(map, params, plain, options);
  const cipher = encryptRaster(plain, keys);
  const meta = keyFormat === 'compact' ? { preset, compact: { map, params, options } } : { preset };
  return { cipher, jwe: await sealKeys(keys, cipher, meta, recipients, enc) };
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
function targetsOf({ images, out, force }: EncryptRequest): Target[] {
  const byName = new Map<string, string>();
  const targets = images.map((image) => {
    const name = nameOf(image);
    const other = byName.get(name);
    if (other !== undefined)
      throw new InputError(
        `${other} and ${image} would both become ${name}.cipher.png; rename one, or encrypt them into two --out folders`,
      );
    byName.set(name, image);
    return { image, cipher: join(out, `${name}.cipher.png`), keys: join(out, `${name}.keys.jwe`) };
  });
  refuseExisting(
    targets.flatMap(({ cipher, keys }) => [cipher, keys]),
    force,
  );
  return targets;
}

async function readRecipients(paths: readonly string[]): Promise<string[]> {
  const pems: string[] = [];
  for (const path of paths) pems.push((await readInput(path, 'public key')).toString('utf8'));
  checkRecipients(pems);
  return pems;
}

const handSource =
  (params: MapParams, date: string | undefined): ParameterSource =>
  async () => ({
    params,
    from: 'by hand',
    date: date === undefined ? null : formatWallClock(parseWallClock(date)),
    dateSource: null,
  });

/** The network is opened when the first image needs it and serves all of them. */
function networkSource(
  map: MapName,
  { net, model, date }: EncryptRequest,
): { source: ParameterSource; dispose: () => Promise<void> } {
  let predictor: Promise<Predictor> | undefined;
  const source: ParameterSource = async (bytes, path) => {
    const { when, source: dateSource } = await requireDateTime(bytes, date, path);
    predictor ??= openNetwork({ map, net, model });
    const { run, sigmoid } = await predictor;
    const [outputs] = await sigmoid([when]);
    const params = parametersFromSigmoid(map, outputs ?? []);
    return { params, from: run, date: formatWallClock(when), dateSource };
  };
  return { source, dispose: async () => (await predictor?.catch(() => undefined))?.dispose() };
}

/** Imported here and not above: parameters by hand need no TensorFlow. */
async function openNetwork(options: PredictorOptions): Promise<Predictor> {
  const { openPredictor } = await import('../models/predict.ts');
  return openPredictor(options);
}
