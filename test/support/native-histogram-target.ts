import { createServer } from 'node:http';
import { freePort } from './free-port.ts';

/** Observations in one bucket of schema 0: bucket 0 holds those above 1/2 and up to 1, and each next one twice as much. */
export interface NativeBucket {
  readonly index: number;
  readonly count: number;
}

export interface NativeHistogramTarget {
  /** host:port. */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

/**
 * A target with one native histogram `x_seconds`, all buckets of which grow by as many observations with each scrape. It speaks the protobuf form
 * of the exposition format (io.prometheus.client.MetricFamily, delimited), which is the only one for them.
 */
export async function startNativeHistogramTarget(buckets: readonly NativeBucket[]): Promise<NativeHistogramTarget> {
  let scrapes = 0;
  const server = createServer((_request, response) => {
    scrapes++;
    response.setHeader(
      'Content-Type',
      'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
    );
    response.end(delimited(familyOf(buckets.map(({ index, count }) => ({ index, count: count * scrapes })))));
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${port}`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const typeHistogram = 4;
const lengthDelimited = 2;

function familyOf(buckets: readonly NativeBucket[]): Buffer {
  const metric = field(7, histogramOf(buckets));
  return Buffer.concat([field(1, Buffer.from('x_seconds')), number(3, typeHistogram), field(4, metric)]);
}

/** Fields of io.prometheus.client.Histogram, by their numbers. */
function histogramOf(buckets: readonly NativeBucket[]): Buffer {
  const total = buckets.reduce((sum, { count }) => sum + count, 0);
  const spans = buckets.map(({ index }, at) => {
    const before = buckets[at - 1]?.index;
    const offset = before === undefined ? index : index - before - 1;
    return field(12, Buffer.concat([number(1, zigzag(offset)), number(2, 1)]));
  });
  const deltas = buckets.map(({ count }, at) => number(13, zigzag(count - (buckets[at - 1]?.count ?? 0))));
  const zeroThreshold = Buffer.alloc(8);
  zeroThreshold.writeDoubleLE(2 ** -128);
  return Buffer.concat([
    number(1, total),
    number(5, zigzag(0)),
    Buffer.from([(6 << 3) | 1]),
    zeroThreshold,
    number(7, 0),
    ...spans,
    ...deltas,
  ]);
}

function delimited(message: Buffer): Buffer {
  return Buffer.concat([varint(message.length), message]);
}

function field(tag: number, bytes: Buffer): Buffer {
  return Buffer.concat([varint((tag << 3) | lengthDelimited), delimited(bytes)]);
}

function number(tag: number, value: number): Buffer {
  return Buffer.concat([varint(tag << 3), varint(value)]);
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
