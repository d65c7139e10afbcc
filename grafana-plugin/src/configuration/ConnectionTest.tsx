import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import React, { useState } from 'react';
import type { Service } from '../services/service';
import { ServiceNotice } from '../states/ServiceNotice';
import { type TestResult, testService } from './service-tests';

interface Props {
  readonly service: Service;
  /** Whether an address is stored. */
  readonly isConnected: boolean;
  /** Whether the fields differ from what is stored, which alone can be tested. */
  readonly isChanged: boolean;
}

export function ConnectionTest({ service, isConnected, isChanged }: Props) {
  const [result, setResult] = useState<TestResult>();
  const [isBusy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    setResult(undefined);
    setResult(await testService(service, () => performance.now()));
    setBusy(false);
  };
  return (
    <>
      <Button
        type="button"
        variant="secondary"
        disabled={isBusy || isChanged || !isConnected}
        tooltip={isChanged ? t('connections.test.saveFirst', 'Save first: Grafana asks by what is stored.') : undefined}
        onClick={() => void test()}
        data-testid={`test-${service}`}
      >
        {isBusy ? t('connections.test.busy', 'Asking …') : t('connections.test.button', 'Test the connection')}
      </Button>
      {result !== undefined && !isChanged && (
        <div style={{ marginTop: 8 }} data-testid={`test-result-${service}`}>
          {result.kind === 'problem' ? (
            <ServiceNotice problem={result.problem} />
          ) : (
            <Alert severity="success" title={result.text}>
              {t('connections.test.took', 'It took {{ms}} ms.', { ms: Math.round(result.tookMs) })}
            </Alert>
          )}
        </div>
      )}
    </>
  );
}
