import { t } from '@grafana/i18n';
import { Badge, type BadgeColor } from '@grafana/ui';
import React from 'react';
import { ItemLink } from '../../panels/cmdblookup/components/ItemLink';
import { Section } from '../../panels/cmdblookup/components/Section';
import { useFreshAnswer } from '../../panels/cmdblookup/components/use-fresh-answer';
import { When } from '../../panels/cmdblookup/components/When';
import { type Finding, findingsQuestion } from './answers/findings';
import { PlainList } from './PlainList';

const listed = 20;
const colours: Readonly<Record<string, BadgeColor>> = {
  missing: 'red',
  conflict: 'orange',
  invalid: 'orange',
  unknown: 'blue',
};

/** What somebody has to look at. */
export function FindingList() {
  const answer = useFreshAnswer(findingsQuestion(listed));
  const findings = answer.value?.findings ?? [];
  return (
    <Section title={t('inventory.findings.title', 'What somebody has to look at')} testId="findings" answer={answer}>
      {answer.value?.total === 0 && <div>{t('inventory.findings.none', 'Nothing: the sources agree.')}</div>}
      <PlainList left={(answer.value?.total ?? 0) - findings.length}>
        {findings.map((finding) => (
          <OneFinding key={`${finding.kind} ${finding.source} ${finding.subject}`} finding={finding} />
        ))}
      </PlainList>
    </Section>
  );
}

function OneFinding({ finding: { kind, reason, subject, itemId, since, source } }: { readonly finding: Finding }) {
  return (
    <li>
      <Badge color={colours[kind] ?? 'darkgrey'} text={kindText(kind)} />{' '}
      {itemId === undefined ? subject : <ItemLink item={{ id: itemId, name: subject }} />}
      <div>{reason}</div>
      <small>
        {source}
        {since !== undefined && (
          <>
            {' · '}
            <When at={since} />
          </>
        )}
      </small>
    </li>
  );
}

function kindText(kind: string): string {
  const texts: Readonly<Record<string, () => string>> = {
    unknown: () => t('inventory.finding.unknown', 'unknown'),
    conflict: () => t('inventory.finding.conflict', 'conflict'),
    invalid: () => t('inventory.finding.invalid', 'invalid'),
    missing: () => t('inventory.finding.missing', 'missing'),
  };
  return (Object.hasOwn(texts, kind) ? texts[kind]?.() : undefined) ?? kind;
}
