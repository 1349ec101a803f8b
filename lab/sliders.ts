/** A slider and a number field for each parameter of a map; both show one value. */
import type { ChaoticMap, MapParameter } from '../src/chaos/index.ts';
import { byId, make } from './dom.ts';

/** Parameters that are not tried otherwise: the range that a network's outputs are spread over, widened to the map's own. */
function limitsOf({ range, drawn, value }: MapParameter): readonly [number, number] {
  const finite = range.map((end, at) => (Number.isFinite(end) && Math.abs(end) < 1e3 ? end : drawn[at]!));
  return [Math.min(finite[0]!, value), Math.max(finite[1]!, value)];
}

const digits = (value: number): string => String(Number(value.toPrecision(10)));

/** Fills #sliders. @returns the values as they stand */
export function showSliders(map: ChaoticMap, onChange: () => void): () => number[] {
  const rows = map.parameters.map((parameter) => sliderOf(parameter, onChange));
  byId('sliders').replaceChildren(...rows.map(({ element }) => element));
  return () => rows.map(({ value }) => value());
}

function sliderOf(parameter: MapParameter, onChange: () => void) {
  const { name, value, drawn } = parameter;
  const [low, high] = limitsOf(parameter);
  const id = `parameter-${name}`;
  const bounds = { min: digits(low), max: digits(high) };
  const slider = make('input', '', { type: 'range', id, ...bounds, step: digits((high - low) / 2000) });
  const field = make('input', '', {
    type: 'number',
    ...bounds,
    step: 'any',
    'aria-label': `${name}, exact value`,
  });
  slider.value = field.value = digits(value);
  slider.addEventListener('input', () => {
    field.value = digits(Number(slider.value));
    onChange();
  });
  field.addEventListener('input', () => {
    slider.value = field.value;
    onChange();
  });
  const hint = make('p', `a network gives ${digits(drawn[0])} to ${digits(drawn[1])}`, { class: 'hint' });
  const children = [make('label', name, { for: id }), field, slider, hint];
  return { element: make('div', '', { class: 'slider' }, children), value: () => Number(field.value) };
}
