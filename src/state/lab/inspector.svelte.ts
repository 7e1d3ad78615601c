const KEY = 'vitrine-inspector';

/** Whether the panels of model, input and prediction stand beside the view: kept in this browser, never in a link. */
export class Inspector {
	pinned = $state(true);

	load(): void {
		this.pinned = localStorage.getItem(KEY) !== 'closed';
	}

	set(pinned: boolean): void {
		this.pinned = pinned;
		if (pinned) localStorage.removeItem(KEY);
		else localStorage.setItem(KEY, 'closed');
	}
}
