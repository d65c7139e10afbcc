import protobuf from 'protobufjs';

const schema = `
  syntax = "proto3";
  message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
  message Summary { repeated Value value = 1; }
  message Value { string tag = 1; float simple_value = 2; Tensor tensor = 8; Metadata metadata = 9; }
  message Metadata { PluginData plugin_data = 1; }
  message PluginData { string plugin_name = 1; bytes content = 2; }
  message Tensor { int32 dtype = 1; bytes tensor_content = 4; repeated float float_val = 5; repeated double double_val = 6; }
`;

interface DecodedEvent {
  readonly wallTime: number;
  readonly step: number;
  readonly summary?: { readonly value: readonly DecodedValue[] };
}

interface DecodedValue {
  readonly tag: string;
  readonly simpleValue: number;
  readonly tensor?: { readonly dtype: number; readonly tensorContent: Buffer; readonly floatVal: readonly number[] };
}

type Tell = (tag: string, value: number, step: number, timeSeconds: number) => void;

/** An event file decoder as one would write it with a package for protocol buffers; what the benchmark compares with. */
export function createPlainDecoder(tell: Tell): { readonly push: (bytes: Uint8Array) => void } {
  const type = protobuf.parse(schema).root.lookupType('Event');
  const table = crcTable();
  let rest: Buffer = Buffer.alloc(0);

  function isWhole(bytes: Buffer, start: number, end: number): boolean {
    let crc = 0xffffffff;
    for (let at = start; at < end; at++) crc = (table[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (crc >>> 8);
    crc = ~crc;
    return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0 === bytes.readUInt32LE(end);
  }

  function tellAll(data: Buffer): void {
    const { step, wallTime, summary } = type.decode(data) as unknown as DecodedEvent;
    for (const { tag, tensor, simpleValue } of summary?.value ?? []) {
      const value = tensor ? tensor.tensorContent.readFloatLE() : simpleValue;
      tell(tag, value, Number(step), wallTime);
    }
  }

  return {
    push: (bytes) => {
      rest = rest.length === 0 ? Buffer.from(bytes) : Buffer.concat([rest, bytes]);
      let at = 0;
      while (at + 12 <= rest.length) {
        const end = at + 12 + Number(rest.readBigUInt64LE(at));
        if (end + 4 > rest.length) break;
        if (!isWhole(rest, at, at + 8) || !isWhole(rest, at + 12, end)) throw new Error('wrong checksum');
        tellAll(rest.subarray(at + 12, end));
        at = end + 4;
      }
      rest = rest.subarray(at);
    },
  };
}

function crcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
  });
}
