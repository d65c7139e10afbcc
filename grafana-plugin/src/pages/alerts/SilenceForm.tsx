import { t } from '@grafana/i18n';
import { config } from '@grafana/runtime';
import { Button, Checkbox, Field, IconButton, Input, Modal, TextArea } from '@grafana/ui';
import React, { useState } from 'react';
import { asIs } from '../../locales/as-is';
import { ask } from '../../services/ask';
import { ServiceProblem } from '../../services/service-problem';
import { ServiceNotice } from '../../states/ServiceNotice';
import { draftProblemText } from './draft-problem-text';
import { type Draft, type Matcher, matchersOf, problemOf, silenceBody } from './silence';

interface Props {
  /** Labels of the alert to silence; empty for a silence from scratch. */
  readonly labels: Readonly<Record<string, string>>;
  readonly onClose: () => void;
}

const noMatcher: Matcher = { name: '', value: '', isEqual: true, isRegex: false };

/** Asks for what a silence needs, and shows whom it will fit before it is made. */
export function SilenceForm({ labels, onClose }: Props) {
  const known = matchersOf(labels);
  const [draft, setDraft] = useState<Draft>({
    matchers: known.length === 0 ? [noMatcher] : known,
    lasting: '2h',
    comment: '',
  });
  const [problem, setProblem] = useState<ServiceProblem>();
  const [isSending, setIsSending] = useState(false);
  const wrong = problemOf(draft);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const setMatcher = (at: number, part: Partial<Matcher>) =>
    change({ matchers: draft.matchers.map((each, index) => (index === at ? { ...each, ...part } : each)) });
  const send = async () => {
    setIsSending(true);
    const failure = await created(draft).then(() => undefined, asProblem);
    if (failure === undefined) return onClose();
    setProblem(failure);
    setIsSending(false);
  };
  return (
    <Modal isOpen title={t('alerts.newSilence', 'New silence')} onDismiss={onClose}>
      {draft.matchers.map((matcher, at) => (
        <MatcherFields
          // biome-ignore lint/suspicious/noArrayIndexKey: matchers have no identity but their place
          key={at}
          matcher={matcher}
          onChange={(part) => setMatcher(at, part)}
          onRemove={() => change({ matchers: draft.matchers.filter((_, index) => index !== at) })}
        />
      ))}
      <Button
        size="sm"
        variant="secondary"
        icon="plus"
        onClick={() => change({ matchers: [...draft.matchers, noMatcher] })}
      >
        {t('alerts.addMatcher', 'Add a label')}
      </Button>
      <Field
        label={t('alerts.lasting', 'How long')}
        description={t('alerts.lastingHelp', 'Such as 30m, 2h, 1d or 1w, from now on.')}
      >
        <Input
          value={draft.lasting}
          onChange={({ currentTarget }) => change({ lasting: currentTarget.value })}
          width={16}
        />
      </Field>
      <Field
        label={t('alerts.comment', 'Why')}
        description={t('alerts.author', 'In the name of {{login}}.', { ...asIs, login: author() })}
      >
        <TextArea
          id="silence-comment"
          value={draft.comment}
          rows={2}
          onChange={({ currentTarget }) => change({ comment: currentTarget.value })}
        />
      </Field>
      {problem !== undefined && <ServiceNotice problem={problem} />}
      <Modal.ButtonRow leftItems={wrong !== undefined && <div role="status">{draftProblemText(wrong)}</div>}>
        <Button variant="secondary" fill="outline" onClick={onClose}>
          {t('alerts.cancel', 'Cancel')}
        </Button>
        <Button disabled={wrong !== undefined || isSending} onClick={() => void send()}>
          {t('alerts.create', 'Silence these alerts')}
        </Button>
      </Modal.ButtonRow>
    </Modal>
  );
}

interface MatcherProps {
  readonly matcher: Matcher;
  readonly onChange: (part: Partial<Matcher>) => void;
  readonly onRemove: () => void;
}

function MatcherFields({ matcher: { name, value, isRegex }, onChange, onRemove }: MatcherProps) {
  return (
    <div style={{ display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center', marginBottom: 8 }}>
      <Input
        aria-label={t('alerts.label', 'Label')}
        value={name}
        width={18}
        onChange={({ currentTarget }) => onChange({ name: currentTarget.value })}
      />
      <span>{isRegex ? '=~' : '='}</span>
      <Input
        aria-label={t('alerts.value', 'Value')}
        value={value}
        width={28}
        onChange={({ currentTarget }) => onChange({ value: currentTarget.value })}
      />
      <Checkbox
        label={t('alerts.isPattern', 'Pattern')}
        value={isRegex}
        onChange={({ currentTarget }) => onChange({ isRegex: currentTarget.checked })}
      />
      <IconButton
        name="trash-alt"
        aria-label={t('alerts.removeMatcher', 'Remove {{name}}', { ...asIs, name })}
        onClick={onRemove}
      />
    </div>
  );
}

async function created(draft: Draft): Promise<undefined> {
  await ask({
    service: 'alertmanager',
    path: '/api/v2/silences',
    method: 'POST',
    body: silenceBody(draft, author(), Date.now()),
    read: () => undefined,
  });
  return undefined;
}

function author(): string {
  const { login, name } = config.bootData.user;
  return login || name || 'grafana';
}

export function asProblem(error: unknown): ServiceProblem {
  return error instanceof ServiceProblem ? error : new ServiceProblem('failed', 'alertmanager', String(error));
}
