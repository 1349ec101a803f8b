/** Key files without their envelope: npz and compact. */
import { crc32, deflateRawSync } from 'node:zlib';
import type { MapName } from '../../../../src/chaos/maps.ts';
import {
  deriveKeys,
  type Keys,
  type PaperOptions,
  packCompact,
  packKeys,
  presets,
  withOriginalName,
} from '../../../../src/cipher/index.ts';
import type { Raster } from '../../../../src/shared/types.ts';
import { type Edit, edited, set, setParameter, together } from './edits.ts';
import { flipped, picture, type Sides, sha256, shapeOf } from './pictures.ts';
import type { Draft, Group } from './vector.ts';

export const lorenz = [10, 28, 2.667];
const small = picture([5, 4, 1, 8]);

const bytesOf = (array: Int32Array | Uint8Array | Uint16Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

/** SHA-256 of xindex, yindex (4 bytes LE each) and zkey (LE), joined. */
const expectedOf = (keys: Keys, shape: Raster, name: string | null = null) => ({
  ...shapeOf(shape),
  sha256: sha256(Buffer.concat([bytesOf(keys.xIndex), bytesOf(keys.yIndex), bytesOf(keys.zKey)])),
  name,
});

export const keyFileGroups = (): Group[] => [
  { type: 'npz', section: '6.1', drafts: [...npzValid(), ...npzInvalid()] },
  { type: 'compact', section: '6.2', drafts: [...compactValid(), ...compactInvalid()] },
];

const keysOf = (shape: Raster): Keys => deriveKeys('lorenz', lorenz, shape, presets.paper);

function npzValid(): Draft[] {
  const sides: Sides[] = [
    [1, 1, 1, 8],
    [5, 4, 1, 8],
    [4, 5, 3, 8],
    [3, 2, 1, 16],
    [3, 2, 4, 16],
  ];
  const shapes = sides.map((side): Draft => {
    const shape = picture(side);
    const keys = keysOf(shape);
    return {
      id: `npz-${side.join('-')}`,
      comment: `for ${side[0]}x${side[1]}, ${side[2]} channels, ${side[3]} bits`,
      input: { payload: packKeys(keys, shape) },
      expected: expectedOf(keys, shape),
    };
  });
  const name = 'Ward 3/Jane Röntgen.png';
  const keys = keysOf(small);
  const named: Draft = {
    id: 'npz-name',
    comment: 'with an original name',
    input: { payload: withOriginalName(packKeys(keys, small), name) },
    expected: expectedOf(keys, small, name),
  };
  const zip64: Draft = {
    id: 'npz-local-zip64',
    comment: 'local headers as NumPy writes them: sizes only in a ZIP64 field',
    flags: ['Tolerant'],
    input: { payload: zip(membersOf(keys, small), { zip64: true }) },
    expected: expectedOf(keys, small),
  };
  return [...shapes, named, zip64];
}

interface Member {
  readonly name: string;
  readonly data: Buffer;
  readonly method?: number;
  readonly flags?: number;
  readonly crc?: number;
}

function npy(descr: string, sides: string, data: Uint8Array, order = 'False'): Buffer {
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${sides}), }`;
  const head = Buffer.from(`\x93NUMPY\x01\x00\x00\x00${text.padEnd(117)}\n`, 'latin1');
  head.writeUInt16LE(head.length - 10, 8);
  return Buffer.concat([head, data]);
}

const membersOf = (keys: Keys, { width, height }: Raster): Member[] => [
  { name: 'xindex.npy', data: npy('<i4', `${width},`, bytesOf(keys.xIndex)) },
  { name: 'yindex.npy', data: npy('<i4', `${height},`, bytesOf(keys.yIndex)) },
  { name: 'zkey.npy', data: npy('|u1', `${height}, ${width}`, bytesOf(keys.zKey)) },
];

/** A ZIP byte for byte, right or wrong. */
function zip(members: readonly Member[], { zip64 = false, count = members.length } = {}): Buffer {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const { name, data, method = 0, flags = 0, crc = crc32(data) } of members) {
    const stored = method === 8 ? deflateRawSync(data) : data;
    const extra = zip64 ? Buffer.alloc(20) : Buffer.alloc(0);
    if (zip64) {
      extra.writeUInt16LE(1, 0);
      extra.writeUInt16LE(16, 2);
      extra.writeBigUInt64LE(BigInt(data.length), 4);
      extra.writeBigUInt64LE(BigInt(data.length), 12);
    }
    const fields = (sizes: readonly [number, number], extraLength: number): Buffer => {
      const out = Buffer.alloc(26);
      out.writeUInt16LE(20, 0);
      out.writeUInt16LE(flags, 2);
      out.writeUInt16LE(method, 4);
      out.writeUInt16LE(0x21, 8);
      out.writeUInt32LE(crc, 10);
      out.writeUInt32LE(sizes[0], 14);
      out.writeUInt32LE(sizes[1], 18);
      out.writeUInt16LE(name.length, 22);
      out.writeUInt16LE(extraLength, 24);
      return out;
    };
    const local = fields(zip64 ? [0xffffffff, 0xffffffff] : [stored.length, data.length], extra.length);
    parts.push(Buffer.from('PK\x03\x04'), local, Buffer.from(name), extra, stored);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields([stored.length, data.length], 0));
    directory.push(tail, Buffer.from(name));
    at += 30 + name.length + extra.length + stored.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, central, end]);
}

function npzInvalid(): Draft[] {
  const keys = keysOf(small);
  const [x, y, z] = membersOf(keys, small) as [Member, Member, Member];
  const good = packKeys(keys, small);
  const index = (values: readonly number[]): Buffer => npy('<i4', '5,', bytesOf(Int32Array.from(values)));
  const cases: [string, string, Draft['flags'], Buffer][] = [
    ['behind', 'a byte behind the end record', ['TrailingBytes'], Buffer.concat([good, Buffer.of(0)])],
    ['cut', 'the last byte is missing', ['Truncated'], Buffer.from(good.subarray(0, -1))],
    ['empty', 'no byte', ['Truncated'], Buffer.alloc(0)],
    ['crc', 'a bit of zkey changed', ['Damaged'], flipped(good, Buffer.from(good).indexOf('zkey') + 150)],
    ['deflated', 'a deflated member', ['Compressed'], zip([x, y, { ...z, method: 8 }])],
    ['encrypted', 'a member marked as encrypted', ['UnknownAlgorithm'], zip([x, y, { ...z, flags: 1 }])],
    ['no-zkey', 'without zkey', ['Missing'], zip([x, y])],
    ['fourth', 'a fourth array', ['UnknownField'], zip([x, y, z, { ...x, name: 'w.npy' }])],
    ['twice', 'xindex twice', ['UnknownField'], zip([x, x, y, z])],
    ['count', 'the end record counts fewer members', ['Damaged'], zip([x, y, z, x], { count: 3 })],
    ['repeated', 'a column twice', ['NotPermutation'], zip([{ ...x, data: index([0, 1, 2, 3, 3]) }, y, z])],
    [
      'negative',
      'column -1',
      ['NotPermutation', 'OutOfRange'],
      zip([{ ...x, data: index([0, 1, 2, 3, -1]) }, y, z]),
    ],
    [
      'beyond',
      'column 5 of 5',
      ['NotPermutation', 'OutOfRange'],
      zip([{ ...x, data: index([0, 1, 2, 3, 5]) }, y, z]),
    ],
    [
      'dtype-index',
      'xindex as <i8',
      ['WrongType'],
      zip([{ ...x, data: npy('<i8', '5,', Buffer.alloc(40)) }, y, z]),
    ],
    [
      'dtype-z',
      'zkey as >u2',
      ['WrongType'],
      zip([x, y, { ...z, data: npy('>u2', '4, 5', Buffer.alloc(40)) }]),
    ],
    [
      'fortran',
      'zkey in Fortran order',
      ['WrongType'],
      zip([x, y, { ...z, data: npy('|u1', '4, 5', Buffer.alloc(20), 'True') }]),
    ],
    [
      'object',
      'zkey as Python objects',
      ['WrongType'],
      zip([x, y, { ...z, data: npy('|O', '4, 5', Buffer.alloc(20)) }]),
    ],
    [
      'shape',
      'zkey for one row more',
      ['WrongShape'],
      zip([x, y, { ...z, data: npy('|u1', '5, 5', Buffer.alloc(25)) }]),
    ],
    [
      'five-channels',
      'zkey for five channels',
      ['OutOfRange'],
      zip([x, y, { ...z, data: npy('|u1', '4, 5, 5', Buffer.alloc(100)) }]),
    ],
    [
      'flat',
      'zkey of one dimension',
      ['WrongShape'],
      zip([x, y, { ...z, data: npy('|u1', '20,', z.data.subarray(128)) }]),
    ],
    [
      'name-dtype',
      'an original name as <u2',
      ['WrongType'],
      zip([x, y, z, { name: 'name.npy', data: npy('<u2', '2,', Buffer.from('a.b\n')) }]),
    ],
    [
      'npy-cut',
      'zkey has a byte too few',
      ['Truncated'],
      zip([x, y, { ...z, data: Buffer.from(z.data.subarray(0, -1)) }]),
    ],
    [
      'npy-behind',
      'zkey has a byte too many',
      ['TrailingBytes'],
      zip([x, y, { ...z, data: Buffer.concat([z.data, Buffer.of(0)]) }]),
    ],
  ];
  return cases.map(([id, comment, flags, payload]) => ({
    id: `npz-${id}`,
    comment,
    flags: flags!,
    input: { payload },
  }));
}

interface Recipe {
  readonly map?: MapName;
  readonly params?: readonly number[];
  readonly options: PaperOptions;
  readonly sides?: Sides;
}

function compactOf({ map = 'lorenz', params = lorenz, options, sides = [5, 4, 1, 8] }: Recipe) {
  const shape = picture(sides);
  return {
    input: { payload: packCompact({ map, params, options }, shape) },
    expected: expectedOf(deriveKeys(map, params, shape, options), shape),
  };
}

/** Without those that take a sine. */
const further = { tent: [1.99], lts: [3.6], henon: [1.4, 0.3], chen: [35, 3, 28], lu: [36, 3, 20] } as const;
const furtherMaps = Object.entries(further).map(([map, params]): [string, string, Recipe, Draft['flags']] => [
  map,
  `map ${map}`,
  { map: map as keyof typeof further, params, options: presets.sound },
  ['FurtherMap'],
]);

function compactValid(): Draft[] {
  const { paper, sound } = presets;
  const logistic = { map: 'logistic', params: [3.95] } as const;
  const colour: Sides = [4, 5, 3, 8];
  const deep: Sides = [5, 4, 1, 16];
  const cases: [string, string, Recipe, Draft['flags']?][] = [
    ['lorenz-paper', 'Lorenz, preset paper', { options: paper }],
    ['lorenz-sound', 'Lorenz, preset sound', { options: sound }],
    ['lorenz-16', 'Lorenz, 16 bits', { options: sound, sides: deep }],
    ['logistic-paper', 'logistic map, preset paper', { ...logistic, options: paper }],
    ['logistic-sound', 'logistic map, preset sound, 16 bits', { ...logistic, options: sound, sides: deep }],
    [
      'one',
      'one logistic orbit, cut in three',
      { ...logistic, options: { ...paper, logistic: { ...paper.logistic, orbits: 'one' } } },
    ],
    [
      'one-start',
      'the same, first value the start',
      {
        ...logistic,
        options: { ...paper, firstValue: 'start', logistic: { ...paper.logistic, orbits: 'one' } },
      },
    ],
    ['start', 'first value the start', { options: { ...paper, firstValue: 'start' } }],
    [
      'start-burn-in',
      'first value the state after a burn-in',
      { options: { ...sound, firstValue: 'start' } },
    ],
    ['descending', 'descending order', { options: { ...paper, order: 'descending' } }],
    [
      'ties',
      'a fixed point: all values are equal, and equal values keep their order',
      {
        map: 'logistic',
        params: [1],
        options: { ...paper, burnIn: 0, order: 'descending', starts: [0.5, 0.5, 0.5] },
      },
    ],
    ['rk4', 'Runge-Kutta', { options: { ...paper, lorenz: { ...paper.lorenz, integrator: 'rk4' } } }],
    ['float32-euler', 'float32, Euler', { options: { ...paper, precision: 'float32' }, sides: colour }],
    [
      'float32-rk4',
      'float32, Runge-Kutta, first value the start',
      {
        options: {
          ...paper,
          precision: 'float32',
          firstValue: 'start',
          lorenz: { ...paper.lorenz, integrator: 'rk4' },
        },
      },
    ],
    [
      'float32-logistic',
      'float32, logistic map, burn-in',
      { ...logistic, options: { ...sound, precision: 'float32' } },
    ],
    ['fraction', 'quantiser fraction', { options: { ...paper, quantiser: 'fraction' } }],
    [
      'fraction-16',
      'quantiser fraction, 16 bits',
      { options: { ...paper, quantiser: 'fraction' }, sides: deep },
    ],
    ['colour', 'RGB, a key sample for each', { options: paper, sides: colour }],
    ['plane', 'RGB, one key sample a pixel', { options: { ...paper, colour: 'plane' }, sides: colour }],
    [
      'dt',
      'another step and other starts',
      { options: { ...paper, starts: [-1.5, 2, 25], lorenz: { ...paper.lorenz, dt: 0.001 } } },
    ],
    [
      'multiplier',
      'the largest multiplier: products beyond 2^64',
      { options: { ...paper, lorenz: { ...paper.lorenz, multipliers: { 8: 1e30, 16: 1e30 } } } },
      ['Boundary'],
    ],
    ['burn-in', 'the longest burn-in', { ...logistic, options: { ...paper, burnIn: 1e5 } }, ['Boundary']],
    ...furtherMaps,
    ['r-4', 'r = 4', { map: 'logistic', params: [4], options: paper }, ['Boundary']],
  ];
  const drafts = cases.map(
    ([id, comment, recipe, flags]): Draft => ({
      id: `compact-${id}`,
      comment,
      ...(flags && { flags }),
      ...compactOf(recipe),
    }),
  );
  const { input, expected } = compactOf({ options: paper });
  const changed = (...edits: Edit[]): Buffer => edited(input.payload, ...edits);
  return [
    ...drafts,
    {
      id: 'compact-name',
      comment: 'with an original name',
      input: { payload: withOriginalName(input.payload, 'a/Jane Röntgen.png') },
      expected: { ...expected, name: 'a/Jane Röntgen.png' },
    },
    {
      id: 'compact-first',
      comment: 'without precision and quantiser, as the first key files',
      flags: ['Tolerant'],
      input: {
        payload: changed(({ options }) => {
          delete options.precision;
          delete options.quantiser;
        }),
      },
      expected,
    },
    {
      id: 'compact-member',
      comment: 'an unknown member outside options',
      flags: ['Tolerant'],
      input: { payload: changed(set('note', 'x')) },
      expected,
    },
    {
      id: 'compact-name-number',
      comment: 'a name that is no text counts as none',
      flags: ['Tolerant'],
      input: { payload: changed(set('name', 5)) },
      expected,
    },
  ];
}

function compactInvalid(): Draft[] {
  const { payload } = compactOf({ options: presets.paper }).input;
  const { payload: logistic } = compactOf({ map: 'logistic', params: [3.95], options: presets.paper }).input;
  const cases: [string, string, Draft['flags'], Edit, Uint8Array?][] = [
    ['burn-in-over', 'a burn-in of 100001', ['BurnInTooLarge'], set('options.burnIn', 100_001)],
    ['burn-in-huge', 'a burn-in of 1e9', ['BurnInTooLarge'], set('options.burnIn', 1e9)],
    ['burn-in-negative', 'a burn-in of -1', ['OutOfRange'], set('options.burnIn', -1)],
    ['burn-in-half', 'a burn-in of 1.5', ['OutOfRange'], set('options.burnIn', 1.5)],
    ['burn-in-text', 'a burn-in that is text', ['WrongType'], set('options.burnIn', '0')],
    ['version', 'version 2', ['UnknownVersion'], set('format', 'medchaos compact key 2')],
    ['no-version', 'no version', ['Missing'], set('format', undefined)],
    ['scheme', 'scheme hardened', ['UnknownScheme'], set('scheme', 'hardened')],
    ['map', 'map henon', ['UnknownScheme'], set('map', 'henon')],
    ['hex', 'the last bit of a parameter differs', ['Disagree'], set('parametersHex.0', '4024000000000001')],
    ['hex-missing', 'no hexadecimal form', ['Missing'], set('parametersHex', undefined)],
    ['hex-upper', 'upper-case digits', ['NotCanonical'], set('parametersHex.1', '403C000000000000')],
    [
      'few',
      'two parameters',
      ['Missing'],
      together(set('parameters', [10, 28]), set('parametersHex', ['4024000000000000', '403c000000000000'])),
    ],
    ['parameter-text', 'a parameter that is text', ['WrongType'], set('parameters.0', '10')],
    ['parameter-zero', 'sigma = 0', ['OutOfRange'], setParameter(0, 0)],
    ['r-over', 'r = 4.000000000000001', ['OutOfRange'], setParameter(0, 4.000000000000001), logistic],
    [
      'start-outside',
      'a logistic orbit that starts at 1',
      ['OutOfRange'],
      set('options.starts.2', 1),
      logistic,
    ],
    ['starts-two', 'two starts', ['Missing'], set('options.starts', [0.01, 0.02])],
    ['option', 'an unknown option', ['UnknownField'], set('options.rounds', 2)],
    ['option-below', 'an unknown option of lorenz', ['UnknownField'], set('options.lorenz.noise', 0)],
    ['depth-below', 'a multiplier for 12 bits', ['UnknownField'], set('options.lorenz.multipliers.12', 1e5)],
    ['order', 'order random', ['OutOfRange'], set('options.order', 'random')],
    ['no-order', 'no order', ['Missing'], set('options.order', undefined)],
    ['no-logistic', 'options of the other map are missing', ['Missing'], set('options.logistic', undefined)],
    ['multiplier-over', 'a multiplier of 1e31', ['OutOfRange'], set('options.lorenz.multipliers.8', 1e31)],
    ['multiplier-under', 'a multiplier of 0.5', ['OutOfRange'], set('options.logistic.multipliers.16', 0.5)],
    ['dt-zero', 'dt = 0', ['OutOfRange'], set('options.lorenz.dt', 0)],
    [
      'diverges',
      'dt = 1: the orbit diverges',
      ['Diverges'],
      together(set('options.lorenz.dt', 1), set('options.burnIn', 200)),
    ],
    ['channels', 'five channels', ['OutOfRange'], set('shape.channels', 5)],
    ['shape-depth', '12 bits', ['OutOfRange'], set('shape.depth', 12)],
    ['width', 'width 0', ['OutOfRange'], set('shape.width', 0)],
    ['width-text', 'a width that is text', ['WrongType'], set('shape.width', '5')],
    ['huge', '2^31 samples', ['OutOfRange'], together(set('shape.width', 65536), set('shape.height', 32768))],
    ['no-shape', 'no shape', ['Missing'], set('shape', undefined)],
  ];
  const drafts = cases.map(
    ([id, comment, flags, edit, from = payload]): Draft => ({
      id: `compact-${id}`,
      comment,
      flags: flags!,
      input: { payload: edited(from, edit) },
    }),
  );
  const text = (id: string, comment: string, body: string): Draft => ({
    id: `compact-${id}`,
    comment,
    flags: ['Damaged'],
    input: { payload: Buffer.from(body) },
  });
  return [
    ...drafts,
    text('list', 'a list in place of an object', '[1]'),
    text('half', 'half of the file', payload.toString().slice(0, 200)),
    text('twice', 'two objects, one behind the other', `${payload}${payload}`),
  ];
}
