/** Compact key files, valid and invalid. */
import type { MapName } from '../../../../src/chaos/maps.ts';
import {
  deriveKeys,
  type PaperOptions,
  packCompact,
  presets,
  withOriginalName,
} from '../../../../src/cipher/index.ts';
import { type Edit, edited, set, setParameter, together } from './edits.ts';
import { expectedOf, lorenz } from './key-file-parts.ts';
import { picture, type Sides } from './pictures.ts';
import type { Draft } from './vector.ts';

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

export function compactValid(): Draft[] {
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

export function compactInvalid(): Draft[] {
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
