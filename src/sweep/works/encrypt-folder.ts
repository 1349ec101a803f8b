/**
 * A part of a folder of images, encrypted as `medchaos encrypt DIR` does. An image belongs to the part that the hash of
 * its result's name says, so that new images move none of the others. A part with images that failed has failed: run
 * again it does what is missing. Keys come from files of public keys only; a sweep's files hold no secret.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MapName, mapNames } from '../../chaos/maps.ts';
import { type EnvelopeKind, type SchemeName, schemeNamed, sealedNames } from '../../cipher/index.ts';
import type { NetworkName } from '../../models/networks.ts';
import { parseParams } from '../../sealing/encrypt-file.ts';
import { encryptFolder } from '../../sealing/folder/encrypt.ts';
import type { ResultKind } from '../../sealing/seal-image.ts';
import { InputError } from '../../shared/errors.ts';
import { writeJson } from '../../shared/files.ts';
import { say } from '../../shared/progress.ts';
import { checked, integer, oneOf, z } from '../../shared/schema.ts';
import { checkShard, ownsName, type Sharded } from '../shard.ts';
import { asWork, type Measures, type Merged, type Part } from '../work.ts';

export interface EncryptFolderConfig extends Sharded {
  readonly folder: string;
  readonly out: string;
  /** Files of public keys (PEM), commas between. */
  readonly recipients: string;
  /** `auto`: DICOM objects of DICOM files, else PNG. Parts give the UIDs of one study different ones. */
  readonly as: 'auto' | ResultKind;
  readonly scheme: SchemeName;
  readonly envelope: EnvelopeKind;
  readonly map: MapName;
  /** `10,28,2.667`, for the hardened scheme, whose key they are no part of; null: a network predicts them. */
  readonly params: string | null;
  readonly net: NetworkName;
  /** Run folder; null: the newest that fits. */
  readonly model: string | null;
  readonly channels: 'native' | 'rgb';
  /** Worker threads of a cell. */
  readonly threads: number;
  readonly seed: number;
}

const defaults: EncryptFolderConfig = {
  folder: 'samples',
  out: 'sealed',
  recipients: 'keys/public.pem',
  as: 'auto',
  scheme: 'hardened',
  envelope: 'jwe',
  map: 'lorenz',
  params: null,
  net: 'resnet18',
  model: null,
  channels: 'native',
  threads: 1,
  shard: 0,
  shards: 1,
  seed: 1,
};

const schema = z.looseObject({
  as: oneOf(['auto', 'png', 'dicom']),
  scheme: oneOf(sealedNames().sort()),
  envelope: oneOf(['jwe', 'cms']),
  map: oneOf(mapNames),
  channels: oneOf(['native', 'rgb']),
  threads: integer(1, 256),
});

/** @throws InputError naming the first value that is wrong */
function check(config: EncryptFolderConfig): void {
  checkShard(config);
  checked(schema, config);
  if (config.params === null) return;
  parseParams(String(config.params));
  if (!schemeNamed(config.scheme).fresh)
    throw new InputError(
      `"params" are the key under scheme ${config.scheme}, and a sweep writes its configuration down; ` +
        'leave them out, or take scheme hardened',
    );
}

/** Record in a cell's folder, written on success and on failure. */
interface PartRecord {
  readonly encrypted: number;
  readonly skipped: number;
  readonly others: number;
  readonly failed: readonly { readonly file: string; readonly reason: string }[];
}

const recordOf = (folder: string): string => join(folder, 'images.json');

async function run(config: EncryptFolderConfig, folder: string): Promise<Measures> {
  const { threads, recipients, params, model, as, ...options } = config;
  const request = {
    ...options,
    recipients: recipients.split(',').map((path) => path.trim()),
    ...(as !== 'auto' && { as }),
    ...(params !== null && { params: String(params) }),
    ...(model !== null && { model: String(model) }),
    jobs: threads,
    force: false,
    only: (name: string) => ownsName(name, config),
  };
  const result = await encryptFolder(request, (line) => say(`warning: ${line}`));
  const { done, skipped, failed, others } = result;
  const counts = { encrypted: done.length, skipped: skipped.length, others };
  await writeJson(recordOf(folder), { ...counts, failed } satisfies PartRecord);
  const images = done.length + skipped.length + failed.length;
  if (failed.length > 0)
    throw new InputError(
      `${failed.length} of ${images} images failed, the first ${failed[0]!.file}: ${failed[0]!.reason}; ` +
        `see ${recordOf(folder)}; the same command again does what is missing`,
    );
  return { images, ...counts };
}

async function merge(parts: readonly Part<EncryptFolderConfig>[]): Promise<Merged> {
  const records = (await Promise.all(parts.map(readRecord))).filter((record) => record !== null);
  const sum = (of: (record: PartRecord) => number): number =>
    records.reduce((total, record) => total + of(record), 0);
  const there = sum(({ encrypted, skipped }) => encrypted + skipped);
  const failed = records.flatMap((record) => record.failed);
  const others = sum((record) => record.others);
  const text = [
    `${there} of ${there + failed.length} images are encrypted, ${failed.length} failed; ${others} other files were left alone.`,
    ...failed.map(({ file, reason }) => `- failed: ${file}: ${reason}`),
  ].join('\n');
  return { json: { images: there + failed.length, encrypted: there, others, failed }, text };
}

const readRecord = async ({ folder }: { readonly folder: string }): Promise<PartRecord | null> =>
  JSON.parse(await readFile(recordOf(folder), 'utf8').catch(() => 'null')) as PartRecord | null;

export default asWork<EncryptFolderConfig>({ defaults, check, run, merge });
