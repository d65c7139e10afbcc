import { fieldsOf, invalid, listOf, oneOf, type Place } from '../../../../kit/config-values.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { cardMarkdown } from '../../evaluation/card/card-markdown.ts';
import { figureTable } from '../../evaluation/card/card-tables.ts';
import { cardVersion, type ModelCard } from '../../evaluation/card/model-card.ts';
import type { Figures } from '../../evaluation/figures.ts';
import { modelKinds } from '../../learning/settings.ts';
import type { Tried } from '../model-set.ts';

/** What would be read as a number or a list and is none shows as one of these. */
const holes = /\bundefined\b|\bNaN\b|\[object /;

/** A card is for people alone, so one that can be shown is sound. */
export function readShownCard(place: Place): ModelCard {
  const card = mapOf(place) as unknown as ModelCard;
  if (card.version !== cardVersion) throw new SourceError(`${place.where} is of another version`);
  checkShown(place, () => cardMarkdown(card));
  return card;
}

export function readTried(place: Place): readonly Tried[] {
  return listOf(place, modelKinds.length + 1).map((each) => {
    const field = fieldsOf(each, ['scorer', 'figures']);
    const figures = mapOf(field('figures')) as unknown as Figures;
    checkShown(field('figures'), () => figureTable(figures));
    return { scorer: oneOf(field('scorer'), ['rate', ...modelKinds] as const), figures };
  });
}

function checkShown(place: Place, show: () => string): void {
  let text: string;
  try {
    text = show();
  } catch {
    throw invalid(place, 'complete');
  }
  if (holes.test(text)) throw invalid(place, 'complete');
}

function mapOf(place: Place): object {
  const { value } = place;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(place, 'keys and values');
  return value;
}
