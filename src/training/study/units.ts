/** Errors of a date in a unit that people use. */

const longer: Readonly<Record<string, string>> = {
  positionInSpan: 'in the 50 years',
  positionInYear: 'in the year',
  positionInDay: 'in the day',
};

/** `16.2 minutes in the day`. */
export function formatDateError({ name, rmse, unit }: { name: string; rmse: number; unit: string }): string {
  const [value, of] = unit === 'seconds' && rmse >= 60 ? [rmse / 60, 'minutes'] : [rmse, unit];
  return `${Number(value.toPrecision(3))} ${of} ${longer[name] ?? name}`;
}
