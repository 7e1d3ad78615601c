import type { Attachment } from 'svelte/attachments';

const NAMED = ['section', 'nav', 'aside', 'form', '[role="region"]', '[role="search"]']
	.map((landmark) => `${landmark}[aria-label]`)
	.join(', ');

/**
 * Parts of a page are told by their names: where the same view stands twice, those of one pane say which they are of.
 * It stands within that pane.
 */
export const toldApart =
	(name: string): Attachment<HTMLElement> =>
	(within) => {
		const element = within.closest('[data-view]');
		if (!element) return;
		const end = `, ${name}`;
		const tell = () => {
			for (const part of element.querySelectorAll(NAMED)) {
				const label = part.getAttribute('aria-label') ?? '';
				if (!label.endsWith(end)) part.setAttribute('aria-label', label + end);
			}
		};
		tell();
		const observer = new MutationObserver(tell);
		observer.observe(element, { subtree: true, childList: true, attributeFilter: ['aria-label'] });
		return () => observer.disconnect();
	};
