/** Metadata of image files, and dates in them. */

export interface MetadataBlocks {
  /** TIFF headers with what follows, maybe behind JPEG's `Exif`. */
  readonly exif: readonly Buffer[];
  /** XML. */
  readonly xmp: readonly Buffer[];
  /** Records of IPTC-IIM. */
  readonly iptc: readonly Buffer[];
}

/** A date as a file states it. */
export interface Candidate {
  /** `exif:DateTimeOriginal`, `xmp:CreateDate`, `iptc:DateCreated`, `png:tIME`, `dicom:StudyDate`, ... */
  readonly source: string;
  /** As written; null: the tag is there and its value lies outside the file. */
  readonly text: string | null;
}
