const KEY = 'vitrine-theme';
type Choice = 'system' | 'light' | 'dark';

/** Dark or light: kept in this browser, never in a link. */
class Theme {
	choice = $state<Choice>('system');

	load(): void {
		const kept = localStorage.getItem(KEY);
		this.set(kept === 'light' || kept === 'dark' ? kept : 'system');
	}

	set(choice: Choice): void {
		this.choice = choice;
		const { dataset } = document.documentElement;
		if (choice === 'system') {
			delete dataset['theme'];
			localStorage.removeItem(KEY);
		} else {
			dataset['theme'] = choice;
			localStorage.setItem(KEY, choice);
		}
	}
}

/** Of this page. */
export const theme = new Theme();
