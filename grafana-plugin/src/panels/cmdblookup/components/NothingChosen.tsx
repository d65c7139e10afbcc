import { css } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, useStyles2 } from '@grafana/ui';
import React from 'react';
import { Empty } from '../../../states/Empty';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { examplesQuestion } from '../answers/examples';
import { useFreshAnswer } from './use-fresh-answer';

/** Says what can be typed, with examples that are there. */
export function NothingChosen({ onSearch }: { readonly onSearch: (text: string) => void }) {
  const styles = useStyles2(getStyles);
  const gpu = useFreshAnswer(examplesQuestion('gpu'));
  const server = useFreshAnswer(examplesQuestion('server'));
  const tenant = useFreshAnswer(examplesQuestion('tenant'));
  if (server.problem !== undefined) return <ServiceNotice problem={server.problem} onRetry={server.askAgain} />;
  const named = [server.value?.name, gpu.value?.uuid ?? gpu.value?.serial, tenant.value?.name];
  const examples = [...new Set(named.filter((each) => each !== undefined))];
  return (
    <Empty title={t('cmdb.empty.title', 'What are you looking for?')}>
      <div>
        {t(
          'cmdb.empty.text',
          'Type a host name, the UUID of a GPU, a serial number, an address, a rack or a tenant, or a part of it.',
        )}
      </div>
      {examples.length > 0 && (
        <div className={styles.examples} data-testid="examples">
          {t('cmdb.empty.examples', 'Such as')}
          {examples.map((example) => (
            <Button
              key={example}
              size="sm"
              variant="secondary"
              fill="outline"
              onClick={() => onSearch(example ?? '')}
              className={styles.example}
            >
              {example}
            </Button>
          ))}
        </div>
      )}
    </Empty>
  );
}

function getStyles(theme: GrafanaTheme2) {
  return {
    examples: css({
      display: 'flex',
      flexWrap: 'wrap',
      justifyContent: 'center',
      alignItems: 'center',
      gap: theme.spacing(1),
      marginTop: theme.spacing(1),
    }),
    example: css({ maxWidth: '100%', overflow: 'hidden' }),
  };
}
