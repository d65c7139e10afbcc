export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** Beyond what is seen, so that fast scrolling shows no gaps. */
const more = 6;

/** Which rows lie in sight. */
export function windowOf(count: number, rowHeight: number, scrollTop: number, height: number): RowWindow {
  const first = Math.floor(scrollTop / rowHeight);
  const last = Math.ceil((scrollTop + height) / rowHeight);
  return { from: Math.max(0, Math.min(count, first - more)), to: Math.min(count, last + more) };
}

/** Where to scroll so that a row is in sight; undefined where it is. */
export function scrollTo(row: number, rowHeight: number, scrollTop: number, height: number): number | undefined {
  const [top, bottom] = [row * rowHeight, (row + 1) * rowHeight];
  if (top < scrollTop) return top;
  return bottom > scrollTop + height ? bottom - height : undefined;
}
