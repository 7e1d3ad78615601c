/** What the page is doing, for who does not see it: one sentence or two, said once for all its parts. */

export interface PageState {
	status: 'loading' | 'busy' | 'ready' | 'error';
	/** Answers come many times a second: nobody could listen to that. */
	live: boolean;
	/** What the dimmed results are of: `of the previous input`. */
	old: readonly string[];
	/** What the model says, or empty. */
	prediction: string;
}

export function statusWords({ status, live, old, prediction }: PageState): string {
	if (live) return '';
	const shown = [...new Set(old)];
	const dimmed = shown.length ? ` What is dimmed is ${shown.join('; ')}.` : '';
	if (status === 'loading' || status === 'busy') return `Computing…${dimmed}`;
	// An error says itself.
	if (status === 'error') return '';
	return `Ready${prediction ? `: ${prediction}` : ''}.${dimmed}`;
}
