/** What `encrypt` makes of files, apart from the code that does it. */

/** A cipher image with a key file beside it, a DICOM object that has all inside, or a sealed file. */
export const resultKinds = ['png', 'dicom', 'sealed'] as const;
export type ResultKind = (typeof resultKinds)[number];

/** `neutral`: results called by study and number, the original name inside. */
export const nameStyles = ['original', 'neutral'] as const;
export type NameStyle = (typeof nameStyles)[number];
