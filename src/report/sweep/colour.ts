/** A scale from poor to good: dark purple, teal, yellow (viridis); its text is black or white. */
const stops = [
  [68, 1, 84],
  [59, 82, 139],
  [33, 145, 140],
  [94, 201, 98],
  [253, 231, 37],
] as const;

/** @param share from 0 to 1 */
export function scaleColour(share: number): { readonly ground: string; readonly ink: string } {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const low = Math.min(Math.floor(at), stops.length - 2);
  const rgb = stops[low]!.map((value, k) => Math.round(value + (at - low) * (stops[low + 1]![k]! - value)));
  const [r, g, b] = rgb.map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r! + 0.7152 * g! + 0.0722 * b!; // WCAG 2
  return { ground: `rgb(${rgb.join(' ')})`, ink: luminance > 0.179 ? '#000000' : '#ffffff' };
}

/** Where a value lies between the worst and the best. */
export function shareOf(values: readonly number[], better: 'higher' | 'lower'): (value: number) => number {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (value) => {
    const share = high > low ? (value - low) / (high - low) : 1;
    return better === 'higher' ? share : 1 - share;
  };
}
