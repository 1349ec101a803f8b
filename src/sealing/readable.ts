/** `--dry-run`: the facts that a result shows without a key. */
import { basename } from 'node:path';
import type { FileKind, LoadedFile, Sealing, Target } from './seal-image.ts';
import { defaultScheme, isImage, kindOf } from './seal-image.ts';

/** A file's planned result. */
export interface PlannedFile extends Target {
  readonly kind: FileKind;
  /** Facts that stay readable, a phrase each. */
  readonly readable: readonly string[];
}

export async function planned(
  loaded: LoadedFile,
  target: Target,
  { scheme = defaultScheme }: Sealing,
  secret: Uint8Array,
): Promise<PlannedFile> {
  const name = target.path === undefined ? [`its name, in ${basename(target.cipher)}`] : [];
  return {
    ...target,
    kind: kindOf(loaded),
    readable: [...name, ...(await contents(loaded, scheme, secret))],
  };
}

async function contents(loaded: LoadedFile, scheme: string, secret: Uint8Array): Promise<string[]> {
  if ('whole' in loaded) return ['its length in bytes'];
  if (isImage(loaded) && !loaded.dicom) {
    const { width, height, channels, depth } = loaded.plain;
    return [`size ${width}x${height}`, `${channels} channels of ${depth} bits`, `scheme ${scheme}`];
  }
  const { bareAttributes, deidentify } = await import('../data/dicom/deidentify.ts');
  const { described } = await import('../data/dicom/described.ts');
  if ('document' in loaded)
    return ['about its length in bytes', ...described(bareAttributes(loaded.document.elements, secret))];
  const { elements, pieces } = loaded.dicom!;
  return described(deidentify(elements, secret, pieces.description).open);
}
