import { t } from '@grafana/i18n';
import React from 'react';
import { ItemLink } from '../../panels/cmdblookup/components/ItemLink';
import { Section } from '../../panels/cmdblookup/components/Section';
import { useFreshAnswer } from '../../panels/cmdblookup/components/use-fresh-answer';
import { asIs } from '../../panels/cmdblookup/texts/as-is';
import { classText } from '../../panels/cmdblookup/texts/class-text';
import { factText } from '../../panels/cmdblookup/texts/fact-text';
import { driftQuestion } from './answers/drift';
import { PlainList } from './PlainList';

/** In what items are not as recorded or expected. */
export function DriftList() {
  const answer = useFreshAnswer(driftQuestion(20));
  const drifts = answer.value?.drifts ?? [];
  return (
    <Section title={t('inventory.drift.title', 'What has drifted')} testId="drift" answer={answer}>
      {answer.value?.total === 0 && <div>{t('inventory.drift.none', 'Nothing: all is as recorded and expected.')}</div>}
      <PlainList left={(answer.value?.total ?? 0) - drifts.length}>
        {drifts.map(({ item, aspect, expected, actual }) => (
          <li key={`${item.id} ${aspect}`}>
            {classText(item.class)} <ItemLink item={item} />:{' '}
            {t('inventory.drift.line', '{{what}} is {{actual}}, expected {{expected}}', {
              what: factText(aspect),
              actual,
              expected,
              ...asIs,
            })}
          </li>
        ))}
      </PlainList>
    </Section>
  );
}
