import type { KernelMessage } from './kernel-message.ts';
import { xidMark } from './xid-line.ts';

const longestPrefix = 256;
/** A line of dmesg: nothing before the message but priority, facility and level (dmesg -x), time and caller. */
const dmesgPrefix = /^(?:<\d{1,3}>)?(?:[a-z0-9]+ *:[a-z]+ *: ?)?(?:\[[^\]]{1,40}\] ?){0,3}$/;
/** A line of syslog as it ends before a message of the kernel; the last part is the time that the kernel put in front. */
const syslogPrefix = /^(?<head>.*?)\bkernel(?::| - - -)\s{1,2}(?:\[ *\d+\.\d+\]\s?)?$/;
const isoTime =
  /^(?:<\d{1,3}>\d? ?)?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d)?(?::?(\d\d))?(?=\s)/;
const kernelTime = /\[ *(\d{1,10}\.\d{1,9})\]/;
const monotonicTime = /^\[ *\d+\.\d+\] /;
const mostWords = 6;

/**
 * Finds the XID message in a line of a syslog file or of dmesg. Undefined where there is none, and where the line is not the kernel's
 * own: a daemon that quotes the kernel log must not count as a second error.
 */
export function parseLogLine(line: string): KernelMessage | undefined {
  const at = line.indexOf(xidMark);
  if (at === -1 || at > longestPrefix) return undefined;
  const prefix = line.slice(0, at);
  const text = line.slice(at);
  const unixSeconds = isoSeconds(prefix);
  if (unixSeconds !== undefined)
    return isOfKernel(prefix.replace(isoTime, '').trimStart()) ? { text, unixSeconds } : undefined;
  if (!isOfKernel(prefix)) return undefined;
  const kernelSeconds = dmesgPrefix.test(prefix) ? kernelTime.exec(prefix)?.[1] : undefined;
  return kernelSeconds === undefined ? { text } : { text, kernelSeconds: Number(kernelSeconds) };
}

function isOfKernel(prefix: string): boolean {
  if (dmesgPrefix.test(prefix)) return true;
  const head = syslogPrefix.exec(prefix)?.groups?.['head'];
  if (head === undefined) return false;
  const words = head
    .replace(monotonicTime, '')
    .split(/\s+/)
    .filter((word) => word !== '');
  // Time and host only: a word with one of these belongs to a program that quotes.
  return words.length <= mostWords && !words.some((word) => word.endsWith(':') || /["'=[\]]/.test(word));
}

/** Undefined without a time zone, because which one is meant cannot be known. */
function isoSeconds(prefix: string): number | undefined {
  const [, date, time, fraction = '0', hours, minutes = '00'] = isoTime.exec(prefix) ?? [];
  if (date === undefined || time === undefined || hours === undefined) return undefined;
  const zone = hours === 'Z' ? 'Z' : `${hours}:${minutes}`;
  const milliseconds = Date.parse(`${date}T${time}${zone}`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000 + Number(`0.${fraction}`);
}
