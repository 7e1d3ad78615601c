/** What SvelteKit's router does to the address bar, where a test has no router. */
export const pushState = (url: string | URL): void => history.pushState({}, '', url);
export const replaceState = (url: string | URL): void => history.replaceState({}, '', url);
