/** The known word that a mistyped one most probably stands for. */

/** Edits (insert, delete, replace, swap of neighbours) that turn one word into the other. */
function distance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i]);
  for (let j = 1; j <= b.length; j++) rows[0]![j] = j;
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const least = Math.min(rows[i - 1]![j]! + 1, rows[i]![j - 1]! + 1, replaced);
      rows[i]![j] = swapped ? Math.min(least, rows[i - 2]![j - 2]! + 1) : least;
    }
  return rows[a.length]![b.length]!;
}

/** The first known word that begins with `word`, else the one with the fewest edits; null if too many are needed. */
export function nearest(word: string, known: readonly string[]): string | null {
  const begins = known.find((each) => word.length > 1 && each.startsWith(word));
  if (begins !== undefined) return begins;
  const edits = known.map((each) => distance(word, each));
  const least = Math.min(...edits);
  return least <= Math.max(1, Math.floor(word.length / 3)) ? known[edits.indexOf(least)]! : null;
}
