import type { Attachment } from 'svelte/attachments';

/** @param set gets the pixels from the element's top to the foot of the pane that scrolls it, at every change of either */
export function restHeight(set: (pixels: number) => void): Attachment<HTMLElement> {
	return (element) => {
		const pane = element.closest('main') ?? document.documentElement;
		const measure = () => {
			const top = element.getBoundingClientRect().top - pane.getBoundingClientRect().top + pane.scrollTop;
			set(Math.max(0, pane.clientHeight - top));
		};
		const observer = new ResizeObserver(measure);
		for (const one of [pane, element, element.previousElementSibling]) if (one) observer.observe(one);
		return () => observer.disconnect();
	};
}
