/** What `encrypt DIR` says at the end: every file that is not encrypted, then counts by kind. */
import { countOf } from './each.ts';
import type { EncryptedFolder } from './encrypt.ts';

/** @param dry of a run that wrote nothing */
export function encryptedText(result: EncryptedFolder<unknown>, dry = false): string {
  const { done, skipped, failed, left } = result;
  const total = done.length + skipped.length + failed.length;
  const verb = dry ? 'would encrypt' : 'encrypted';
  const remedy =
    failed.length > 0 ? ['a file that fails can be sealed as it is: medchaos encrypt FILE --as sealed'] : [];
  return [
    ...left.map(({ file, reason }) => `left readable: ${file}: ${reason}`),
    ...failed.map(({ file, reason }) => `failed: ${file}: ${reason}`),
    ...remedy,
    `${verb} ${done.length} of ${total} (${[...countsOf(result)].join(', ')})`,
  ].join('\n');
}

function countsOf({ kinds, copies, skipped, failed, left, results }: EncryptedFolder<unknown>): string[] {
  const byKind = Object.entries(kinds).map(([kind, count]) => plural(count, kind));
  const more: [number, string][] = [
    [copies, copies === 1 ? 'copy among them' : 'copies among them'],
    [left.length, 'left readable'],
    [results, 'encrypted already'],
  ];
  const counts = more.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`);
  return [...byKind, `${skipped.length} there already`, `${failed.length} failed`, ...counts];
}

/** `2 DICOM files without pixels`. */
const plural = (count: number, kind: string): string =>
  kind.includes(' file ')
    ? countOf(count, 'DICOM file').concat(kind.slice('DICOM file'.length))
    : countOf(count, kind);
