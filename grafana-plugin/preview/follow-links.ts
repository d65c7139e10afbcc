import { locationService } from '@grafana/runtime';

/** As in Grafana, plain links of this site change the page without loading all of it anew. */
export function followLinks(): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const href = link?.getAttribute('href');
    if (!isOwnPage(href) || link?.target === '_blank' || link?.hasAttribute('download')) return;
    event.preventDefault();
    locationService.push(href);
  });
}

function isOwnPage(href: string | null | undefined): href is string {
  return href?.startsWith('/') === true && !href.startsWith('/api/') && !href.startsWith('/public/');
}
