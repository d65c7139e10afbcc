import { t } from '@grafana/i18n';
import type { DraftProblem } from './silence';

/** What is still missing before a silence can be made. */
export function draftProblemText(problem: DraftProblem): string {
  const texts: Readonly<Record<DraftProblem, () => string>> = {
    no_matcher: () => t('alerts.draft.noMatcher', 'Add at least one label that the alerts have.'),
    empty_name: () => t('alerts.draft.emptyName', 'A label begins with a letter or _ and has letters, digits and _.'),
    matches_all: () =>
      t('alerts.draft.matchesAll', 'At least one value must not be empty, or every alert would be silenced.'),
    bad_pattern: () => t('alerts.draft.badPattern', 'A pattern is not a valid regular expression.'),
    bad_duration: () => t('alerts.draft.badDuration', 'How long is a number and m, h, d or w, such as 2h.'),
    no_comment: () => t('alerts.draft.noComment', 'Say why, for those who wonder later.'),
  };
  return texts[problem]();
}
