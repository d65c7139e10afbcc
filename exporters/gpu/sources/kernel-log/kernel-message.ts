/** A message of the kernel that may report an XID, with what its log tells of the time. */
export interface KernelMessage {
  readonly text: string;
  /** Unix time. */
  readonly unixSeconds?: number;
  /** On the clock of the kernel log: since boot, without the time for which the machine slept. */
  readonly kernelSeconds?: number;
}

/** Turns the bytes of a log, as they come, into messages. Nothing in them makes it fail, and what it keeps is bounded. */
export interface LogDecoder {
  readonly push: (bytes: Buffer) => readonly KernelMessage[];
  /** The log ended: what is still incomplete is taken as it is. */
  readonly end: () => readonly KernelMessage[];
}
