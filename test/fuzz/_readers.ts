/** Every reader of files, with good files to change. A reader answers a digest of what it read. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { readPublicKey } from '../../src/cipher/envelope/key-pair.ts';
import {
  encryptHardened,
  encryptImage,
  keyContent,
  makeCurveKeyPair,
  makeKeyPair,
  openImage,
  presets,
  readPrivateKey,
  schemes,
  sealEnvelope,
} from '../../src/cipher/index.ts';
import { extract } from '../../src/data/datasets/archives/extract.ts';
import { parseLock } from '../../src/data/datasets/lock.ts';
import { parseList, readRecord } from '../../src/data/datasets/record.ts';
import { encodePng, loadRaster } from '../../src/data/images/image.ts';
import { decodePlainPng } from '../../src/data/images/png-decode.ts';
import { readDateTime } from '../../src/data/metadata/metadata.ts';
import { readManifest } from '../../src/data/pairs/manifest.ts';
import { encodeSafetensors, readSafetensors } from '../../src/models/safetensors.ts';
import { review } from '../../src/review/review.ts';
import { readReviewTable } from '../../src/review/table.ts';
import { openSealedDicom, sealDicom, takeApart } from '../../src/sealing/dicom-object.ts';
import { openLedger } from '../../src/sealing/ledger.ts';
import type { Random } from '../../src/shared/random.ts';
import type { Raster } from '../../src/shared/types.ts';
import { readAuditCsv } from '../../src/tables/audit-csv.ts';
import { parseResults } from '../../src/tables/run-json.ts';
import { tarGzOf, zipOf } from '../data/datasets/_archives.ts';
import { dicom, type Syntax, syntaxes } from '../data/dicom/_dicom.ts';
import { changed, changedJson, withRightCrcs } from './_mutate.ts';

export interface Reader {
  readonly good: readonly Buffer[];
  /** Answers only what a good file holds: nobody without the key can make another one. */
  readonly authentic?: true;
  readonly read: (bytes: Buffer, index: number) => Promise<string>;
  readonly change?: (good: Buffer, random: Random, other: Buffer) => Buffer;
}

const digest = (...parts: (string | Uint8Array)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
};

const digestOf = ({ width, height, channels, depth, data }: Raster): string =>
  digest(
    `${width}x${height}x${channels}x${depth}`,
    new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
  );

function picture(channels: number, depth: 8 | 16 = 8): Raster {
  const [width, height] = [40, 30];
  const data = depth === 8 ? new Uint8Array(1200 * channels) : new Uint16Array(1200 * channels);
  for (let i = 0; i < data.length; i++) data[i] = (i * 7 + (i >> 5) * 3) % 251;
  return { width, height, channels, depth, data };
}

const box = mkdtempSync(join(tmpdir(), 'medchaos-fuzz-'));
process.on('exit', () => rmSync(box, { recursive: true, force: true }));
const inFile = (name: string, bytes: Buffer): string => {
  writeFileSync(join(box, name), bytes);
  return join(box, name);
};

async function images(): Promise<Record<string, Reader>> {
  const [grey, rgb, wide] = [picture(1), picture(3), picture(1, 16)];
  const shown = ({ data, width, height }: Raster, channels: 1 | 3) =>
    sharp(data, { raw: { width, height, channels } });
  const dated = { IFD0: { DateTime: '2021:03:04 05:06:07' } };
  const colour = () => shown(rgb, 3).withExif(dated);
  const read = async (bytes: Buffer): Promise<string> => {
    const raster = await loadRaster(bytes, 'file', 'native');
    const fast = decodePlainPng(bytes, 'file');
    if (fast && digestOf(fast) !== digestOf(raster)) throw new Error('two readers of PNG differ');
    return digestOf(raster) + ((await readDateTime(bytes))?.source ?? '');
  };
  const repaired = (good: Buffer, random: Random, other: Buffer) =>
    random.int(3) === 0 ? changed(good, random, other) : withRightCrcs(changed(good, random, other));
  const pngs = [grey, rgb, wide].map((raster) => encodePng(raster));
  return {
    png: {
      good: [...(await Promise.all(pngs)), await colour().png({ palette: true }).toBuffer()],
      change: repaired,
      read,
    },
    jpeg: {
      good: [await colour().jpeg().toBuffer(), await shown(grey, 1).jpeg({ progressive: true }).toBuffer()],
      read,
    },
    tiff: {
      good: [
        await colour().tiff({ compression: 'lzw' }).toBuffer(),
        await shown(grey, 1)
          .tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 })
          .toBuffer(),
        await shown(rgb, 3).tiff({ compression: 'jpeg' }).toBuffer(),
      ],
      read,
    },
    gif: { good: [await shown(rgb, 3).gif().toBuffer()], read },
    webp: {
      good: [await colour().webp({ lossless: true }).toBuffer(), await colour().webp().toBuffer()],
      read,
    },
  };
}

async function dicomFiles(): Promise<Record<string, Reader>> {
  const names = { '00080020': 'DA 20240229', '00080030': 'TM 101112', '00100010': 'PN Roe^Jane' };
  const uids = { '00080016': 'UI 1.2.840.10008.5.1.4.1.1.7', '00080018': 'UI 1.2.3.4' };
  const texts = { ...names, ...uids };
  const words = Uint16Array.from({ length: 17 * 11 }, (_, i) => (i * 37) & 0xfff);
  const small = Uint8Array.from({ length: 16 * 12 * 3 }, (_, i) => (i * 5) & 255);
  const fileOf = (syntax: Syntax) =>
    syntax === 'jpeg'
      ? dicom({ width: 16, height: 12, words: small, samples: 3, photometric: 'YBR_FULL_422', texts }, syntax)
      : dicom({ width: 17, height: 11, words, stored: 12, texts }, syntax);
  const good = await Promise.all((Object.keys(syntaxes) as Syntax[]).map(fileOf));
  const { publicPem, privatePem } = await makeCurveKeyPair('p256');
  const sealed = async (bytes: Buffer): Promise<Buffer> => {
    const parts = await takeApart(bytes, 'file');
    const { cipher, key } = encryptHardened(parts.pieces.cells, {
      map: 'logistic',
      params: [3.95],
      metadata: null,
    });
    const content = keyContent(schemes.hardened, key, cipher);
    return sealDicom(parts, cipher, content, Buffer.alloc(32, 7), [publicPem]);
  };
  const opened = async (bytes: Buffer) => (await openSealedDicom(bytes, 'file', privatePem)).file;
  return {
    dicom: { good, read: async (bytes) => digestOf(await loadRaster(bytes, 'file', 'native')) },
    'dicom there and back': {
      good,
      read: async (bytes) => {
        if (!(await opened(await sealed(bytes))).equals(bytes)) throw new Error('another file came back');
        return digest(bytes);
      },
    },
    'cipher.dcm': {
      good: await Promise.all(good.slice(0, 5).map(sealed)),
      authentic: true,
      read: async (bytes) => digest(await opened(bytes)),
    },
  };
}

async function sealedImages(): Promise<Record<string, Reader>> {
  const [rsa, curve] = [await makeKeyPair(2048), await makeCurveKeyPair('p256')];
  const plain = picture(3);
  const hard = encryptHardened(plain, {
    map: 'lorenz',
    params: [10, 28, 2.667],
    metadata: '2021-03-04T05:06:07',
  });
  const paper = encryptImage('lorenz', [10, 28, 2.667], plain, presets.paper);
  const kinds = [
    { cipher: hard.cipher, content: keyContent(schemes.hardened, hard.key, hard.cipher) },
    { cipher: paper.cipher, content: keyContent(schemes.paper, { keys: paper.keys }, paper.cipher) },
  ];
  const seal = async (envelope: 'jwe' | 'cms', index: number) => {
    const { payload, header } = kinds[index]!.content;
    return Buffer.from(await sealEnvelope(payload, header, [rsa.publicPem, curve.publicPem], { envelope }));
  };
  const envelopes = {
    jwe: [await seal('jwe', 0), await seal('jwe', 1)],
    cms: [await seal('cms', 0), await seal('cms', 1)],
  };
  const read = async (bytes: Buffer, index: number) =>
    digestOf((await openImage(bytes, kinds[index]!.cipher, curve.privatePem)).plain);
  const ciphers = await Promise.all(kinds.map(({ cipher }) => encodePng(cipher, 'cipher')));
  return {
    'keys.jwe': {
      good: envelopes.jwe,
      authentic: true,
      read,
      change: (good, random, other) =>
        random.int(2) === 0 ? changed(good, random, other) : changedJson(good, random),
    },
    'keys.cms': { good: envelopes.cms, authentic: true, read },
    'cipher.png': {
      good: ciphers,
      authentic: true,
      read: async (bytes, index) => {
        const raster = await loadRaster(bytes, 'file', 'native');
        return digestOf((await openImage(envelopes.jwe[index]!, raster, rsa.privatePem)).plain);
      },
      change: (good, random, other) => withRightCrcs(changed(good, random, other)),
    },
    'public.pem': {
      good: [rsa, curve].map(({ publicPem }) => Buffer.from(publicPem)),
      read: async (bytes) => String(readPublicKey(bytes.toString()).asymmetricKeyType),
    },
    'private.pem': {
      good: [rsa, curve].map(({ privatePem }) => Buffer.from(privatePem)),
      read: async (bytes) => String(readPrivateKey(bytes.toString()).asymmetricKeyType),
    },
  };
}

function archives(): Record<string, Reader> {
  const files = ['images/a.png', 'images/b.png', 'x/images/c.png'].map((name, i) => ({
    name,
    data: Buffer.alloc(300 * (i + 1), name),
  }));
  let count = 0;
  const read = async (bytes: Buffer): Promise<string> => {
    const around = join(box, `archive-${count++}`);
    const folder = join(around, 'in');
    await mkdir(folder, { recursive: true });
    const archive = join(around, 'archive');
    writeFileSync(archive, bytes);
    const files = () =>
      readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const extracted = extract({
      ...{ archive, folder, images: null, place: (path: string) => path },
      isImage: (path) => path.endsWith('.png'),
    }).finally(() => {
      if (readdirSync(around).length > 2) throw new Error('an archive wrote outside of its folder');
    });
    return extracted.then(
      (done) => digest(JSON.stringify(done.files)),
      (error) => {
        if (files().length > 0) throw new Error(`a refused archive left ${files().length} files`);
        throw error;
      },
    );
  };
  return {
    zip: { good: [zipOf(files), zipOf(files, { zip64: true })], read },
    'tar.gz': { good: [tarGzOf(files)], read },
  };
}

async function tables(): Promise<Record<string, Reader>> {
  const tensors = new Map([['fc.bias', { shape: [2], data: Float32Array.from([1, 2]) }]]);
  const header =
    'id,file,set,date,date_source,group,split,modality,patient,target_1,target_2\n' +
    '0,a.png,nih,2021-03-04T05:06:07,by hand,1,train,CR,p,0.25,0.5\n';
  const hash = 'ab'.repeat(32);
  const record = {
    'a.zip': {
      bytes: 3,
      md5: 'ab'.repeat(16),
      sha256: hash,
      extracted: { files: 1, images: 1, whole: true },
    },
  };
  const results = readFileSync('results/reference/quick/run.json');
  const json = (good: Buffer, random: Random, other: Buffer) =>
    random.int(3) === 0 ? changed(good, random, other) : changedJson(good, random);
  const claim = `\n{"id":"nonce:1","claim":"c","file":"a"}\n\n{"id":"nonce:2","claim":"d","file":"b"}\n`;
  return {
    safetensors: {
      good: [Buffer.from(encodeSafetensors(tensors, { a: 'b' }))],
      read: async (bytes) => digest(...(await readSafetensors(inFile('weights', bytes))).tensors.keys()),
    },
    'audit.csv': {
      good: [Buffer.from('samples,npcr,uaci,entropy\n65536,99.61,33.46,7.9970\n262144,99.60,33.40,-\n')],
      read: async (bytes) => digest(JSON.stringify(readAuditCsv(bytes.toString(), 'file'))),
    },
    'review.csv': {
      good: [
        Buffer.from(
          'scheme,size,npcr,uaci,entropy,corr_h,key_space\nA,256x256,99.61,33.46,7.9970,0.002,2^128\n',
        ),
        Buffer.from('| scheme | NPCR (%) | MSE |\n|--|--|--|\n| A | 99.61 | 8,912.3 |\n| B | 99.60 | – |\n'),
        Buffer.from('scheme;npcr;chi2\nA;99,61;255,3\nB;99,6;240\n'),
      ],
      read: async (bytes) => digest(JSON.stringify(review(readReviewTable(bytes.toString(), 'file')).counts)),
    },
    'pairs.csv': {
      good: [Buffer.from(header)],
      read: async (bytes) => digest(JSON.stringify((await readManifest(inFile('pairs.csv', bytes))).rows)),
    },
    'run.json': {
      good: [results],
      change: json,
      read: async (bytes) => digest(JSON.stringify(parseResults(bytes.toString(), 'file'))),
    },
    'datasets.lock.json': {
      good: [readFileSync('datasets.lock.json')],
      change: json,
      read: async (bytes) => digest(JSON.stringify(parseLock(bytes.toString()))),
    },
    'record.json': {
      good: [Buffer.from(JSON.stringify(record))],
      change: json,
      read: async (bytes) => {
        inFile('record.json', bytes);
        return digest(JSON.stringify(await readRecord(box)));
      },
    },
    sha256: {
      good: [Buffer.from(`${hash}  images/a.png\n${hash}  images/b.png\n`)],
      read: async (bytes) => digest(JSON.stringify(parseList(bytes.toString(), 'file'))),
    },
    ledger: {
      good: [Buffer.from(claim)],
      read: async (bytes) => {
        const ledger = await openLedger(inFile('ledger', bytes));
        await ledger.claim('nonce:3', 'new');
        return 'opened';
      },
    },
  };
}

export const readers = async (): Promise<Readonly<Record<string, Reader>>> => ({
  ...(await images()),
  ...(await dicomFiles()),
  ...(await sealedImages()),
  ...archives(),
  ...(await tables()),
});
