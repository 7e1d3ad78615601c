import Monitor from '@lucide/svelte/icons/monitor';
import Moon from '@lucide/svelte/icons/moon';
import Sun from '@lucide/svelte/icons/sun';

export const THEMES = [
	{ id: 'system', title: 'System', icon: Monitor },
	{ id: 'light', title: 'Light', icon: Sun },
	{ id: 'dark', title: 'Dark', icon: Moon }
] as const;
