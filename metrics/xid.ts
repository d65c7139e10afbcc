/**
 * XID codes by the immediate action that NVIDIA's catalogue names for them.
 * Source: NVIDIA XID catalogue (docs.nvidia.com/deploy/xid-errors), state of 2025-10; codes that it does not name are `unclassified`.
 */

export const xidClasses = {
  'restart-node': {
    action: 'restart_node',
    meaning: 'The GPU is gone from the bus; only a reboot of the node brings it back.',
    codes: [79, 151],
  },
  'reset-gpu': {
    action: 'reset_gpu',
    meaning: 'The GPU is in a state that only a reset clears.',
    codes: [46, 62, 64, 95, 109, 110, 119, 120, 136, 140, 143, 155, 156, 158],
  },
  memory: {
    action: 'drain',
    meaning: 'Uncorrectable memory error; row remapping decides whether the GPU goes on.',
    codes: [48, 171, 172],
  },
  'contained-memory': {
    action: 'restart_app',
    meaning:
      'The GPU contained an uncorrectable memory error to one process: that one must be started again, others go on; the row is remapped at the next reset.',
    codes: [94],
  },
  nvlink: {
    action: 'drain',
    meaning: 'NVLink error; jobs over several GPUs fail or crawl.',
    codes: [74, 144, 145, 146, 147, 148, 149, 150],
  },
  'recovery-action': {
    action: 'investigate',
    meaning: 'The recovery action that the driver asks for has changed.',
    codes: [154],
  },
  application: {
    action: 'restart_app',
    meaning: 'The workload did something wrong; the same code on one GPU across several jobs points to the hardware.',
    codes: [
      8, 11, 13, 25, 31, 32, 39, 40, 41, 60, 68, 69, 70, 71, 72, 75, 76, 77, 80, 82, 83, 84, 85, 86, 88, 89, 96, 97, 98,
      99, 100, 101, 102, 103, 104, 105, 126, 127, 128, 129, 130, 131, 132, 133, 134, 135, 139,
    ],
  },
  manual: {
    action: 'contact_support',
    meaning: 'Needs a person: mechanics (54), software or firmware version (78), UVM (159) or NVIDIA support (142).',
    codes: [54, 78, 142, 159],
  },
  ignore: {
    action: 'none',
    meaning: 'Informational, or a consequence of another error (45 follows the error that ended the process).',
    codes: [14, 37, 38, 43, 44, 45, 63, 66, 67, 92, 93, 106, 107, 108, 121, 137, 141, 152, 153, 157, 160, 161],
  },
} as const satisfies Readonly<Record<string, XidClassSpec>>;

interface XidClassSpec {
  readonly action: 'restart_app' | 'reset_gpu' | 'restart_node' | 'drain' | 'contact_support' | 'investigate' | 'none';
  readonly meaning: string;
  readonly codes: readonly number[];
}

export type XidClass = keyof typeof xidClasses;

/**
 * Codes whose counter exists from the start with 0, because increase() cannot see the first increment of a new series:
 * every class that an alert reads, save the long list of application errors, of which only the two common ones are kept.
 */
export const xidCodesFromStart: readonly number[] = [
  ...xidClasses['restart-node'].codes,
  ...xidClasses['reset-gpu'].codes,
  ...xidClasses.memory.codes,
  ...xidClasses['contained-memory'].codes,
  ...xidClasses.nvlink.codes,
  ...xidClasses['recovery-action'].codes,
  ...xidClasses.manual.codes,
  13,
  31,
  43,
  45,
  63,
  92,
].sort((a, b) => a - b);

/**
 * Codes after which a GPU is left alone: 79 has it gone from the bus, and with 119 and 120 its system processor answers no more, so that
 * each driver call to it blocks for 6 to 45 s.
 */
export const xidCodesThatStopCalls: readonly number[] = [79, 119, 120];

/** A regular expression that matches the codes of a class as a label value. */
export function xidPattern(name: XidClass): string {
  return xidClasses[name].codes.join('|');
}

const classByCode: ReadonlyMap<number, XidClass> = new Map(
  Object.keys(xidClasses)
    .filter(isXidClass)
    .flatMap((name) => [...xidClasses[name].codes].map((code) => [code, name] as const)),
);

/** Undefined for a code that NVIDIA's catalogue does not name. */
export function xidClassOf(code: number): XidClass | undefined {
  return classByCode.get(code);
}

function isXidClass(name: string): name is XidClass {
  return Object.hasOwn(xidClasses, name);
}
