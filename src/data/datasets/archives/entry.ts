/** What reading any archive gives, one entry after the other. */

export interface ArchiveEntry {
  /** As written in the archive: not to be trusted, see `safePath`. */
  readonly name: string;
  /** Bytes when unpacked, as the archive says; its body has exactly as many, or throws. */
  readonly bytes: number;
  /** CRC-32 of the body; null where the format has none. */
  readonly crc32: number | null;
  /** The bytes, once; to be read before the next entry is asked for, or not at all. */
  readonly body: () => AsyncIterable<Buffer>;
}
