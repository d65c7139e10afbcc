import { t } from '@grafana/i18n';
import type { ProblemKind } from '../services/service-problem';

export interface ProblemText {
  readonly title: string;
  readonly remedy: string;
}

/** A heading and what can be done, for each way in which a service gives no answer. */
export function problemText(kind: ProblemKind, service: string): ProblemText {
  const texts: Readonly<Record<ProblemKind, () => ProblemText>> = {
    not_set_up: () => ({
      title: t('problem.notSetUp.title', '{{service}} is not connected yet', { service }),
      remedy: t(
        'problem.notSetUp.remedy',
        'An administrator enters its address in the connections of the FleetLens app, for each organisation, and enables the app.',
      ),
    }),
    signed_out: () => ({
      title: t('problem.signedOut.title', 'You are not signed in'),
      remedy: t('problem.signedOut.remedy', 'Sign in to Grafana and open this page again.'),
    }),
    forbidden: () => ({
      title: t('problem.forbidden.title', '{{service}} is not open to your role', { service }),
      remedy: t('problem.forbidden.remedy', 'Ask an administrator of Grafana for a role that may see it.'),
    }),
    token: () => ({
      title: t('problem.token.title', '{{service}} refuses the token of the app', { service }),
      remedy: t(
        'problem.token.remedy',
        'An administrator enters a token of its tokens file in the connections of the FleetLens app.',
      ),
    }),
    not_found: () => ({
      title: t('problem.notFound.title', '{{service}} knows no such thing', { service }),
      remedy: t('problem.notFound.remedy', 'Look at how it is written, or whether it was there at that time.'),
    }),
    refused: () => ({
      title: t('problem.refused.title', '{{service}} does not take this', { service }),
      remedy: t('problem.refused.remedy', 'Change what is asked for:'),
    }),
    unreachable: () => ({
      title: t('problem.unreachable.title', '{{service}} does not answer', { service }),
      remedy: t(
        'problem.unreachable.remedy',
        'It may be starting or stopped, or its address is wrong. Figures from Prometheus go on.',
      ),
    }),
    slow: () => ({
      title: t('problem.slow.title', '{{service}} takes too long', { service }),
      remedy: t(
        'problem.slow.remedy',
        'No answer within 30 seconds. Ask for less, or look whether the machine that it runs on is overloaded.',
      ),
    }),
    failed: () => ({
      title: t('problem.failed.title', '{{service}} failed', { service }),
      remedy: t('problem.failed.remedy', 'Its log says why. Figures from Prometheus go on.'),
    }),
    not_json: () => ({
      title: t('problem.notJson.title', 'Something else than {{service}} answers', { service }),
      remedy: t(
        'problem.notJson.remedy',
        'Its address leads elsewhere, as to a login page, or to a version that this app does not know. An administrator can look at it in the connections.',
      ),
    }),
  };
  return texts[kind]();
}
