/** Metadata of image files. */

export interface MetadataBlocks {
  /** TIFF blocks, perhaps behind JPEG's `Exif`. */
  readonly exif: readonly Buffer[];
  /** XML. */
  readonly xmp: readonly Buffer[];
  /** Records of IPTC-IIM. */
  readonly iptc: readonly Buffer[];
}
