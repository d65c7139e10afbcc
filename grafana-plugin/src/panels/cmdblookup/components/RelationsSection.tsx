import { t } from '@grafana/i18n';
import React from 'react';
import type { Answer } from '../../../services/use-answer';
import type { Item } from '../answers/item';
import type { Relations } from '../answers/relations';
import { relationGroups } from '../models/relation-groups';
import { RelationGraph } from './RelationGraph';
import { Section } from './Section';

interface Props {
  readonly item: Item;
  readonly answer: Answer<Relations>;
}

/** What the item has to do with others. */
export function RelationsSection({ item, answer }: Props) {
  const { value } = answer;
  const groups = value === undefined ? [] : relationGroups(value);
  const listed = value === undefined ? 0 : value.outgoing.length + value.incoming.length;
  return (
    <Section title={t('cmdb.relations.title', 'What it is connected with')} testId="relations" answer={answer}>
      {value !== undefined &&
        groups.length === 0 &&
        t('cmdb.relations.none', 'Nothing is known to be connected with it.')}
      {groups.length > 0 && <RelationGraph item={item} groups={groups} />}
      {value !== undefined && value.total > listed && (
        <div>
          {t('cmdb.relations.truncated', '{{listed}} of {{total}} are listed.', { listed, total: value.total })}
        </div>
      )}
    </Section>
  );
}
