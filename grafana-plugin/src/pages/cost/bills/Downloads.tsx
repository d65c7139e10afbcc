import { t } from '@grafana/i18n';
import { Button, Stack } from '@grafana/ui';
import React, { useState } from 'react';
import { download } from '../../../services/download';
import { saveFile } from '../../../services/save-file';
import { ServiceProblem } from '../../../services/service-problem';
import { ServiceNotice } from '../../../states/ServiceNotice';
import { type BillFormat, billFormats, fileName } from './bill-file';
import { type BillRef, billPath } from './bill-ref';

/** The bill as a file, in each of the forms that billing has. */
export function Downloads({ bill }: { readonly bill: BillRef }) {
  const [busy, setBusy] = useState<BillFormat>();
  const [problem, setProblem] = useState<ServiceProblem>();
  const fetchFile = async (format: BillFormat) => {
    setBusy(format);
    setProblem(undefined);
    const { path, params } = billPath(bill);
    try {
      const type = billFormats[format];
      saveFile(
        await download({ service: 'billing', path, params: { ...params, format }, type }),
        fileName(bill, format),
      );
    } catch (error) {
      setProblem(error instanceof ServiceProblem ? error : new ServiceProblem('failed', 'billing', String(error)));
    }
    setBusy(undefined);
  };
  return (
    <div>
      <Stack direction="row" wrap="wrap" gap={1}>
        {formats.map((format) => (
          <Button
            key={format}
            size="sm"
            variant={format === 'pdf' ? 'primary' : 'secondary'}
            icon={busy === format ? 'fa fa-spinner' : 'download-alt'}
            disabled={busy !== undefined}
            onClick={() => void fetchFile(format)}
            aria-label={t('cost.download.as', 'Download as {{format}}', { format: format.toUpperCase() })}
            data-testid={`download-${format}`}
          >
            {format.toUpperCase()}
          </Button>
        ))}
      </Stack>
      {problem !== undefined && <ServiceNotice problem={problem} />}
    </div>
  );
}

const formats: readonly BillFormat[] = ['pdf', 'csv', 'json', 'html'];
