import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, Badge, Button, ConfirmModal, LoadingPlaceholder } from '@grafana/ui';
import React, { useEffect, useState } from 'react';
import { ask } from '../../services/ask';
import { isEditor } from '../../services/role';
import type { ServiceProblem } from '../../services/service-problem';
import { useAnswer } from '../../services/use-answer';
import { ServiceNotice } from '../../states/ServiceNotice';
import { LineTable } from '../cards/LineTable';
import { asProblem, SilenceForm } from './SilenceForm';
import { matcherText, readSilences, type Silence } from './silence';

const question = { service: 'alertmanager', path: '/api/v2/silences', read: readSilences } as const;
const mostShown = 200;

/** Who silenced what, until when and why; editors make and end silences. */
export function Silences({ atMs }: { readonly atMs: number }) {
  const { value, problem, isLoading, askAgain } = useAnswer(question);
  const [isNew, setIsNew] = useState(false);
  const [ending, setEnding] = useState<Silence>();
  const [failure, setFailure] = useState<ServiceProblem>();
  useEffect(() => askAgain(), [atMs, askAgain]);
  const end = async ({ id }: Silence) => {
    setEnding(undefined);
    setFailure(await expired(id));
    askAgain();
  };
  return (
    <div data-testid="silences">
      {problem !== undefined && <ServiceNotice problem={problem} onRetry={askAgain} />}
      {failure !== undefined && <ServiceNotice problem={failure} />}
      {isEditor() ? (
        <Button icon="plus" onClick={() => setIsNew(true)} style={{ marginBottom: 16 }}>
          {t('alerts.newSilence', 'New silence')}
        </Button>
      ) : (
        <Alert severity="info" title={t('alerts.viewer', 'You may look at silences')}>
          {t('alerts.viewerHelp', 'To make or end one, ask an administrator of Grafana for the role Editor.')}
        </Alert>
      )}
      {value === undefined && isLoading && <LoadingPlaceholder text={t('alerts.loading', 'Asking Alertmanager …')} />}
      {value !== undefined && <SilenceTable silences={value} onEnd={isEditor() ? setEnding : undefined} />}
      {isNew && (
        <SilenceForm
          labels={{}}
          onClose={() => {
            setIsNew(false);
            askAgain();
          }}
        />
      )}
      {ending !== undefined && (
        <ConfirmModal
          isOpen
          title={t('alerts.endTitle', 'End this silence?')}
          body={ending.matchers.map(matcherText).join(', ')}
          description={t('alerts.endHelp', 'Alerts that it held back are told at once.')}
          confirmText={t('alerts.end', 'End')}
          onConfirm={() => void end(ending)}
          onDismiss={() => setEnding(undefined)}
        />
      )}
    </div>
  );
}

interface TableProps {
  readonly silences: readonly Silence[];
  readonly onEnd: ((silence: Silence) => void) | undefined;
}

function SilenceTable({ silences, onEnd }: TableProps) {
  const end = (silence: Silence) =>
    onEnd === undefined || silence.state === 'expired' ? null : (
      <Button size="sm" variant="destructive" fill="outline" onClick={() => onEnd(silence)}>
        {t('alerts.end', 'End')}
      </Button>
    );
  return (
    <LineTable<Silence>
      label={t('alerts.silences', 'Silences')}
      testId="silence-table"
      lines={silences.slice(0, mostShown)}
      keyOf={({ id }) => id}
      empty={t('alerts.noSilence', 'There is no silence.')}
      columns={[
        {
          heading: t('alerts.state', 'State'),
          cell: ({ state }) => <Badge color={state === 'active' ? 'green' : 'darkgrey'} text={stateName(state)} />,
        },
        {
          heading: t('alerts.matches', 'Alerts with'),
          cell: ({ matchers }) =>
            matchers.map((matcher) => <div key={matcherText(matcher)}>{matcherText(matcher)}</div>),
        },
        { heading: t('alerts.from', 'From'), cell: ({ startsMs }) => timeText(startsMs) },
        { heading: t('alerts.until', 'Until'), cell: ({ endsMs }) => timeText(endsMs) },
        { heading: t('alerts.by', 'By'), cell: ({ author }) => author },
        { heading: t('alerts.comment', 'Why'), cell: ({ comment }) => comment },
        { heading: t('alerts.action', 'Action'), cell: end },
      ]}
    />
  );
}

function stateName(state: Silence['state']): string {
  const names: Readonly<Record<Silence['state'], string>> = {
    active: t('alerts.silence.active', 'in force'),
    pending: t('alerts.silence.pending', 'to come'),
    expired: t('alerts.silence.expired', 'expired'),
  };
  return names[state];
}

function timeText(ms: number | undefined): string {
  return ms === undefined ? '–' : dateTimeFormat(ms);
}

async function expired(id: string): Promise<ServiceProblem | undefined> {
  const path = `/api/v2/silence/${encodeURIComponent(id)}` as const;
  return ask({ service: 'alertmanager', path, method: 'DELETE', read: () => undefined }).catch(asProblem);
}
