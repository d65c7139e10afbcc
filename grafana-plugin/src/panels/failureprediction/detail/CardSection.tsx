import { t } from '@grafana/i18n';
import React from 'react';
import { useAnswer } from '../../../services/use-answer';
import { cardQuestion } from '../api/questions';
import { layerText } from '../texts/words';
import { Badge } from '../view/Badge';
import type { DetailProps } from './detail-props';
import { ModelCard } from './ModelCard';
import { Said } from './Said';
import { Section } from './Section';

/** Who made the probability. A prior has no card: nothing was trained. */
export function CardSection({ row, fleet, horizon, isConnected, timeZone }: DetailProps) {
  const layer = row.layer[horizon] ?? fleet.layer[horizon];
  const words = layer === undefined ? undefined : layerText(layer);
  const isUntrained = layer === 'prior' && fleet.modelsMadeAtMs === undefined;
  const card = useAnswer(isConnected && !isUntrained ? cardQuestion(horizon) : undefined);
  return (
    <Section
      title={t('failure.card.title', 'Model card')}
      aside={words !== undefined && <Badge text={words.name} about={words.about} testId="failure-card-layer" />}
      testId="failure-model-card"
    >
      {isUntrained || card.problem?.kind === 'not_found' ? (
        <div data-testid="failure-card-prior">{layerText('prior').about}</div>
      ) : (
        <Said answer={card}>
          {(value) => <ModelCard card={value} probability={row.probability[horizon]} timeZone={timeZone} />}
        </Said>
      )}
    </Section>
  );
}
