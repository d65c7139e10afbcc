import { t } from '@grafana/i18n';
import { Badge } from '@grafana/ui';
import React from 'react';
import { windowsQuestion } from '../../panels/cmdblookup/answers/maintenance';
import { Section } from '../../panels/cmdblookup/components/Section';
import { useFreshAnswer } from '../../panels/cmdblookup/components/use-fresh-answer';
import { When } from '../../panels/cmdblookup/components/When';
import { PlainList } from './PlainList';

const listed = 20;

/** Maintenance that runs or is to come. It is begun at the item. */
export function WindowList() {
  const answer = useFreshAnswer(windowsQuestion(undefined));
  const windows = answer.value ?? [];
  return (
    <Section title={t('inventory.maintenance.title', 'Maintenance')} testId="windows" answer={answer}>
      {answer.value?.length === 0 && <div>{t('inventory.maintenance.none', 'None runs and none is planned.')}</div>}
      <PlainList left={windows.length - listed}>
        {windows.slice(0, listed).map((window) => {
          const isActive = window.state === 'active';
          return (
            <li key={window.id}>
              <Badge
                color={isActive ? 'orange' : 'blue'}
                text={
                  isActive
                    ? t('inventory.maintenance.active', 'running')
                    : t('inventory.maintenance.planned', 'planned')
                }
              />{' '}
              {window.title}{' '}
              <small>
                {isActive ? t('inventory.maintenance.until', 'ends') : t('inventory.maintenance.from', 'begins')}{' '}
                <When at={isActive ? window.endsAt : window.startsAt} />
              </small>
            </li>
          );
        })}
      </PlainList>
    </Section>
  );
}
