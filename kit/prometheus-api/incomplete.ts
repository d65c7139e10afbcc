/**
 * What a store said of an answer in which something is missing, '' where it only marked it so; undefined for a whole one. Infos of Prometheus are about
 * the query and not about the data.
 */
export function saidIncomplete({
  warnings,
  partial,
}: {
  readonly warnings: readonly string[];
  readonly partial: boolean;
}): string | undefined {
  const [warning] = warnings.filter((each) => !each.startsWith('PromQL info'));
  return warning?.slice(0, 200) ?? (partial ? '' : undefined);
}
