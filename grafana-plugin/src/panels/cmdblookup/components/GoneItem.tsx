import { t } from '@grafana/i18n';
import { LoadingPlaceholder } from '@grafana/ui';
import React from 'react';
import { Empty } from '../../../states/Empty';
import { historyQuestion } from '../answers/changes';
import { asIs } from '../texts/as-is';
import { classText } from '../texts/class-text';
import { ChangeList } from './ChangeList';
import { useFreshAnswer } from './use-fresh-answer';

/** An item that is not there any more, or never was: links outlive items. */
export function GoneItem({ id }: { readonly id: number }) {
  const { value, isLoading } = useFreshAnswer(historyQuestion(id, 10));
  if (isLoading && value === undefined)
    return <LoadingPlaceholder text={t('cmdb.loading', 'Asking the inventory …')} />;
  const last = value?.map(({ after, before }) => after ?? before).find((item) => item !== undefined);
  return (
    <div data-testid="item-gone">
      <Empty
        title={
          last === undefined
            ? t('cmdb.gone.never', 'There is no item {{id}}', { id })
            : t('cmdb.gone.title', '{{class}} {{name}} is gone', {
                class: classText(last.class),
                name: last.name,
                ...asIs,
              })
        }
      >
        {last === undefined
          ? t('cmdb.gone.neverText', 'Look for it by its name or serial number.')
          : t('cmdb.gone.text', 'It was deleted or merged into another item. What was known of it:')}
      </Empty>
      {value !== undefined && value.length > 0 && <ChangeList changes={value} of={id} />}
    </div>
  );
}
