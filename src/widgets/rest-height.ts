import type { Attachment } from 'svelte/attachments';

const paneOf = (element: Element) => element.closest('[data-view]') ?? document.documentElement;

/** @param set gets the height of the pane that the element stands in, at every change of it */
export function paneHeight(set: (pixels: number) => void): Attachment<HTMLElement> {
	return (element) => {
		const pane = paneOf(element);
		const observer = new ResizeObserver(() => set(pane.clientHeight));
		observer.observe(pane);
		return () => observer.disconnect();
	};
}

/** @param set gets the pixels from the element's top to the foot of the pane that scrolls it, at every change of either */
export function restHeight(set: (pixels: number) => void): Attachment<HTMLElement> {
	return (element) => {
		const pane = paneOf(element);
		const measure = () => {
			const top = element.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
			set(Math.max(0, pane.clientHeight - top));
		};
		const observer = new ResizeObserver(measure);
		for (const one of [pane, element, element.previousElementSibling]) if (one) observer.observe(one);
		return () => observer.disconnect();
	};
}
