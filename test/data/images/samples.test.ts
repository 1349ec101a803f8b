/** What `nist` and `metrics` read besides pictures: BMP, Netpbm, NPY, MAT; and kinds that are named, not read. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { encodePng, loadRaster, loadSamples } from '../../../src/data/images/image.ts';
import { isPicture, kindOf } from '../../../src/data/images/sniff.ts';
import { InputError } from '../../../src/shared/errors.ts';
import type { Raster } from '../../../src/shared/types.ts';
import { dicom } from '../dicom/_dicom.ts';
import { noise, same } from './_images.ts';
import { bmp, byColumns, mat, matOf, matVariable, npy, npyOf, pnm } from './_sample-files.ts';

const grey = noise(7, 5, 1, 8, 1);
const colour = noise(6, 4, 3, 8, 2);
const wide = noise(5, 3, 1, 16, 3);
const wideColour = noise(3, 4, 3, 16, 4);
const doubles = (raster: Raster): Buffer => Buffer.from(Float64Array.from(raster.data).buffer);
const longs = (raster: Raster): Buffer =>
  Buffer.from(BigInt64Array.from([...raster.data].map(BigInt)).buffer);

const files: [string, string, Buffer, Raster][] = [
  ['BMP of 8 bits', 'BMP', bmp(grey, { bits: 8 }), grey],
  ['BMP of 8 bits from the top', 'BMP', bmp(grey, { bits: 8, topDown: true }), grey],
  ['BMP of OS/2', 'BMP', bmp(grey, { bits: 8, core: true }), grey],
  ['BMP of 24 bits', 'BMP', bmp(colour, { bits: 24 }), colour],
  ['BMP of 32 bits', 'BMP', bmp(colour, { bits: 32 }), colour],
  ['BMP of bit fields', 'BMP', bmp(colour, { bits: 32, fields: true }), colour],
  ['PGM', 'PNM', pnm(grey), grey],
  ['PGM of 16 bits', 'PNM', pnm(wide), wide],
  ['plain PGM', 'PNM', pnm(grey, true), grey],
  ['plain PGM of 16 bits', 'PNM', pnm(wide, true), wide],
  ['PPM', 'PNM', pnm(colour), colour],
  ['PPM of 16 bits', 'PNM', pnm(wideColour), wideColour],
  ['plain PPM', 'PNM', pnm(colour, true), colour],
  ['NPY of uint8', 'NPY', npyOf(grey), grey],
  ['NPY of uint16', 'NPY', npyOf(wide), wide],
  ['NPY of colours', 'NPY', npyOf(colour), colour],
  ['NPY of int64', 'NPY', npy('<i8', [5, 7], longs(grey)), grey],
  ['NPY of float64', 'NPY', npy('<f8', [3, 5], doubles(wide)), wide],
  ['NPY, big-endian', 'NPY', npy('>u2', [3, 5], Buffer.from(Buffer.from(wide.data.buffer)).swap16()), wide],
  ['NPY by columns', 'NPY', npy('|u1', [4, 6, 3], Buffer.from(byColumns(colour)), true), colour],
  ['MAT of uint8', 'MAT', matOf(grey, 'uint8'), grey],
  ['MAT of uint8, deflated', 'MAT', matOf(colour, 'uint8', true), colour],
  ['MAT of uint16', 'MAT', matOf(wide, 'uint16'), wide],
  ['MAT of double', 'MAT', matOf(grey, 'double'), grey],
  ['MAT of double, 16 bits', 'MAT', matOf(wide, 'double', true), wide],
  [
    'MAT with a text and a number beside',
    'MAT',
    mat([
      matVariable('note', 'char', [1, 2], [72, 105]),
      matVariable('cipher', 'uint8', [5, 7], byColumns(grey)),
      matVariable('r', 'double', [1, 1], [4]),
    ]),
    grey,
  ],
];

test.each(files)('%s', async (name, kind, bytes, raster) => {
  expect(kindOf(bytes)).toBe(kind);
  expect(isPicture(bytes)).toBe(false);
  expect(same(await loadSamples(bytes, name, 'native'), raster)).toBe(true);
  await expect(loadRaster(bytes, name, 'native')).rejects.toThrow(
    `got a file of kind ${kind}; convert it first`,
  );
  if (kind !== 'PNM' || !name.startsWith('plain'))
    await expect(loadSamples(bytes.subarray(0, bytes.length - 3), name, 'native')).rejects.toThrow(
      InputError,
    );
});

test.each([
  ['PBM', Buffer.from('P1\n3 2\n101\n0 1 0\n'), [255, 0, 255, 0, 255, 0]],
  [
    'packed PBM',
    Buffer.concat([Buffer.from('P4 3 2\n'), Buffer.from([0xa0, 0x40])]),
    [255, 0, 255, 0, 255, 0],
  ],
  ['PGM of 2 bits', Buffer.from('P2 2 1 3 0 2'), [0, 170]],
  ['PGM up to 100', Buffer.from('P2 2 1 100 0 100'), [0, 100]],
  ['truth values', npy('|b1', [1, 3], Buffer.from([1, 0, 1])), [255, 0, 255]],
  ['a vector', npy('|u1', [4], Buffer.from([1, 2, 3, 4])), [1, 2, 3, 4]],
])('samples of %s', async (name, bytes, samples) => {
  expect([...(await loadSamples(bytes, name, 'native')).data]).toEqual(samples);
});

const header = (text: string, ...more: number[]): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(more), Buffer.alloc(600)]);

test.each([
  ['PNG', 'PNG', await encodePng(grey)],
  ['JPEG', 'JPEG', header('\xff\xd8\xff\xe0')],
  ['TIFF', 'TIFF', header('II*\0')],
  ['TIFF, big-endian', 'TIFF', header('MM\0*')],
  ['BigTIFF', 'BigTIFF', header('II+\0')],
  ['GIF', 'GIF', header('GIF89a')],
  ['WebP', 'WebP', header('RIFF\x10\0\0\0WEBP')],
  ['DICOM', 'DICOM', await dicom({ width: 2, height: 2, words: Uint8Array.of(1, 2, 3, 4) })],
  ['MAT 7.3', 'MAT 7.3', header('MATLAB 7.3 MAT-file, Platform: GLNXA64')],
  ['HDF5', 'HDF5', header('\x89HDF\r\n\x1a\n')],
  ['NPZ', 'NPZ', header(`PK\x03\x04${'\0'.repeat(26)}x.npy`)],
  ['JPEG 2000', 'JPEG 2000', header('\0\0\0\x0cjP  \r\n\x87\n')],
  ['HEIF', 'HEIF', header('\0\0\0\x18ftypheic')],
  ['NIfTI', 'NIfTI', header(`\x5c\x01\0\0${'\0'.repeat(340)}n+1\0`)],
  ['random bytes', null, Buffer.from(noise(64, 64, 1, 8, 9).data)],
  ['nothing', null, Buffer.alloc(0)],
])('kind of %s', (_, kind, bytes) => expect(kindOf(bytes)).toBe(kind));

test.each([
  ['a PNM of two pictures', Buffer.concat([pnm(grey), pnm(grey)]), /got 2 pages or frames/],
  ['a PNM with more behind', Buffer.concat([pnm(grey), Buffer.from('abc')]), /data behind its end/],
  ['a plain PGM that lacks samples', Buffer.from('P2 3 1 255 1 2'), /2 of 3 samples/],
  ['a sample above the largest', Buffer.from('P2 2 1 100 1 101'), /no number up to 100/],
  [
    'a compressed BMP',
    withWord(bmp(grey, { bits: 8 }), 30, 1),
    /a compressed BMP is not read; convert it to PNG/,
  ],
  ['a BMP of 16 bits', withWord(bmp(grey, { bits: 8 }), 28, 16), /a BMP of 16 bits a pixel is not read/],
  [
    'fractions',
    npy('<f8', [1, 2], Buffer.from(Float64Array.of(1, 0.5).buffer)),
    /whole numbers .* got 0.5; save/,
  ],
  ['negative numbers', npy('|i1', [1, 2], Buffer.from([1, 255])), /got -1/],
  ['complex numbers', npy('<c16', [1, 1], Buffer.alloc(16)), /an array of <c16 is not read/],
  ['records', npy('x', [1], Buffer.alloc(8)).fill("[('a', '<u1')]", 21, 35), /is not read|damaged/],
  ['five channels', npy('|u1', [1, 1, 5], Buffer.alloc(5)), /got shape 1 x 1 x 5; save it/],
  [
    'two arrays',
    mat([matVariable('a', 'uint8', [1, 2], [1, 2]), matVariable('b', 'uint8', [1, 2], [1, 2])]),
    /expected one array of numbers, got a \(uint8\), b \(uint8\); save the array by itself/,
  ],
  ['no array', mat([matVariable('note', 'char', [1, 2], [72, 105])]), /got note \(char\)/],
  [
    'complex numbers of MAT',
    mat([matVariable('z', 'double', [1, 2], [1, 2], 8)]),
    /complex numbers is not read/,
  ],
  ['HDF5', header('\x89HDF\r\n\x1a\n'), /expected a PNG, .* got a file of kind HDF5; convert it first/],
])('refuses %s', async (name, bytes, message) => {
  await expect(loadSamples(bytes, name, 'native')).rejects.toThrow(InputError);
  await expect(loadSamples(bytes, name, 'native')).rejects.toThrow(message);
});

function withWord(bytes: Buffer, at: number, value: number): Buffer {
  bytes.writeUInt16LE(value, at);
  return bytes;
}

const octave = spawnSync('octave', ['--version']).status === 0;
describe.skipIf(!octave)(octave ? 'files of Octave' : 'files of Octave: octave is not installed', () => {
  test.each(['-v6', '-v7'])('save %s, and a PGM', async (version) => {
    const dir = mkdtempSync(join(tmpdir(), 'medchaos-octave-'));
    const program = `[c, r] = meshgrid(0:8, 0:5); x = uint8(mod(7*r + 31*c, 256)); k = 3; save('${version}', 'x.mat', 'x', 'k'); imwrite(x, 'x.pgm');`;
    execFileSync('octave', ['--no-gui', '--norc', '--quiet', '--eval', program], { cwd: dir });
    const expected = Array.from({ length: 54 }, (_, i) => (7 * Math.floor(i / 9) + 31 * (i % 9)) % 256);
    for (const name of ['x.mat', 'x.pgm']) {
      const raster = await loadSamples(readFileSync(join(dir, name)), name, 'native');
      expect([name, raster.width, raster.height, [...raster.data]]).toEqual([name, 9, 6, expected]);
    }
    rmSync(dir, { recursive: true });
  });
});
