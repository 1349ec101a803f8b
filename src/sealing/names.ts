/** Names of result kinds, in a file that `--help` can load quickly. */

/** A cipher image with a key file beside it, a DICOM object that contains its key file, or a sealed file. */
export const resultKinds = ['png', 'dicom', 'sealed'] as const;
export type ResultKind = (typeof resultKinds)[number];

/** `neutral`: results are named by study and number; the original name is encrypted. */
export const nameStyles = ['original', 'neutral'] as const;
export type NameStyle = (typeof nameStyles)[number];
