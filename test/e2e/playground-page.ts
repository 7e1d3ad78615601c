import type { Page } from '@playwright/test';

/** The playground's view, and what is read and pressed there. */

export const region = (page: Page) => page.getByRole('region', { name: 'Playground', exact: true });
export const text = (page: Page, id: string) => page.getByTestId(id).innerText();
export const number = async (page: Page, id: string) => Number((await text(page, id)).replace(/,/g, ''));
export const button = (page: Page, name: string | RegExp) => region(page).getByRole('button', { name, exact: true });
