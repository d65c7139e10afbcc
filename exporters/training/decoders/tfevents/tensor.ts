import {
  bytesField,
  type Cursor,
  enter,
  hasFailed,
  readDouble,
  readFloat,
  readSize,
  readVarint,
  skipField,
  varintField,
  wireTypes,
} from './wire.ts';

/** What is read of one tensor, written over by the next. */
export interface TensorFields {
  dtype: number;
  /** Number of elements by its shape. */
  size: number;
  /** Elements that are listed one by one, and the last of them. */
  listed: number;
  element: number;
  /** Elements as they lie in memory. */
  contentAt: number;
  contentBytes: number;
}

/** tensorflow/core/framework/tensor.proto and tensor_shape.proto. */
const dtypeField = varintField(1);
const shapeField = bytesField(2);
const contentField = bytesField(4);
const dimensionField = bytesField(2);
const dimensionSizeField = varintField(1);
/** Numbers of the fields that list elements. */
const lists = { float: 5, double: 6, int: 7, int64: 10, half: 13 } as const;
/** tensorflow/core/framework/types.proto. */
const dtypes = { float: 1, double: 2, int32: 3, int64: 9, bfloat16: 14, half: 19 } as const;

/** One element in memory, by its type. */
const contents: Readonly<
  Record<number, { readonly bytes: number; readonly read: (view: DataView, at: number) => number }>
> = {
  [dtypes.float]: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  [dtypes.double]: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  [dtypes.int32]: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  [dtypes.int64]: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  [dtypes.half]: { bytes: 2, read: (view, at) => halfOf(view.getUint16(at, true)) },
  [dtypes.bfloat16]: { bytes: 2, read: (view, at) => bfloat16Of(view.getUint16(at, true)) },
};

const scratch = new DataView(new ArrayBuffer(4));

export function createTensorFields(): TensorFields {
  return { dtype: 0, size: 1, listed: 0, element: 0, contentAt: 0, contentBytes: 0 };
}

/** The number that a tensor holds; undefined if it holds none, several or something else. */
export function readOneNumber(cursor: Cursor, tensor: TensorFields): number | undefined {
  tensor.dtype = 0;
  tensor.size = 1;
  tensor.listed = 0;
  tensor.contentBytes = 0;
  const outerEnd = enter(cursor);
  while (cursor.at < cursor.end) {
    const field = readVarint(cursor);
    if (field === dtypeField) tensor.dtype = readVarint(cursor);
    else if (field === shapeField) tensor.size = readShape(cursor);
    else if (field === contentField) {
      tensor.contentBytes = readSize(cursor);
      tensor.contentAt = cursor.at;
      cursor.at += tensor.contentBytes;
    } else readElements(cursor, field, tensor);
  }
  cursor.end = outerEnd;
  if (tensor.size !== 1 || hasFailed(cursor)) return undefined;
  return tensor.contentBytes > 0 ? contentOf(tensor, cursor.view) : listedOf(tensor);
}

function readShape(cursor: Cursor): number {
  let size = 1;
  const outerEnd = enter(cursor);
  while (cursor.at < cursor.end) {
    const field = readVarint(cursor);
    if (field === dimensionField) size *= readDimension(cursor);
    else skipField(cursor, field);
  }
  cursor.end = outerEnd;
  return size;
}

function readDimension(cursor: Cursor): number {
  let size = 0;
  const outerEnd = enter(cursor);
  while (cursor.at < cursor.end) {
    const field = readVarint(cursor);
    if (field === dimensionSizeField) size = readVarint(cursor);
    else skipField(cursor, field);
  }
  cursor.end = outerEnd;
  return size;
}

function readElements(cursor: Cursor, field: number, tensor: TensorFields): void {
  switch (field >>> 3) {
    case lists.float:
      readList(cursor, field, tensor, wireTypes.fixed32, readFloat);
      break;
    case lists.double:
      readList(cursor, field, tensor, wireTypes.fixed64, readDouble);
      break;
    case lists.int:
    case lists.int64:
    case lists.half:
      readList(cursor, field, tensor, wireTypes.varint, readVarint);
      break;
    default:
      skipField(cursor, field);
  }
}

/** One element, or a packed list of which two are enough to know that there are too many. */
function readList(
  cursor: Cursor,
  field: number,
  tensor: TensorFields,
  wireType: number,
  read: (cursor: Cursor) => number,
): void {
  if ((field & 7) === wireType) {
    tensor.element = read(cursor);
    tensor.listed++;
  } else if ((field & 7) === wireTypes.bytes) {
    const outerEnd = enter(cursor);
    while (cursor.at < cursor.end && tensor.listed < 2) {
      tensor.element = read(cursor);
      tensor.listed++;
    }
    if (!hasFailed(cursor)) cursor.at = cursor.end;
    cursor.end = outerEnd;
  } else skipField(cursor, field);
}

function listedOf({ listed, element, dtype }: TensorFields): number | undefined {
  if (listed !== 1) return undefined;
  switch (dtype) {
    case dtypes.half:
      return halfOf(element);
    case dtypes.bfloat16:
      return bfloat16Of(element);
    default:
      return element;
  }
}

/** TensorFlow writes the memory of little endian machines. */
function contentOf({ dtype, contentAt, contentBytes }: TensorFields, view: DataView): number | undefined {
  const content = contents[dtype];
  return content?.bytes === contentBytes ? content.read(view, contentAt) : undefined;
}

/** IEEE 754 with 5 bits of exponent and 10 of fraction. */
function halfOf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The upper half of a float. */
function bfloat16Of(bits: number): number {
  scratch.setUint16(0, bits & 0xffff);
  return scratch.getFloat32(0);
}
