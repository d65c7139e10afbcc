/** What goes wrong with one GPU during one second. */
export interface Fault {
  /** Degrees that failing cooling adds to where the temperature settles. */
  readonly extraCelsius?: number;
  readonly correctableErrors?: number;
  readonly uncorrectableErrors?: number;
  readonly xids?: readonly number[];
  readonly lost?: boolean;
}

export interface Moment {
  /** From 0. */
  readonly node: number;
  readonly gpu: number;
  /** Number of GPUs of the node. */
  readonly gpus: number;
  /** Since the simulation started. */
  readonly second: number;
}

export interface Scenario {
  /** One sentence for help and guides. */
  readonly about: string;
  readonly fault: (moment: Moment) => Fault | undefined;
}

const beginSecond = 10;

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
      'The second GPU of the first node shows ever more correctable memory errors from second 10 on, and at second 60 an uncorrectable one with XID 48 and 94.',
    fault: ({ node, gpu, gpus, second }) => {
      if (node !== 0 || gpu !== Math.min(1, gpus - 1) || second < beginSecond) return undefined;
      const correctableErrors = Math.round(2 ** Math.min(10, (second - beginSecond) / 10));
      return second === 60 ? { correctableErrors, uncorrectableErrors: 1, xids: [48, 94] } : { correctableErrors };
    },
  },
  'gpu-lost': {
    about: 'At second 20 the first GPU of the first node is lost without a word.',
    fault: ({ node, gpu, second }) => (node === 0 && gpu === 0 && second >= 20 ? { lost: true } : undefined),
  },
} as const satisfies Readonly<Record<string, Scenario>>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as readonly ScenarioName[];
