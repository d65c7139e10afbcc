import { SourceError } from '../errors.ts';

/** There is none to print with, and trying again does not help; the message says what does. */
export class NoChromium extends SourceError {}

/** `programFrom` names the option for it. */
export function noChromium(program: string | undefined, programFrom: string): NoChromium {
  if (program !== undefined && program !== '')
    return new NoChromium(`${program}, which ${programFrom} names, is no program; PDFs need Chromium`);
  return new NoChromium(
    `PDFs need Chromium, and none is on PATH of the daemon: install it there (Debian, Ubuntu: apt-get install chromium) or name it with ${programFrom}`,
  );
}
