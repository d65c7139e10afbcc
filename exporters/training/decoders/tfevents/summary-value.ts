import { createTensorFields, readOneNumber } from './tensor.ts';
import {
  bytesField,
  type Cursor,
  enter,
  fixed32Field,
  hasFailed,
  readFloat,
  readSize,
  readVarint,
  skipField,
  varintField,
} from './wire.ts';

/** What is read of one value of a summary, written over by the next. */
export interface ValueFields {
  tagAt: number;
  tagEnd: number;
  /** Whether the value holds just one number. */
  hasNumber: boolean;
  number: number;
  /** The number was in a tensor, which the plugin of the tag gives its meaning. */
  isTensor: boolean;
  /** Whether the tag is one of scalars; undefined if the value does not say, as writers may say it with the first value only. */
  isScalar: boolean | undefined;
}

/** Summary.Value in tensorflow/core/framework/summary.proto. */
const tag = bytesField(1);
const simpleValue = fixed32Field(2);
const tensor = bytesField(8);
const metadata = bytesField(9);
/** SummaryMetadata there. */
const pluginData = bytesField(1);
const pluginName = bytesField(1);
const dataClass = varintField(4);
const scalarClass = 1;
const scalarsPlugin = Array.from('scalars', (letter) => letter.charCodeAt(0));

export interface ValueReader {
  readonly fields: Readonly<ValueFields>;
  /** Reads a value to the end of the cursor. */
  readonly read: (cursor: Cursor) => void;
}

export function createValueReader(): ValueReader {
  const tensorFields = createTensorFields();
  const fields: ValueFields = {
    tagAt: 0,
    tagEnd: 0,
    hasNumber: false,
    number: 0,
    isTensor: false,
    isScalar: undefined,
  };

  function read(cursor: Cursor): void {
    fields.tagAt = 0;
    fields.tagEnd = 0;
    fields.hasNumber = false;
    fields.isTensor = false;
    fields.isScalar = undefined;
    while (cursor.at < cursor.end) readField(cursor, readVarint(cursor));
  }

  function readField(cursor: Cursor, field: number): void {
    if (field === tag) readTag(cursor);
    else if (field === simpleValue) setNumber(readFloat(cursor), false);
    else if (field === tensor) setNumber(readOneNumber(cursor, tensorFields), true);
    else if (field === metadata) fields.isScalar = readIsScalar(cursor);
    else skipField(cursor, field);
  }

  function readTag(cursor: Cursor): void {
    const size = readSize(cursor);
    fields.tagAt = cursor.at;
    cursor.at += size;
    fields.tagEnd = cursor.at;
  }

  function setNumber(number: number | undefined, isTensor: boolean): void {
    fields.hasNumber = number !== undefined;
    fields.number = number ?? 0;
    fields.isTensor = isTensor;
  }

  return { fields, read };
}

/** A class of data counts more than the name of a plugin, as plugins of others may show scalars too. */
function readIsScalar(cursor: Cursor): boolean | undefined {
  let isNamed: boolean | undefined;
  let told = 0;
  const outerEnd = enter(cursor);
  while (cursor.at < cursor.end) {
    const field = readVarint(cursor);
    if (field === pluginData) isNamed = readIsScalarsPlugin(cursor) ?? isNamed;
    else if (field === dataClass) told = readVarint(cursor);
    else skipField(cursor, field);
  }
  cursor.end = outerEnd;
  return told === 0 ? isNamed : told === scalarClass;
}

/** Undefined if no plugin is named. */
function readIsScalarsPlugin(cursor: Cursor): boolean | undefined {
  let isScalars: boolean | undefined;
  const outerEnd = enter(cursor);
  while (cursor.at < cursor.end) {
    const field = readVarint(cursor);
    if (field !== pluginName) {
      skipField(cursor, field);
      continue;
    }
    const size = readSize(cursor);
    if (size > 0 && !hasFailed(cursor)) isScalars = size === scalarsPlugin.length && isAt(cursor, scalarsPlugin);
    cursor.at += size;
  }
  cursor.end = outerEnd;
  return isScalars;
}

function isAt({ view, at }: Cursor, bytes: readonly number[]): boolean {
  return bytes.every((byte, index) => view.getUint8(at + index) === byte);
}
