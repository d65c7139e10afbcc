import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import React, { useState } from 'react';
import { historyQuestion } from '../answers/changes';
import { ChangeList } from './ChangeList';
import { Section } from './Section';
import { useFreshAnswer } from './use-fresh-answer';

const step = 10;

/** Who changed what, the newest first. */
export function ChangesSection({ id }: { readonly id: number }) {
  const [limit, setLimit] = useState(step);
  const answer = useFreshAnswer(historyQuestion(id, limit));
  const { value } = answer;
  return (
    <Section title={t('cmdb.changes.title', 'Recent changes')} testId="changes" answer={answer}>
      {value !== undefined && <ChangeList changes={value} of={id} />}
      {value !== undefined && value.length >= limit && limit < 100 && (
        <Button size="sm" variant="secondary" fill="text" onClick={() => setLimit(100)}>
          {t('cmdb.changes.more', 'Show more')}
        </Button>
      )}
    </Section>
  );
}
