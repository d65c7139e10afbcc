import { css } from '@emotion/css';
import { t } from '@grafana/i18n';
import { Input, useStyles2 } from '@grafana/ui';
import React, { type RefObject, useId, useRef } from 'react';
import { SuggestionList } from './SuggestionList';
import { useSlashKey } from './use-slash-key';
import { useSuggestions } from './use-suggestions';

interface Props {
  readonly text: string;
  /** Enter without a suggestion. */
  readonly onSearch: (text: string) => void;
  readonly onChoose: (id: number, text: string) => void;
  /** Where `/` is listened to; everywhere without it. */
  readonly shortcutWithin?: RefObject<HTMLElement | null>;
}

/** Finds as people type: a combobox whose list holds what the inventory suggests. */
export function SearchBox({ text, shortcutWithin, ...callbacks }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const suggestions = useSuggestions(text, callbacks);
  const { typed, type, active, isShown, isLoading } = suggestions;
  const optionId = (index: number) => `${id}-option-${index}`;
  useSlashKey(field, shortcutWithin);
  return (
    <div className={styles.box}>
      <Input
        ref={field}
        value={typed}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={suggestions.onKeyDown}
        onBlur={suggestions.close}
        placeholder={t('cmdb.search.placeholder', 'Host, GPU UUID, serial number, address, tenant … ( / )')}
        aria-label={t('cmdb.search.label', 'Find in the inventory')}
        role="combobox"
        aria-expanded={isShown}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? optionId(active) : undefined}
        autoComplete="off"
        spellCheck={false}
        loading={isLoading}
        data-testid="cmdb-search"
      />
      <SuggestionList suggestions={suggestions} id={`${id}-list`} optionId={optionId} />
    </div>
  );
}

function getStyles() {
  return { box: css({ position: 'relative', flex: '1 1 240px', maxWidth: 640, minWidth: 0 }) };
}
