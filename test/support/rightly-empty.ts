import type { BoardQuery } from './board-queries.ts';

/** Panels that a simulated fleet of a few minutes may leave empty: all of their queries, or those behind the colon. */
interface RightlyEmpty {
  readonly why: string;
  readonly panels: Readonly<Record<string, readonly string[]>>;
}

const rightlyEmpty: readonly RightlyEmpty[] = [
  {
    why: 'The ledger gets whole windows, after they are over and metered, and spending has no past to be compared with.',
    panels: {
      'cost-and-usage': [
        ...['Idle GPU time', 'GPU time not available', 'Unattributed'],
        ...['Metering lag', 'Data present', 'Books off by'],
        ...['How is each meter?: A B', 'What does each tenant owe?: B C D', 'Expected cost'],
        ...['What is it charged for?', 'How is each budget?: C D E', 'How much GPU time of each model is used?'],
        ...['What becomes of the GPU time?', 'Who used which GPUs, for how long?', 'How much of each meter was used?'],
        ...['What is taken back?', 'Who spends more than usual?', 'Do the sources answer?: C'],
      ],
      'gpu-fleet': ['Who is charged for the GPU time?'],
      'llm-serving': ['What are the chosen tenants charged for?'],
    },
  },
  {
    why: 'Nothing has failed yet: nobody has a rank by its past, and no model was made, judged or compared.',
    panels: {
      'failure-risk': [
        ...['Who is next?', 'What do they show?', 'Which rules are met?', 'Alerts that came true'],
        ...['Unannounced', 'Failures alerted before'],
        ...['Lead time', 'Better than the base rate', 'How good are the statements?: B C D E F G H I'],
        ...['How far are probabilities from shares that failed?', 'Do as many fail as was said?'],
        ...['Was the learned model better than the rate?', 'Which features lie elsewhere than in training?'],
        ...['Age of the models', 'How far are history and training?: B'],
      ],
      'gpu-fleet': ['Which GPUs are likeliest to fail?'],
      'gpu-detail': ['Which rules of failure prediction are met?'],
    },
  },
  {
    why: 'Anomalies are looked for after some scorings, and scores of them take hours of a past.',
    panels: {
      'failure-risk': [
        ...['Who is unusual now?', 'Groups that deviate', 'How many reports were there?'],
        'Which signals have a long enough past?',
      ],
      'gpu-detail': ['What is unusual about it?'],
    },
  },
  {
    why: 'They list alerts of one kind, and the flapping link raises those of others.',
    panels: {
      'cost-and-usage': ['Which alerts about money and metering fire?'],
      'failure-risk': ['Which alerts about failure risk fire?'],
      inventory: ['Which alerts about the inventory and its hardware fire?'],
      'llm-serving': ['Which alerts about LLM serving fire?'],
      'node-and-platform': ['Which alerts about machines and platform fire?'],
      'service-levels': ['Which alerts about objectives fire?'],
      'training-runs': ['Which alerts about training fire?'],
    },
  },
  {
    why: 'They list what is wrong, and that is well: GPUs are there and have no errors but those of one link.',
    panels: {
      'gpu-detail': ['What does the driver ask for?', 'Why does it not answer?'],
      'gpu-fleet': [
        ...['Which GPUs are down, and why?', 'When did memory errors happen?', 'Which GPUs repeat PCIe packets?'],
        'Which collectors fail?',
      ],
      'gpu-links': [
        ...['Which PCIe links are below what they could be?', 'When were PCIe packets repeated?'],
        'Which GPUs repeat PCIe packets?',
      ],
      inventory: [
        ...['Which work lists are not empty?', 'What drifts, and in what?', 'What is missing, and for how long?'],
        ...['Which parts are not well?', 'Why could management controllers not be read?'],
        'Which collectors of the inventory fail?',
      ],
      'cost-and-usage': ['Which collectors of billing fail?'],
      'llm-serving': [
        ...['How is each tenant served?: F', 'Which limits stop whom?', 'How is each upstream?: F G'],
        ...['When were requests sent again?', 'When were upstreams left alone?', 'Which answers came without usage?'],
        ...['How many tokens are estimated?', 'What could not be understood?', 'What is shown under a common name?'],
        'Why do they not succeed?',
      ],
      self: [
        ...['How is each kind of daemon?: C', 'Which daemons are down?', 'Which collectors fail?'],
        ...['When were requests turned away?', 'Do rules fail, or come too late?'],
        'Do alerts get from Prometheus to Alertmanager?: B C',
      ],
      'alert-quality': ['Do alerts get from Prometheus to Alertmanager?: B C'],
      'training-runs': [
        ...['When were steps lost to numbers?', 'Which runs had to do steps again?', 'What could not be read?'],
        'What was left out for a limit?',
      ],
    },
  },
  {
    why: 'They show what changed within a minute or two, and little does.',
    panels: {
      'alert-quality': [
        ...['When do alerts begin, and for whom?', 'How many messages are sent, and how many fail?'],
        ...['Which alerts flap?', 'Which alerts are pending and never fire?', 'Which alerts begin most often?: D'],
        'Never fired',
      ],
      inventory: ['What do the sources change?', 'Who changes the inventory?'],
      self: ['When were daemons started anew?'],
      'training-runs': ['When did runs start again or go back?'],
    },
  },
  {
    why: 'They come with the first checkpoint and the first evaluation of a run, which a slow machine may not reach in time.',
    panels: {
      'training-runs': [
        ...['How is each run?: L', 'Does the loss fall on data not trained on?', 'How much work would a crash cost?'],
      ],
    },
  },
  {
    why: 'The simulated boards have no fans and are not cut into instances.',
    panels: {
      'gpu-detail': ['How fast do its fans turn?', 'Into which MIG instances is it cut?'],
      'gpu-fleet': ['GPU fan'],
    },
  },
  {
    why: 'No bridge runs, Prometheus scrapes the engines itself, and it finds its targets in files.',
    panels: {
      'alert-quality': [
        ...['What do robots of the bridge answer?', 'How long does the bridge take?'],
        'How is each robot of the bridge?',
      ],
      self: [
        ...['What do robots of the bridge answer?', 'How long does the bridge take?'],
        'How is each robot of the bridge?',
      ],
      'llm-serving': ['Engines without metrics'],
      inventory: ['How many targets does service discovery give?', 'When did service discovery refuse or fail?'],
    },
  },
];

const excused: ReadonlySet<string> = new Set(
  rightlyEmpty.flatMap(({ panels }) =>
    Object.entries(panels).flatMap(([board, titles]) => titles.map((title) => `fleetlens-${board}/${title}`)),
  ),
);

/** Those of the queries that may find nothing. */
export function isRightlyEmpty({ board, panel, refId }: BoardQuery): boolean {
  const name = `${board}/${panel}`;
  if (excused.has(name)) return true;
  const partly = [...excused].find((entry) => entry.startsWith(`${name}: `)) ?? '';
  return partly
    .slice(name.length + 2)
    .split(' ')
    .includes(refId);
}

/** Panels that are excused and that no board has. */
export function needlessExcuses(queries: readonly BoardQuery[]): readonly string[] {
  const known = new Set(queries.map(({ board, panel }) => `${board}/${panel}`));
  return [...excused].filter((entry) => !known.has(entry.replace(/: [A-Z ]+$/, '')));
}
