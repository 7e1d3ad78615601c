/** A static page that draws itself in the browser: there is nothing a server could know. */
export const ssr = false;
export const prerender = true;
