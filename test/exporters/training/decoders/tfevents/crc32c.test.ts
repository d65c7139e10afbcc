import fc from 'fast-check';
import { crc32c, maskedCrc32c } from '../../../../../exporters/training/decoders/tfevents/crc32c.ts';
import { maskedCrc } from '../../../../support/tfevents-writer.ts';

test('gives the check value of CRC-32C', () => {
  const bytes = Buffer.from('123456789');
  expect(crc32c(viewOf(bytes), 0, bytes.length) >>> 0).toBe(0xe3069283);
});

test('masks as TensorFlow does: the checksum of the length 24', () => {
  const length = Buffer.from([24, 0, 0, 0, 0, 0, 0, 0]);
  expect(maskedCrc32c(viewOf(length), 0, 8) >>> 0).toBe(0x224b7fa3);
});

test('agrees bit for bit on bytes of any number, wherever they begin', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, from) => {
      const start = Math.min(from, bytes.length);
      expect(maskedCrc32c(viewOf(bytes), start, bytes.length) >>> 0).toBe(maskedCrc(bytes.subarray(start)));
    }),
  );
});

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
