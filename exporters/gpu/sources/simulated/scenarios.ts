/** What goes wrong with one GPU during one second. */
export interface Fault {
  /** Degrees that failing cooling adds to where the temperature settles. */
  readonly extraCelsius?: number;
  readonly correctableErrors?: number;
  readonly uncorrectableErrors?: number;
  /** Rows with uncorrectable errors, to be remapped at the next reset. */
  readonly remappedRows?: number;
  readonly link?: LinkFault;
  readonly xids?: readonly number[];
  readonly lost?: boolean;
  /** Its processes compute nothing and stay. */
  readonly idle?: boolean;
  /** Share of its work in which it only waits for other GPUs, 0 to 1: busy, but it draws less. */
  readonly waiting?: number;
  /** Somebody lowered the power limit to so much. */
  readonly limitWatts?: number;
}

/** What goes wrong with one NVLink link during one second. */
export interface LinkFault {
  /** Number of the link. */
  readonly link: number;
  readonly down?: boolean;
  readonly crcErrors?: number;
  readonly replays?: number;
  readonly recoveries?: number;
}

export interface Moment {
  /** From 0. */
  readonly node: number;
  readonly gpu: number;
  /** Number of GPUs of the node. */
  readonly gpus: number;
  /** GPUs of the first pod of the node, which trains; the rank of a process is the place of its GPU. */
  readonly firstPod: readonly number[];
  /** Since the simulation started. */
  readonly second: number;
}

export interface Scenario {
  /** One sentence for help and guides. */
  readonly about: string;
  readonly fault: (moment: Moment) => Fault | undefined;
}

const beginSecond = 10;
const flap = { link: 5, everySeconds: 80, errorSeconds: 10, downSeconds: 40 } as const;

/** The rank of the first training pod that is slow in the scenario straggler; not the one that people look at first. */
export function stragglerRank(ranks: number): number {
  return Math.min(2, ranks - 1);
}

/** Every scenario strikes the first node, so that people know where to look; the other nodes stay healthy for comparison. */
export const scenarios = {
  healthy: {
    about: 'Nothing is wrong.',
    fault: () => undefined,
  },
  overheat: {
    about:
      'The cooling of the first node fails: from second 10 on its first two GPUs heat up past their slowdown limit.',
    fault: ({ node, gpu, second }) =>
      node === 0 && gpu < 2 && second >= beginSecond ? { extraCelsius: 55 } : undefined,
  },
  xid79: {
    about: 'At second 20 the last GPU of the first node reports XID 79 and falls off the bus.',
    fault: ({ node, gpu, gpus, second }) => {
      if (node !== 0 || gpu !== gpus - 1 || second < 20) return undefined;
      return second === 20 ? { xids: [79] } : { lost: true };
    },
  },
  'ecc-ramp': {
    about:
      'The second GPU of the first node shows ever more correctable memory errors from second 10 on, and at second 60 an uncorrectable one with XID 48, 94 and 63, which leaves a row to be remapped and a GPU that asks for a reset.',
    fault: ({ node, gpu, gpus, second }) => {
      if (node !== 0 || gpu !== Math.min(1, gpus - 1) || second < beginSecond) return undefined;
      const correctableErrors = Math.round(2 ** Math.min(10, (second - beginSecond) / 10));
      if (second !== 60) return { correctableErrors };
      return { correctableErrors, uncorrectableErrors: 1, remappedRows: 1, xids: [48, 94, 63] };
    },
  },
  'gpu-lost': {
    about: 'At second 20 the first GPU of the first node is lost without a word.',
    fault: ({ node, gpu, second }) => (node === 0 && gpu === 0 && second >= 20 ? { lost: true } : undefined),
  },
  'nvlink-flap': {
    about:
      'From second 20 on an NVLink link of the third GPU of the first node goes down for 40 of every 80 seconds, with XID 74, after CRC errors and replays.',
    fault: ({ node, gpu, gpus, second }) => {
      if (node !== 0 || gpu !== Math.min(2, gpus - 1) || second < beginSecond) return undefined;
      const beat = (second - beginSecond) % flap.everySeconds;
      if (beat < flap.errorSeconds) return { link: { link: flap.link, crcErrors: 12, replays: 3 } };
      if (beat === flap.errorSeconds) return { link: { link: flap.link, down: true }, xids: [74] };
      if (beat < flap.errorSeconds + flap.downSeconds) return { link: { link: flap.link, down: true } };
      return beat === flap.errorSeconds + flap.downSeconds ? { link: { link: flap.link, recoveries: 1 } } : undefined;
    },
  },
  'training-nan': {
    about: 'From second 30 on the loss of the first training pod is NaN, which its GPUs do not show.',
    fault: () => undefined,
  },
  'training-stall': {
    about: 'At second 40 the processes of the first training pod of the first node stop computing, and stay.',
    fault: ({ node, gpu, firstPod, second }) =>
      node === 0 && firstPod.includes(gpu) && second >= 40 ? { idle: true } : undefined,
  },
  straggler: {
    about:
      'At second 30 the power limit of one GPU of the first training pod of the first node is lowered to 350 W; the other GPUs of the pod wait for it.',
    fault: ({ node, gpu, firstPod, second }) => {
      if (node !== 0 || second < 30 || !firstPod.includes(gpu)) return undefined;
      return firstPod.indexOf(gpu) === stragglerRank(firstPod.length) ? { limitWatts: 350 } : { waiting: 0.35 };
    },
  },
  rollback: {
    about:
      'At second 60 the first training pod of the first node crashes; its processes compute again 15 seconds later.',
    fault: ({ node, gpu, firstPod, second }) =>
      node === 0 && firstPod.includes(gpu) && second >= 60 && second < 75 ? { idle: true } : undefined,
  },
  'slow-inference': {
    about: 'From second 30 on the LLM engine of one model is slow, which its GPUs do not show.',
    fault: () => undefined,
  },
  'tenant-burst': {
    about:
      'From second 30 on one tenant sends more LLM requests than it may; its limits keep them from the engines, and the GPUs show nothing.',
    fault: () => undefined,
  },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];
