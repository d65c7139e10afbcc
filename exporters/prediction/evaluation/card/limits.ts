import { hasDrifted } from '../../risk/intercept-correction.ts';
import type { CardEvidence } from './model-card.ts';
import { count, percent } from './words.ts';

/** Fewer incidents make figures that chance can move a lot. */
const fewIncidents = 30;

/** What is known of the labels of every model, in sentences. */
export const labelSentences: readonly string[] = [
  'An incident is a GPU or node that leaves service because of hardware: an XID that needs a reset, a reboot or a person, a GPU that is lost, row remapping that has failed, a state of the inventory (failed, rma, repair), or a ticket.',
  'XIDs that user code makes (13, 31, 43, 45) are never one.',
  'Signs of one entity within 72 hours, or while it is not back in service, are one incident.',
  'A row is labelled failed if an incident starts after it and within the horizon. Rows while the entity is out of service, and rows whose horizon is not over, are left out.',
];

/** What the model does not know, in sentences, from the evidence. */
export function limitsOf({ figures, precursors, promotion, drift, data }: CardEvidence): readonly string[] {
  return [
    'A probability is a share of many such cases, never a verdict on one device. Rules of the maker are told beside it and are no part of it.',
    ...fewSentences(figures.outcome.incidents),
    ...precursorSentences(precursors),
    ...recallSentences(figures.budgets[0]),
    ...skillSentences(figures.brierSkill),
    ...highestSentences(figures.reliability.at(-1)?.highest),
    ...(hasDrifted(figures.outcome)
      ? [
          'Observed and expected failures differ by more than a factor of two: probabilities are wrong in size, though the order may be right.',
        ]
      : []),
    ...driftSentences(drift?.filter((each) => each.hasDrifted).map(({ feature }) => feature) ?? []),
    ...(promotion?.chosen === 'rate'
      ? [
          'A learned model was tried and is not used: it has not proven better than the base rate and recent failures on this fleet.',
        ]
      : []),
    ...(data.problems.length > 0
      ? [`${count(data.problems.length, 'record')} could not be used for labels; failures may be missing.`]
      : []),
    'Failures that leave no sign in the data, such as a GPU that falls off the bus without an error before, cannot be foreseen.',
  ];
}

function fewSentences(incidents: number): readonly string[] {
  if (incidents === 0) return ['No incident lies in the time that was judged: nothing here says that the model works.'];
  if (incidents >= fewIncidents) return [];
  return [
    `Only ${count(incidents, 'incident')} in the time that was judged: figures of ranking may be far off by chance.`,
  ];
}

function precursorSentences({ incidents, without, shareWithout }: CardEvidence['precursors']): readonly string[] {
  if (shareWithout === undefined) return [];
  const consequence = without === 0 ? '' : ': of these the rate model knows the base rate alone';
  return [
    `${without} of ${count(incidents, 'incident')} (${percent(shareWithout)}) had neither an XID of raised risk, such as 48, 63 or 94, nor an earlier incident in the 30 days before${consequence}. Trends of telemetry do not count as a sign here.`,
  ];
}

function recallSentences(budget: CardEvidence['figures']['budgets'][number] | undefined): readonly string[] {
  if (budget?.recall === undefined) return [];
  const { perDay, caught, incidents, recall } = budget;
  const missed = incidents - caught;
  const rest = missed === 1 ? 'the other' : 'the others';
  const others = caught === 0 || missed === 0 ? '' : `; ${rest} came without a warning`;
  return [
    `With ${count(perDay, 'alert')} a day it warned of ${caught} of ${count(incidents, 'incident')} (${percent(recall)})${others}.`,
  ];
}

function skillSentences(skill: number | undefined): readonly string[] {
  if (skill === undefined) return [];
  if (skill <= 0) return ['Its probabilities are no better than one base rate for all.'];
  return [`Its probabilities are ${percent(skill)} better than one base rate for all (Brier skill).`];
}

function highestSentences(highest: number | undefined): readonly string[] {
  if (highest === undefined) return [];
  return [`The highest probability that it gave is ${percent(highest)}: thresholds far above never fire.`];
}

function driftSentences(features: readonly string[]): readonly string[] {
  if (features.length === 0) return [];
  const rest = features.length > 5 ? `, and ${features.length - 5} more` : '';
  return [`Features that lie elsewhere than in training: ${features.slice(0, 5).join(', ')}${rest}.`];
}
