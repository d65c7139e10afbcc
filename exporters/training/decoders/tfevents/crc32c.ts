/** Castagnoli's polynomial, bits reversed; RFC 3720, appendix B.4. */
const polynomial = 0x82f63b78;
/** What a byte adds to the checksum that 0 to 7 further bytes follow: "slicing by 8" of Kounavis and Berry. */
const t0 = Int32Array.from({ length: 256 }, (_, byte) => eightBits(byte));
const t1 = followedByOne(t0);
const t2 = followedByOne(t1);
const t3 = followedByOne(t2);
const t4 = followedByOne(t3);
const t5 = followedByOne(t4);
const t6 = followedByOne(t5);
const t7 = followedByOne(t6);
const maskDelta = 0xa282ead8;

/**
 * The checksum in TensorFlow's records: CRC-32C, turned and shifted, so that checksums of data that hold checksums stay apart
 * (tensorflow/core/lib/hash/crc32c.h). Signed, as that is what compares fastest.
 */
export function maskedCrc32c(view: DataView, start: number, end: number): number {
  const crc = crc32c(view, start, end);
  return (((crc >>> 15) | (crc << 17)) + maskDelta) | 0;
}

/** CRC-32C as a signed number of 32 bits. */
export function crc32c(view: DataView, start: number, end: number): number {
  let crc = -1;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const low = crc ^ view.getInt32(at, true);
    const high = view.getInt32(at + 4, true);
    crc =
      entry(t7, low) ^
      entry(t6, low >>> 8) ^
      entry(t5, low >>> 16) ^
      entry(t4, low >>> 24) ^
      entry(t3, high) ^
      entry(t2, high >>> 8) ^
      entry(t1, high >>> 16) ^
      entry(t0, high >>> 24);
  }
  for (; at < end; at++) crc = entry(t0, crc ^ view.getUint8(at)) ^ (crc >>> 8);
  return ~crc;
}

function entry(table: Int32Array, index: number): number {
  return table[index & 0xff] ?? 0;
}

function eightBits(byte: number): number {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? polynomial : 0);
  return crc;
}

function followedByOne(table: Int32Array): Int32Array {
  return table.map((crc) => (crc >>> 8) ^ entry(t0, crc));
}
