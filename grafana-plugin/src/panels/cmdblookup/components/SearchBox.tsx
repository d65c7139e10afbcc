import { css, cx } from '@emotion/css';
import type { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Input, useStyles2 } from '@grafana/ui';
import React, { type KeyboardEvent, type RefObject, useId, useRef, useState } from 'react';
import { useAnswer } from '../../../services/use-answer';
import { type Hit, searchQuestion } from '../answers/search';
import { classText } from '../texts/class-text';
import { HitSummary } from './HitSummary';
import { useDebounced } from './use-debounced';
import { useSlashKey } from './use-slash-key';

interface Props {
  readonly text: string;
  /** Enter without a suggestion. */
  readonly onSearch: (text: string) => void;
  readonly onChoose: (id: number, text: string) => void;
  /** Where `/` is listened to; everywhere without it. */
  readonly shortcutWithin?: RefObject<HTMLElement | null>;
}

const suggested = 10;

/** Finds as people type: a combobox whose list holds what the inventory suggests. */
export function SearchBox({ text, onSearch, onChoose, shortcutWithin }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(text);
  const [lastText, setLastText] = useState(text);
  const [isOpen, setIsOpen] = useState(false);
  const [active, setActive] = useState(-1);
  // What the address or a variable says wins over what was typed before.
  if (text !== lastText) {
    setLastText(text);
    setTyped(text);
  }
  useSlashKey(field, shortcutWithin);
  const asked = useDebounced(typed.trim(), 150);
  const answer = useAnswer(isOpen && asked !== '' ? searchQuestion(asked, suggested) : undefined);
  const hits = isOpen && typed.trim() !== '' ? (answer.value?.hits ?? []) : [];
  const isShown =
    isOpen && typed.trim() !== '' && (hits.length > 0 || answer.problem !== undefined || answer.value !== undefined);
  const close = () => {
    setIsOpen(false);
    setActive(-1);
  };
  const choose = (hit: Hit) => {
    setTyped(hit.name);
    close();
    onChoose(hit.id, hit.name);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && hits.length > 0) {
      event.preventDefault();
      setIsOpen(true);
      setActive(nextActive(active, step, hits.length));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      const hit = hits[active];
      if (hit !== undefined) choose(hit);
      else {
        close();
        onSearch(typed.trim());
      }
    } else if (event.key === 'Escape') {
      // The first closes the list, the second empties the field; a dashboard would leave the panel.
      event.stopPropagation();
      if (isShown) close();
      else setTyped('');
    }
  };
  const listId = `${id}-list`;
  const optionId = (index: number) => `${id}-option-${index}`;
  return (
    <div className={styles.box} onBlur={(event) => event.currentTarget.contains(event.relatedTarget) || close()}>
      <Input
        ref={field}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setIsOpen(true);
          setActive(-1);
        }}
        onKeyDown={onKeyDown}
        placeholder={t('cmdb.search.placeholder', 'Host, GPU UUID, serial number, address, tenant … ( / )')}
        aria-label={t('cmdb.search.label', 'Find in the inventory')}
        role="combobox"
        aria-expanded={isShown}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={active >= 0 ? optionId(active) : undefined}
        autoComplete="off"
        spellCheck={false}
        loading={answer.isLoading}
        data-testid="cmdb-search"
      />
      <div className={cx(styles.list, !isShown && styles.hidden)}>
        <ul
          className={styles.options}
          role="listbox"
          id={listId}
          aria-label={t('cmdb.search.suggestions', 'Suggestions')}
        >
          {hits.map((hit, index) => (
            // The field keeps the focus: keys are taken there.
            <li
              key={hit.id}
              id={optionId(index)}
              role="option"
              aria-selected={index === active}
              className={cx(styles.option, index === active && styles.active)}
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setActive(index)}
              onClick={() => choose(hit)}
            >
              <span className={styles.name}>{hit.name}</span>
              <span className={styles.class}>{classText(hit.class)}</span>
              <HitSummary hit={hit} />
            </li>
          ))}
        </ul>
        {hits.length === 0 && (
          <div className={styles.note} role="status">
            {answer.problem?.detail ??
              (answer.problem === undefined
                ? t('cmdb.search.nothing', 'Nothing found')
                : t('cmdb.search.failed', 'The inventory gives no suggestions'))}
          </div>
        )}
        {(answer.value?.total ?? 0) > hits.length && hits.length > 0 && (
          <div className={styles.note}>
            {t('cmdb.search.more', 'Enter shows all {{total}}', { total: answer.value?.total })}
          </div>
        )}
      </div>
    </div>
  );
}

/** Around the ends, over the field itself, which is -1. */
export function nextActive(active: number, step: number, count: number): number {
  const next = active + step;
  if (next >= count) return -1;
  return next < -1 ? count - 1 : next;
}

function getStyles(theme: GrafanaTheme2) {
  return {
    box: css({ position: 'relative', flex: '1 1 240px', maxWidth: 640, minWidth: 0 }),
    hidden: css({ display: 'none' }),
    list: css({
      position: 'absolute',
      zIndex: theme.zIndex.dropdown,
      insetInline: 0,
      top: '100%',
      marginTop: 2,
      maxHeight: 380,
      overflowY: 'auto',
      background: theme.colors.background.elevated ?? theme.colors.background.primary,
      border: `1px solid ${theme.colors.border.medium}`,
      borderRadius: theme.shape.radius.default,
      boxShadow: theme.shadows.z3,
    }),
    options: css({ listStyle: 'none', margin: 0, padding: 0 }),
    option: css({
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'baseline',
      columnGap: theme.spacing(1),
      padding: theme.spacing(0.75, 1),
      cursor: 'pointer',
    }),
    active: css({ background: theme.colors.action.hover, boxShadow: `inset 2px 0 ${theme.colors.primary.main}` }),
    name: css({ fontWeight: theme.typography.fontWeightMedium, overflowWrap: 'anywhere' }),
    class: css({ color: theme.colors.text.secondary }),
    note: css({ padding: theme.spacing(0.75, 1), color: theme.colors.text.secondary, ...theme.typography.bodySmall }),
  };
}
