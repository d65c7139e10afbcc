import { t } from '@grafana/i18n';
import type { Horizon } from '../horizon';
import type { Layer, RuleHit, Severity } from '../rows/risk-row';
import type { Advice } from '../rules/action-of';

export function horizonText(horizon: Horizon): string {
  const texts: Readonly<Record<Horizon, () => string>> = {
    '24h': () => t('failure.horizon.day', '1 day'),
    '7d': () => t('failure.horizon.week', '7 days'),
    '30d': () => t('failure.horizon.month', '30 days'),
  };
  return texts[horizon]();
}

export function layerText(layer: Layer): { readonly name: string; readonly about: string } {
  const texts: Readonly<Record<Layer, () => { name: string; about: string }>> = {
    prior: () => ({
      name: t('failure.layer.prior', 'Prior only'),
      about: t(
        'failure.layer.priorAbout',
        'This fleet has no failures of its own to learn from. Probabilities are rates of other fleets, raised by what happened to a GPU before.',
      ),
    }),
    rate: () => ({
      name: t('failure.layer.rate', 'Rate of this fleet'),
      about: t(
        'failure.layer.rateAbout',
        'How often GPUs of this fleet failed, raised by what happened to a GPU before. No learned model has proven better.',
      ),
    }),
    learned: () => ({
      name: t('failure.layer.learned', 'Learned model'),
      about: t(
        'failure.layer.learnedAbout',
        'Trained on the history of this fleet, and proven better than its rates on times that it did not know.',
      ),
    }),
  };
  return texts[layer]();
}

export function severityText(severity: Severity): string {
  const texts: Readonly<Record<Severity, () => string>> = {
    act_now: () => t('failure.severity.actNow', 'Act now'),
    next_window: () => t('failure.severity.nextWindow', 'Next window'),
    raised_risk: () => t('failure.severity.raised', 'Raised risk'),
  };
  return texts[severity]();
}

/** What to do, as short as it fits into a table. */
export function actionText(action: Advice['action']): string {
  const texts: Readonly<Record<Advice['action'], () => string>> = {
    contact_support: () => t('failure.action.support', 'Run the field diagnostic, ask for a replacement'),
    restart_node: () => t('failure.action.restartNode', 'Drain and reboot the node'),
    drain: () => t('failure.action.drain', 'Drain the node'),
    reset_gpu: () => t('failure.action.reset', 'Reset the GPU at the next window'),
    restart_app: () => t('failure.action.restartApp', 'Start the job again'),
    investigate: () => t('failure.action.investigate', 'Look into it now'),
    watch: () => t('failure.action.watch', 'Have a look, plan ahead'),
    none: () => t('failure.action.none', 'Nothing to do'),
  };
  return texts[action]();
}

/** What the action means for people who do it. */
export function actionSteps(action: Advice['action']): string {
  const texts: Readonly<Record<Advice['action'], () => string>> = {
    contact_support: () =>
      t(
        'failure.steps.support',
        'Move work away from the GPU. Run the field diagnostic; if it confirms the fault, send the GPU in. A rule that is met is the criterion of the maker, not a forecast.',
      ),
    restart_node: () =>
      t(
        'failure.steps.restartNode',
        'Let jobs of the node end or move, then reboot it. Only a reboot brings a lost GPU back.',
      ),
    drain: () =>
      t(
        'failure.steps.drain',
        'Let no new jobs start on the node. When it is empty, reset the GPU and run a diagnostic.',
      ),
    reset_gpu: () =>
      t(
        'failure.steps.reset',
        'Work may go on. When the node is empty, reset the GPU with nvidia-smi --gpu-reset and look whether the sign is gone.',
      ),
    restart_app: () =>
      t('failure.steps.restartApp', 'The GPU contained the error to one process. Start that one again; others go on.'),
    investigate: () =>
      t(
        'failure.steps.investigate',
        'Look whether the node and its exporter answer: readings that vanish are how a lost GPU looks.',
      ),
    watch: () =>
      t(
        'failure.steps.watch',
        'It is among the likeliest of the fleet. Start long jobs elsewhere or save checkpoints more often, and run a diagnostic at the next window. Most GPUs with such a figure do not fail.',
      ),
    none: () =>
      t(
        'failure.steps.none',
        'No rule is met and the probability does not stand out. Put work that must not stop elsewhere first if you can choose.',
      ),
  };
  return texts[action]();
}

/** A rule in words: those of the service, or its name where Prometheus alone tells of it. */
export function ruleText({ rule, sentence }: RuleHit): string {
  if (sentence !== undefined) return sentence;
  const code = /^xid_(\d+)$/.exec(rule)?.[1];
  if (code !== undefined) return t('failure.rule.xid', 'XID {{code}} within the last week', { code });
  return ruleTexts[rule]?.() ?? rule.replaceAll('_', ' ');
}

const ruleTexts: Readonly<Record<string, () => string>> = {
  row_remap_failure: () => t('failure.rule.remapFailure', "Row remapping has failed: meets NVIDIA's RMA criterion"),
  row_remap_pending: () => t('failure.rule.remapPending', 'A memory row waits to be remapped'),
  row_remap_limit: () => t('failure.rule.remapLimit', 'As many rows are remapped as a GPU may have'),
  memory_unrepairable: () => t('failure.rule.unrepairable', 'The memory cannot be repaired'),
  sram_threshold: () => t('failure.rule.sram', 'Too many uncorrectable errors of the SRAM'),
  retired_pages: () => t('failure.rule.retiredPages', 'Too many memory pages are retired'),
  retirement_pending: () => t('failure.rule.retirementPending', 'Memory pages wait to be retired'),
  off_the_bus: () => t('failure.rule.offTheBus', 'The GPU is lost from the bus'),
  vanished_series: () => t('failure.rule.vanished', 'Its readings have vanished'),
  scrape_gaps: () => t('failure.rule.gaps', 'Half of its readings are missing'),
};
