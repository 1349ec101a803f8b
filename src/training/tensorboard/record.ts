/**
 * TFRecord framing (tensorflow/core/lib/io/record_writer.h): uint64 length, masked CRC-32C of the length, the
 * data, masked CRC-32C of the data; little endian. A record cut off at a file's end is one not yet written.
 */
import crc32c from 'crc-32/crc32c.js';

/** Rotated and shifted, so that a checksum of bytes that hold checksums stays a good one. */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export function frame(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(data.length + 16);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(maskedCrc(record.subarray(0, 8)), 8);
  record.set(data, 12);
  record.writeUInt32LE(maskedCrc(data), data.length + 12);
  return record;
}
