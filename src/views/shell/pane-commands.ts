import ArrowLeft from '@lucide/svelte/icons/arrow-left';
import ArrowRight from '@lucide/svelte/icons/arrow-right';
import LayoutDashboard from '@lucide/svelte/icons/layout-dashboard';
import Maximize from '@lucide/svelte/icons/maximize-2';
import SplitBelow from '@lucide/svelte/icons/square-split-vertical';
import SplitRight from '@lucide/svelte/icons/square-split-horizontal';
import X from '@lucide/svelte/icons/x';
import type { PaneState } from '#contracts/panes.ts';
import type { LabCommand } from './commands.ts';
import { layouts } from './layouts.ts';

/** What can be done to a pane now: for its menu, and for the palette, where it is the focused one. */
export function paneActions(panes: PaneState, pane?: string): Omit<LabCommand, 'group'>[] {
	const several = panes.ids.length > 1;
	return [
		...(panes.splits
			? [
					{ id: 'split right', title: 'Split right', icon: SplitRight, run: () => panes.split('h', pane) },
					{ id: 'split below', title: 'Split below', icon: SplitBelow, run: () => panes.split('v', pane) }
				]
			: []),
		...(several
			? [
					{ id: 'only pane', title: 'Only this pane', icon: Maximize, run: () => panes.only(pane) },
					{ id: 'close pane', title: 'Close this pane', icon: X, run: () => panes.close(pane) }
				]
			: [])
	];
}

/** The same for the palette, with the ready layouts and the ways from pane to pane. */
export function paneCommands(panes: PaneState): LabCommand[] {
	const several = panes.ids.length > 1;
	const steps: Omit<LabCommand, 'group'>[] = [
		{ id: 'next pane', title: 'Next pane', note: 'F6', icon: ArrowRight, run: () => panes.focusNext(1) },
		{ id: 'previous pane', title: 'Previous pane', note: 'Shift F6', icon: ArrowLeft, run: () => panes.focusNext(-1) }
	];
	return [
		...layouts.map(({ id, title, note, panes: text }) => ({
			id: `layout ${id}`,
			title: `Layout: ${title}`,
			note,
			icon: LayoutDashboard,
			run: () => panes.arrange(text)
		})),
		...paneActions(panes),
		...(several ? steps : [])
	].map((command) => ({ ...command, group: 'Panes' }));
}
