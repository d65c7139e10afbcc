import { cmdbScrapeFile } from '../../cli/generate/cmdb-jobs.ts';

/** Scrape jobs whose targets come from the inventory. */
export function generatedCmdb(): readonly (readonly [path: string, text: string])[] {
  return [['deploy/generated/prometheus/scrape-cmdb.yml', cmdbScrapeFile()]];
}
