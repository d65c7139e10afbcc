import { labelSentences, limitsOf } from './limits.ts';
import { type CardEvidence, cardVersion, type ModelCard } from './model-card.ts';

export function makeCard(evidence: CardEvidence): ModelCard {
  return { ...evidence, version: cardVersion, labels: labelSentences, limits: limitsOf(evidence) };
}
