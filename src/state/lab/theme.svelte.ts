const KEY = 'vitrine-theme';
type Choice = 'system' | 'light' | 'dark';

/** Dark or light: kept in this browser, never in a link. */
export class Theme {
	choice = $state<Choice>('system');

	load(): void {
		const kept = localStorage.getItem(KEY);
		this.set(kept === 'light' || kept === 'dark' ? kept : 'system');
	}

	set(choice: Choice): void {
		this.choice = choice;
		if (choice === 'system') localStorage.removeItem(KEY);
		else localStorage.setItem(KEY, choice);
	}
}
