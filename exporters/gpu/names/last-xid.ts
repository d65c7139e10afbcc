import { xidClasses, xidClassOf } from '../../../metrics/xid.ts';
import { otherXid, type XidCount } from '../sources/xid-ledger.ts';

/** The code of the XID error that came last since the exporter started, 0 if there was none; undefined where none can be heard. */
export function lastXid(xids: readonly XidCount[]): number | undefined {
  if (xids.length === 0) return undefined;
  let last: XidCount | undefined;
  for (const xid of xids) {
    if (xid.xid === otherXid || xid.count === 0 || xid.lastSeconds === undefined) continue;
    if (last?.lastSeconds === undefined || xid.lastSeconds > last.lastSeconds) last = xid;
  }
  return last?.xid ?? 0;
}

/** What the code means, for `err_msg`. */
export function xidMessage(xid: number): string {
  if (xid === 0) return 'No Error';
  const name = xidClassOf(xid);
  return name === undefined ? 'Unknown Error' : xidClasses[name].meaning;
}
