import type { Attachment } from 'svelte/attachments';

/** A link that is followed on this page; another tab, or window, is the browser's. */
export function following(go: () => void): Attachment<HTMLAnchorElement> {
	return (link) => {
		const follow = (event: MouseEvent): void => {
			if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
			event.preventDefault();
			go();
		};
		link.addEventListener('click', follow);
		return () => link.removeEventListener('click', follow);
	};
}
